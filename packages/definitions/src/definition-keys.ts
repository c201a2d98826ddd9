/**
 * Every key of a definition file, as data: what is checked, what is suggested for a misspelt key, and what a JSON Schema says
 * all come from here. The part under `job` belongs to the job type, whose own schema is asked later.
 */

export type ValueRule =
  /** `like`: a pattern for the whole text, and how a person says it. */
  | { readonly is: 'text'; readonly filled?: true; readonly like?: { readonly pattern: string; readonly says: string } }
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
  /** What holds where the key is absent. Absent here too: nothing holds, or the description says what. */
  readonly default?: string | number | boolean | readonly [];
  /** A value that somebody may want, as YAML reads it; for the reference and for editors. */
  readonly example?: unknown;
  /** PowerShell's spelling of another key of the same map, whose value may be the opposite. */
  readonly means?: { readonly key: string; readonly opposite: boolean };
  /** Of an entry of `triggers`: has a meaning beside this kind alone. */
  readonly beside?: string;
}

export type Keys = Readonly<Record<string, KeyRule>>;

const MANY = Number.MAX_SAFE_INTEGER;
type Facts = Pick<KeyRule, 'default' | 'example'>;
const flag = (otherwise: boolean, description: string): KeyRule => ({ value: { is: 'boolean' }, description, default: otherwise, example: !otherwise });
const duration = (description: string, facts: Facts): KeyRule => ({ value: { is: 'duration' }, code: 'DurationInvalid', description, ...facts });
const count = (from: number, to: number, description: string, facts: Facts): KeyRule => ({ value: { is: 'integer', from, to }, description, ...facts });
const spelling = (key: string, opposite: boolean, description: string): KeyRule => ({ value: { is: 'boolean' }, means: { key, opposite }, description, example: true });
const kind = (description: string, keys: Keys, example: unknown, short?: string): KeyRule => ({
  value: { is: 'map', missing: 'TriggerInvalid', keys, ...(short === undefined ? {} : { short }) },
  code: 'TriggerInvalid',
  description,
  example,
});

/** As `worker run --route` takes it. */
const ROUTE = { pattern: '^[A-Za-z0-9][A-Za-z0-9._+-]{0,62}$', says: 'letters, digits and . _ + -, at most 63, the first a letter or a digit' } as const;
const AT: KeyRule = { value: { is: 'text', filled: true }, code: 'TriggerInvalid', required: true, description: 'Local time of day, or date and time.', example: '03:00' };
const INTERVAL = { value: { is: 'integer', from: 1, to: MANY }, code: 'TriggerInvalid', default: 1, example: 2 } as const;
const RANDOM_DELAY = duration('Each due time starts up to so much later; the same for everybody who computes it.', { example: '15m' });
const ZONE: KeyRule = { value: { is: 'timeZone' }, code: 'TimeZoneInvalid', description: 'IANA name of the zone in which times are read. Default: that of the file, of the configuration, of this machine, in this order.', example: 'Europe/Berlin' };

/** The kinds of a trigger (definition reference 3.2). */
export const TRIGGER_KINDS: Keys = {
  once: kind('At one instant, and again at an interval where one is given.', {
    at: { ...AT, description: 'Local date and time, or one with an offset.', example: '2026-12-24T18:00' },
    randomDelay: RANDOM_DELAY,
    repetitionInterval: duration('Repeat after so much time, at least one minute.', { example: '1h' }),
    repetitionDuration: duration('Repeat until so much time has passed since "at".', { example: '2d' }),
    repeatIndefinitely: flag(false, 'Repeat for ever.'),
  }, { at: '2026-12-24T18:00', repetitionInterval: '1h', repetitionDuration: '2d' }),
  daily: kind('At a time of day, every n days.', {
    at: AT,
    daysInterval: { ...INTERVAL, description: 'Every n days.' },
    randomDelay: RANDOM_DELAY,
  }, { at: '03:00', randomDelay: '15m' }),
  weekly: kind('At a time of day on certain days, every n weeks.', {
    at: AT,
    daysOfWeek: { value: { is: 'days' }, code: 'TriggerInvalid', required: true, description: 'Names, or 0 = Sunday to 6, or "*".', example: ['Monday', 'Friday'] },
    weeksInterval: { ...INTERVAL, description: 'Every n weeks.' },
    randomDelay: RANDOM_DELAY,
  }, { at: '23:00', daysOfWeek: ['Monday', 'Friday'] }),
  atStartup: kind('Once after each boot.', { randomDelay: RANDOM_DELAY }, { randomDelay: '5m' }),
  atLogOn: kind('Once for each new login session.', {
    user: { value: { is: 'text', filled: true }, code: 'TriggerInvalid', description: 'Whose; "*" is everybody.', default: '*', example: 'backup' },
    randomDelay: RANDOM_DELAY,
  }, { user: '*' }),
  cron: kind(
    'At the times of a cron expression.',
    { expression: { value: { is: 'text' }, code: 'CronExpressionInvalid', required: true, description: 'Five or six fields, or @daily and the like.', example: '*/15 8-18 * * 1-5' } },
    '*/15 8-18 * * 1-5',
    'expression',
  ),
  every: kind('Each time so much time has passed.', { duration: { ...duration('How much.', { example: '10m' }), required: true } }, '10m', 'duration'),
};

