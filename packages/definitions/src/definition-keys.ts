/**
 * Every key of a definition file, as data: what is checked, what is suggested for a misspelt key, and what a JSON Schema says
 * all come from here. The part under `job` belongs to the job type, whose own schema is asked later.
 */

export type ValueRule =
  | { readonly is: 'text'; readonly filled?: true }
  | { readonly is: 'boolean'; readonly refused?: { readonly value: boolean; readonly code: string; readonly because: string } }
  | { readonly is: 'integer' | 'number'; readonly from: number; readonly to: number }
  | { readonly is: 'duration' }
  | { readonly is: 'size' }
  | { readonly is: 'timeZone' }
  /** One of these words in any case; `instead` has a hint for words (in lower case) that people know from elsewhere. */
  | { readonly is: 'word'; readonly words: readonly string[]; readonly instead?: Readonly<Record<string, string>> }
  /** A scalar or a list of scalars, whose meaning the scheduler knows. */
  | { readonly is: 'days' }
  | { readonly is: 'anyMap' }
  /** `short`: a scalar stands for a map with this key. `missing`: code where a required key is absent, default DefinitionKeyMissing. */
  | { readonly is: 'map'; readonly keys: Keys; readonly short?: string; readonly missing?: string }
  /** A map with exactly one of `kinds`, beside any of `keys`. */
  | { readonly is: 'oneKind'; readonly kinds: Keys; readonly keys: Keys }
  | { readonly is: 'list'; readonly of: ValueRule; readonly code?: string };

export interface KeyRule {
  readonly value: ValueRule;
  readonly description: string;
  /** Of a complaint about the value. Default `DefinitionValueInvalid`. */
  readonly code?: string;
  readonly required?: true;
  /** PowerShell's spelling of another key of the same map, whose value may be the opposite. */
  readonly means?: { readonly key: string; readonly opposite: boolean };
}

export type Keys = Readonly<Record<string, KeyRule>>;

const MANY = Number.MAX_SAFE_INTEGER;
const flag = (description: string): KeyRule => ({ value: { is: 'boolean' }, description });
const duration = (description: string): KeyRule => ({ value: { is: 'duration' }, code: 'DurationInvalid', description });
const count = (from: number, to: number, description: string): KeyRule => ({ value: { is: 'integer', from, to }, description });
const spelling = (key: string, opposite: boolean, description: string): KeyRule => ({ value: { is: 'boolean' }, means: { key, opposite }, description });
const kind = (description: string, keys: Keys, short?: string): KeyRule => ({
  value: { is: 'map', missing: 'TriggerInvalid', keys, ...(short === undefined ? {} : { short }) },
  code: 'TriggerInvalid',
  description,
});

const AT: KeyRule = { value: { is: 'text', filled: true }, code: 'TriggerInvalid', required: true, description: 'Local time of day, or date and time.' };
const INTERVAL = { value: { is: 'integer', from: 1, to: MANY }, code: 'TriggerInvalid' } as const;
const RANDOM_DELAY = duration('Each due time starts up to so much later; the same for everybody who computes it.');
const ZONE: KeyRule = { value: { is: 'timeZone' }, code: 'TimeZoneInvalid', description: 'IANA name of the zone in which times are read.' };

/** The kinds of a trigger (definition reference 3.2). */
export const TRIGGER_KINDS: Keys = {
  once: kind('At one instant, and again at an interval where one is given.', {
    at: AT,
    randomDelay: RANDOM_DELAY,
    repetitionInterval: duration('Repeat after so much time, at least one minute.'),
    repetitionDuration: duration('Repeat until so much time has passed since "at".'),
    repeatIndefinitely: flag('Repeat for ever.'),
  }),
  daily: kind('At a time of day, every n days.', {
    at: AT,
    daysInterval: { ...INTERVAL, description: 'Every n days.' },
    randomDelay: RANDOM_DELAY,
  }),
  weekly: kind('At a time of day on certain days, every n weeks.', {
    at: AT,
    daysOfWeek: { value: { is: 'days' }, code: 'TriggerInvalid', required: true, description: 'Names, or 0 = Sunday to 6, or "*".' },
    weeksInterval: { ...INTERVAL, description: 'Every n weeks.' },
    randomDelay: RANDOM_DELAY,
  }),
  atStartup: kind('Once after each boot.', { randomDelay: RANDOM_DELAY }),
  atLogOn: kind('Once for each new login session.', {
    user: { value: { is: 'text', filled: true }, code: 'TriggerInvalid', description: 'Whose; "*" is everybody.' },
    randomDelay: RANDOM_DELAY,
  }),
  cron: kind(
    'At the times of a cron expression.',
    { expression: { value: { is: 'text' }, code: 'CronExpressionInvalid', required: true, description: 'Five or six fields, or @daily and the like.' } },
    'expression',
  ),
  every: kind('Each time so much time has passed.', { duration: { ...duration('How much.'), required: true } }, 'duration'),
};

/** What an entry of `triggers` may carry beside its kind. */
export const TRIGGER_KEYS: Keys = {
  id: count(1, MANY, 'Number of the trigger. Default: its position.'),
  enabled: flag('Whether it fires. Default true.'),
  timeZone: ZONE,
  randomDelay: RANDOM_DELAY,
  dayMatch: { value: { is: 'word', words: ['or', 'and'] }, description: 'Of cron: whether one restricted day field is enough (or) or both must match (and).' },
};

