import type { SchedulerEvent, SchedulerStatus } from '@nightshift/host';
import { systemClock } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { writeJson } from '../print/json.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { counted, jsonOfEvent, textOfEvent } from '../print/scheduler-events.ts';
import { writeError, writeOut } from '../print/terminal.ts';
import { durationText, localTime } from '../print/time.ts';
import { durationOf, formatOf, type Surroundings, type Verb } from '../verb.ts';

const ACTIONS = ['run', 'status'] as const;
/** Nobody schedules. */
const NOT_READY = 1;

export const scheduler: Verb = {
  table: {
    name: 'scheduler',
    summary: 'fires triggers and starts their jobs, until it is told to stop',
    examples: ['nightshift scheduler run', 'nightshift scheduler run --definition-path jobs --once', 'nightshift scheduler status'],
    usage: ['run [options]', 'status [-o json]'],
    words: 1,
    completes: ACTIONS,
    options: {
      'definition-path': { kind: 'texts', value: 'FOLDER', help: 'which definitions; repeatable; default: configuration', completes: 'folder' },
      once: { kind: 'switch', help: 'fire what is due or missed, wait for those jobs, end' },
      until: { kind: 'text', value: 'WHEN', help: 'end at a time, or after a duration' },
      drain: { kind: 'text', value: 'DURATION', help: 'at the end wait so long for running jobs; they go on' },
      'take-over': { kind: 'switch', help: 'end what another machine left unfinished' },
      force: { kind: 'switch', help: 'accept a store on a network file system' },
      ...CONFIG_OPTION,
    },
  },
  async run(options, surroundings) {
    const [action = ''] = options.words;
    if (action === 'run') return runIt(options, surroundings);
    if (action === 'status') return showStatus(options, surroundings);
    throw usage(action === '' ? 'MissingMandatoryParameter' : 'ParameterArgumentValidationError', action === '' ? 'say what to do: run or status' : `the scheduler knows run and status, not "${action}"`, 'nightshift scheduler run');
  },
};

async function runIt(options: Parsed, { host }: Surroundings): Promise<number> {
  const format = formatOf(options, ['table', 'jsonl']);
  const drain = durationOf(options, 'drain');
  const report = inOneWrite((event: SchedulerEvent) => (format === 'jsonl' ? jsonOfEvent : textOfEvent)(event, systemClock.now()));
  const scheduling = await host().scheduling();
  await scheduling.run(
    {
      report,
      once: options.isOn('once'),
      takeOver: options.isOn('take-over'),
      force: options.isOn('force'),
      ...(options.has('definition-path') ? { definitionPaths: foldersOf(options) ?? [] } : {}),
      ...(options.has('until') ? { until: scheduling.readEnd(options.text('until') as string) } : {}),
      ...(drain === undefined ? {} : { drain }),
    },
    untilStopped(),
  );
  return EXIT.done;
}

/** What is said at one moment is written at once: ten thousand due times in a second are not to wait for each other's lines. */
function inOneWrite<T>(textOf: (value: T) => string): (value: T) => void {
  let text = '';
  return (value) => {
    if (text === '') {
      queueMicrotask(() => {
        writeError(text);
        text = '';
      });
    }
    text += textOf(value);
  };
}

/** An empty text, as of a variable that is not set, would be the working directory: a scheduler of nothing, for ever. */
function foldersOf(options: Parsed): readonly string[] | undefined {
  const folders = options.list('definition-path');
  if (folders?.includes('') === true) throw usage('ParameterArgumentValidationError', '--definition-path is empty');
  return folders;
}

/** SIGTERM and SIGINT end it in good order. */
function untilStopped(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

/** What only `run` takes. */
const OF_RUN = ['once', 'until', 'drain', 'take-over', 'force'];

async function showStatus(options: Parsed, { host }: Surroundings): Promise<number> {
  const other = OF_RUN.find((name) => options.has(name));
  if (other !== undefined) throw usage('InvalidParameterCombination', `--${other} belongs to run; status only looks`);
  const format = formatOf(options, ['table', 'json']);
  const status = await (await host().scheduling()).status(foldersOf(options));
  if (format === 'json') writeJson(plain(status));
  else writeOut(linesOf(status).map((line) => `${sanitiseLine(line)}\n`).join(''));
  return status.state === 'ready' ? EXIT.done : NOT_READY;
}

function plain({ pid = null as never, since = null as never, nextDueAt = null as never, ...rest }: SchedulerStatus): object {
  const { state, store, definitions, triggers, lagMs, runningJobs, telling } = rest;
  const { waiting, failed, lastFailure = null } = telling;
  return { apiVersion: 1, state, pid, since, store, definitions, triggers, nextDueAt, lagMs, runningJobs, telling: { waiting, failed, lastFailure } };
}

function linesOf({ state, pid, since, store, definitions, triggers, nextDueAt, lagMs, runningJobs, telling }: SchedulerStatus): readonly string[] {
  const facts: readonly (readonly [string, string])[] = [
    ['scheduler', state === 'stopped' ? 'stopped' : `${state}, process ${pid}, since ${localTime(since as Date)}`],
    ['store', store],
    ...(state === 'stopped' ? [] : [['definitions', `${definitions}, with ${counted(triggers, 'trigger')}`], ['next due', nextDueAt === undefined ? 'nothing' : localTime(nextDueAt)], ['lateness', durationText(lagMs)]] as const),
    ['running', counted(runningJobs, 'job')],
    ...(telling.waiting === 0 ? [] : [['to tell', counted(telling.waiting, 'event')]] as const),
    ...(telling.lastFailure === undefined ? [] : [['not told', `${counted(telling.failed, 'event')}; last at ${localTime(telling.lastFailure.at)}, of ${telling.lastFailure.definition}: ${telling.lastFailure.problem}`]] as const),
  ];
  return facts.map(([name, value]) => `${name.padEnd(12)} ${value}`);
}