/** What an entry of `triggers` may carry beside its kind. */
export const TRIGGER_KEYS: Keys = {
  id: count(1, 2 ** 31 - 1, 'Number of the trigger. Default: its position.', { example: 7 }),
  enabled: flag(true, 'Whether it fires.'),
  timeZone: ZONE,
  randomDelay: RANDOM_DELAY,
  dayMatch: { value: { is: 'word', words: ['or', 'and'] }, description: 'Of cron: whether one restricted day field is enough (or) or both must match (and).', default: 'or', example: 'and', beside: 'cron' },
};

/** The keys under `options` (definition reference 6). */
export const OPTION_KEYS: Keys = {
  multipleInstancePolicy: {
    description: 'What to do while an earlier run goes on.',
    default: 'IgnoreNew',
    example: 'Queue',
    value: { is: 'word', words: ['IgnoreNew', 'Parallel', 'Queue', 'StopExisting'], instead: { none: 'write IgnoreNew, which is what None does in PowerShell' } },
  },
  maxParallel: count(1, MANY, 'Cap of the policy Parallel.', { default: 10, example: 3 }),
  queueLimit: count(1, MANY, 'Length of the queue of the policy Queue.', { default: 1, example: 2 }),
  catchUp: {
    description: 'What to do about due times that were missed. Default: the newest is caught up.',
    example: { policy: 'latest', window: '12h' },
    value: {
      is: 'map',
      keys: {
        policy: { value: { is: 'word', words: ['skip', 'latest', 'all'] }, required: true, default: 'latest', description: 'None of them, the newest, or all.', example: 'all' },
        window: duration('How old a missed due time may be. Default: 24h of the policy all, else any age.', { example: '12h' }),
        limit: count(1, 10_000, 'How many are caught up at most.', { default: 100, example: 10 }),
      },
    },
  },
  timeout: duration('How long a run may take. Default: as long as it wants.', { example: '30m' }),
  gracePeriod: duration('Time between the request to stop and the kill.', { default: '10s', example: '30s' }),
  retry: {
    description: 'Further attempts after a failure.',
    example: { limit: 2, delay: '1m' },
    value: {
      is: 'map',
      keys: {
        limit: count(0, 10_000, 'How many.', { default: 0, example: 2 }),
        delay: duration('Before the first one.', { default: '10s', example: '1m' }),
        factor: { value: { is: 'number', from: 1, to: 1_000 }, description: 'By which the delay grows each time.', default: 2, example: 1.5 },
        maxDelay: duration('Longest delay.', { default: '10m', example: '1h' }),
        onInterrupted: flag(false, 'Also after a run that was cut off.'),
      },
    },
  },
  doNotAllowDemandStart: flag(false, 'Forbids --run-now.'),
  runWithoutNetwork: flag(true, 'False: a due time is skipped while there is no network.'),
  requireNetwork: spelling('runWithoutNetwork', true, 'The opposite of runWithoutNetwork.'),
  startIfOnBatteries: flag(false, 'False: a due time is skipped while the machine is on battery.'),
  startIfOnBattery: spelling('startIfOnBatteries', false, 'The same as startIfOnBatteries.'),
  stopIfGoingOnBatteries: flag(true, 'Stops the run when the machine goes on battery, reason condition.'),
  continueIfGoingOnBattery: spelling('stopIfGoingOnBatteries', true, 'The opposite of stopIfGoingOnBatteries.'),
  startIfNotIdle: flag(true, 'False: a due time waits until the machine is idle.'),
  startIfIdle: spelling('startIfNotIdle', true, 'The opposite of startIfNotIdle.'),
  idleDuration: duration('How long the machine must have been idle.', { default: '10m', example: '30m' }),
  idleTimeout: duration('How long to wait for that.', { default: '1h', example: '2h' }),
  stopIfGoingOffIdle: flag(false, 'Stops the run when the machine becomes busy.'),
  restartOnIdleResume: flag(false, 'Starts another job for what was stopped so, when the machine is idle again.'),
  wakeToRun: flag(false, 'Wakes the machine, where the scheduler may set its alarm.'),
  showInTaskScheduler: flag(true, 'False: left out of "nightshift next" and the dashboard.'),
  hideInTaskScheduler: spelling('showInTaskScheduler', true, 'The opposite of showInTaskScheduler.'),
  runElevated: {
    description: 'Must be false: a run has the rights of its user.',
    default: false,
    example: false,
    value: { is: 'boolean', refused: { value: true, code: 'RunElevatedNotSupported', because: 'Nightshift never changes the user' } },
  },
  onUnknownCondition: { value: { is: 'word', words: ['run', 'skip'] }, description: 'What to do when a condition cannot be evaluated here.', default: 'run', example: 'skip' },
  route: { value: { is: 'text', filled: true, like: ROUTE }, description: 'Which workers of an engine may run it: those of this route. Without an engine it says nothing.', default: 'default', example: 'gpu' },
  cap: {
    description: 'How many runs go on at once, on all workers of an engine together. Default: any number; without an engine it says nothing.',
    example: { key: 'licence', limit: 2 },
    value: {
      is: 'map',
      keys: {
        key: { value: { is: 'text', filled: true, like: ROUTE }, required: true, description: 'What is scarce; runs of all definitions that name it count together.', example: 'licence' },
        limit: count(1, 10_000, 'How many at most.', { default: 1, example: 2 }),
      },
    },
  },
  outputLimit: { value: { is: 'size' }, description: 'How much output of a run is kept. Default: all.', example: '200MB' },
};