/** The keys under `options` (definition reference 6). */
export const OPTION_KEYS: Keys = {
  multipleInstancePolicy: {
    description: 'What to do while an earlier run goes on. Default IgnoreNew.',
    value: { is: 'word', words: ['IgnoreNew', 'Parallel', 'Queue', 'StopExisting'], instead: { none: 'write IgnoreNew, which is what None does in PowerShell' } },
  },
  maxParallel: count(1, MANY, 'Cap of the policy Parallel. Default 10.'),
  queueLimit: count(1, MANY, 'Length of the queue of the policy Queue. Default 1.'),
  catchUp: {
    description: 'What to do about due times that were missed.',
    value: {
      is: 'map',
      keys: {
        policy: { value: { is: 'word', words: ['skip', 'latest', 'all'] }, required: true, description: 'None of them, the newest, or all.' },
        window: duration('How old a missed due time may be.'),
        limit: count(1, 10_000, 'How many are caught up at most. Default 100.'),
      },
    },
  },
  timeout: duration('How long a run may take. Default: as long as it wants.'),
  gracePeriod: duration('Time between the request to stop and the kill. Default 10s.'),
  retry: {
    description: 'Further attempts after a failure.',
    value: {
      is: 'map',
      keys: {
        limit: count(0, 10_000, 'How many. Default 0.'),
        delay: duration('Before the first one. Default 10s.'),
        factor: { value: { is: 'number', from: 1, to: 1_000 }, description: 'By which the delay grows each time. Default 2.' },
        maxDelay: duration('Longest delay. Default 10m.'),
        onInterrupted: flag('Also after a run that was cut off. Default false.'),
      },
    },
  },
  doNotAllowDemandStart: flag('Forbids --run-now. Default false.'),
  runWithoutNetwork: flag('Default true.'),
  requireNetwork: spelling('runWithoutNetwork', true, 'The opposite of runWithoutNetwork.'),
  startIfOnBatteries: flag('Default false.'),
  startIfOnBattery: spelling('startIfOnBatteries', false, 'The same as startIfOnBatteries.'),
  stopIfGoingOnBatteries: flag('Default true.'),
  continueIfGoingOnBattery: spelling('stopIfGoingOnBatteries', true, 'The opposite of stopIfGoingOnBatteries.'),
  startIfNotIdle: flag('Default true.'),
  startIfIdle: spelling('startIfNotIdle', true, 'The opposite of startIfNotIdle.'),
  idleDuration: duration('How long the machine must have been idle. Default 10m.'),
  idleTimeout: duration('How long to wait for that. Default 1h.'),
  stopIfGoingOffIdle: flag('Default false.'),
  restartOnIdleResume: flag('Default false.'),
  wakeToRun: flag('Wakes the machine where the system can. Default false.'),
  showInTaskScheduler: flag('False: left out of "nightshift next" and the dashboard. Default true.'),
  hideInTaskScheduler: spelling('showInTaskScheduler', true, 'The opposite of showInTaskScheduler.'),
  runElevated: {
    description: 'Must be false: a run has the rights of its user.',
    value: { is: 'boolean', refused: { value: true, code: 'RunElevatedNotSupported', because: 'Nightshift never changes the user' } },
  },
  onUnknownCondition: { value: { is: 'word', words: ['run', 'skip'] }, description: 'What to do when a condition cannot be evaluated here. Default run.' },
  outputLimit: { value: { is: 'size' }, description: 'How much output of a run is kept. Default: all.' },
};

/** The keys of a file (definition reference 2.6). */
export const DEFINITION_KEYS: Keys = {
  type: { value: { is: 'text', filled: true }, description: 'Job type of the definition. Default ScheduledJob.' },
  description: { value: { is: 'text' }, description: 'For people.' },
  job: { value: { is: 'anyMap' }, required: true, description: 'What to run; the keys are those of the job type.' },
  triggers: {
    description: 'When to run.',
    code: 'TriggerInvalid',
    value: { is: 'list', code: 'TriggerInvalid', of: { is: 'oneKind', kinds: TRIGGER_KINDS, keys: TRIGGER_KEYS } },
  },
  timeZone: ZONE,
  options: { value: { is: 'map', keys: OPTION_KEYS }, description: 'How to run.' },
  maxResultCount: { ...count(1, MANY, 'How many finished runs are kept. Default 32.'), code: 'InvalidMaxResultCount' },
  enabled: flag('Whether triggers fire. Default true.'),
};

/** Keys that are often written one level too high, and where they belong. The names under `job` serve this hint only. */
export const BELONGS_TO: Readonly<Record<string, readonly string[]>> = {
  job: ['command', 'scriptBlock', 'filePath', 'argumentList', 'initializationScript', 'workingDirectory', 'environment', 'secrets', 'shell', 'runtime', 'inputObject', 'successExitCodes', 'outputFormat'],
  options: Object.keys(OPTION_KEYS),
  triggers: Object.keys(TRIGGER_KINDS),
};