/** The keys of a file (definition reference 2.6). */
export const DEFINITION_KEYS: Keys = {
  type: { value: { is: 'text', filled: true }, description: 'Job type of the definition.', default: 'ScheduledJob', example: 'ScheduledJob' },
  description: { value: { is: 'text' }, description: 'For people.', default: '', example: 'Nightly snapshot' },
  job: { value: { is: 'anyMap' }, required: true, description: 'What to run; the keys are those of the job type.', example: { command: ['node', 'backup.mjs'] } },
  triggers: {
    description: 'When to run.',
    default: [],
    example: [{ cron: '0 3 * * *' }],
    code: 'TriggerInvalid',
    value: { is: 'list', code: 'TriggerInvalid', of: { is: 'oneKind', kinds: TRIGGER_KINDS, keys: TRIGGER_KEYS } },
  },
  timeZone: ZONE,
  options: { value: { is: 'map', keys: OPTION_KEYS }, description: 'How to run.', example: { timeout: '30m' } },
  maxResultCount: { ...count(1, MANY, 'How many finished runs are kept.', { default: 32, example: 12 }), code: 'InvalidMaxResultCount' },
  enabled: flag(true, 'Whether triggers fire.'),
};

/** Keys that are often written one level too high, and where they belong. The names under `job` serve this hint only. */
export const BELONGS_TO: Readonly<Record<string, readonly string[]>> = {
  job: ['command', 'scriptBlock', 'filePath', 'argumentList', 'initializationScript', 'workingDirectory', 'environment', 'secrets', 'shell', 'runtime', 'inputObject', 'successExitCodes', 'outputFormat'],
  options: Object.keys(OPTION_KEYS),
  triggers: Object.keys(TRIGGER_KINDS),
};
