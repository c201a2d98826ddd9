import type { SchedulerEvent, SchedulerStatus } from '@nightshift/host';
import { systemClock } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { APPROVAL_OPTIONS } from '../options/approval.ts';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printWarning } from '../print/error.ts';
import { eventLines } from '../print/event-lines.ts';
import { writeJson } from '../print/json.ts';
import { forJournal, isJournal } from '../print/journal.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { counted, jsonOfEvent, priorityOf, textOfEvent } from '../print/scheduler-events.ts';
import { writeOut } from '../print/terminal.ts';
import { durationText, localTime } from '../print/time.ts';
import { openTelemetry } from '../telemetry/open-telemetry.ts';
import { durationOf, formatOf, type Surroundings, type Verb } from '../verb.ts';
import { definitionPathsOf, portOf, service } from './service.ts';

/** What only some of them take. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  run: ['once', 'until', 'drain', 'take-over', 'force', 'metrics-port'],
  status: [],
  install: ['name', 'metrics-port', 'print', 'system-for', 'what-if', 'confirm', 'yes'],
  uninstall: ['name', 'what-if', 'confirm', 'yes'],
};
const ACTIONS = Object.keys(OWN);
/** Nobody schedules. */
const NOT_READY = 1;

export const scheduler: Verb = {
  table: {
    name: 'scheduler',
    summary: 'fires triggers and starts their jobs, until it is told to stop',
    examples: ['nightshift scheduler run --definition-path jobs --once', 'nightshift scheduler install'],
    usage: ['run [--once] [--until WHEN] [--metrics-port PORT] [options]', 'install [--print] [options]', 'uninstall [options]', 'status [-o json]'],
    words: 1,
    completes: ACTIONS,
    options: {
      'definition-path': { kind: 'texts', value: 'FOLDER', help: 'which definitions; repeatable; default: configuration', completes: 'folder' },
      once: { kind: 'switch', help: 'fire what is due or missed, wait for those jobs, end' },
      until: { kind: 'text', value: 'WHEN', help: 'end at a time, or after a duration' },
      drain: { kind: 'text', value: 'DURATION', help: 'at the end wait so long for running jobs; they go on' },
      'metrics-port': { kind: 'text', value: 'PORT', help: 'metrics for Prometheus on 127.0.0.1; 0 is any free port' },
      name: { kind: 'text', value: 'NAME', help: 'name of the service; default: the namespace' },
      print: { kind: 'switch', help: 'show what install would write, and write nothing' },
      'system-for': { kind: 'text', value: 'SYSTEM', oneOf: ['linux', 'macos'], help: 'whose text --print shows; linux or macos; default: this one' },
      'take-over': { kind: 'switch', help: 'end what another machine left unfinished' },
      force: { kind: 'switch', help: 'accept a store on a network file system' },
      ...APPROVAL_OPTIONS,
      ...CONFIG_OPTION,
    },
  },
  async run(options, surroundings) {
    const [action = ''] = options.words;
    if (!ACTIONS.includes(action)) throw usage(action === '' ? 'MissingMandatoryParameter' : 'ParameterArgumentValidationError', action === '' ? 'say what to do: run, status, install or uninstall' : `the scheduler knows run, status, install and uninstall, not "${action}"`, 'nightshift scheduler run');
    refuseForeign(options, action);
    if (action === 'run') return runIt(options, surroundings);
    return action === 'status' ? showStatus(options, surroundings) : service(action as 'install' | 'uninstall', options, surroundings);
  },
};

function refuseForeign(options: Parsed, action: string): void {
  const other = Object.values(OWN).flat().find((name) => options.has(name) && OWN[action]?.includes(name) !== true);
  if (other === undefined) return;
  const owners = ACTIONS.filter((one) => OWN[one]?.includes(other));
  throw usage('InvalidParameterCombination', `--${other} belongs to ${owners.join(' and ')}, not to ${action}`);
}

async function runIt(options: Parsed, { host, voice }: Surroundings): Promise<number> {
  const format = formatOf(options, ['table', 'jsonl']);
  const [drain, metricsPort] = [durationOf(options, 'drain'), portOf(options)];
  const lines = eventLines(format === 'jsonl' ? jsonOfEvent : isJournal(process.env) ? journalText : textOfEvent);
  const scheduling = await host().scheduling();
  const telemetry = await openTelemetry((warning) => printWarning(voice, warning));
  const report = (event: SchedulerEvent): void => {
    telemetry?.firing(event, systemClock.now());
    lines.say(event);
  };
  await scheduling.run(
    {
      report,
      ...(telemetry === undefined ? {} : { onAttemptEnd: (end) => telemetry.attempt(end) }),
      once: options.isOn('once'),
      takeOver: options.isOn('take-over'),
      force: options.isOn('force'),
      ...(options.has('definition-path') ? { definitionPaths: definitionPathsOf(options) ?? [] } : {}),
      ...(options.has('until') ? { until: scheduling.readEnd(options.text('until') as string) } : {}),
      ...(drain === undefined ? {} : { drain }),
      ...(metricsPort === undefined ? {} : { metricsPort }),
    },
    untilStopped(),
  ).finally(() => {
    lines.flush();
    return telemetry?.flush();
  });
  return EXIT.done;
}

function journalText(event: SchedulerEvent, at: Date): string {
  return forJournal(textOfEvent(event, at), priorityOf(event));
}

/** SIGTERM and SIGINT end it in good order. */
function untilStopped(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

async function showStatus(options: Parsed, { host }: Surroundings): Promise<number> {
  const format = formatOf(options, ['table', 'json']);
  const status = await (await host().scheduling()).status(definitionPathsOf(options));
  if (format === 'json') writeJson(plain(status));
  else writeOut(linesOf(status).map((line) => `${sanitiseLine(line)}\n`).join(''));
  return status.state === 'ready' ? EXIT.done : NOT_READY;
}

function plain({ pid = null as never, since = null as never, nextDueAt = null as never, ...rest }: SchedulerStatus): object {
  const { state, store, definitions, triggers, lagMs, runningJobs, telling, engine } = rest;
  const { waiting, failed, lastFailure = null } = telling;
  return { apiVersion: 1, state, pid, since, store, definitions, triggers, nextDueAt, lagMs, runningJobs, telling: { waiting, failed, lastFailure }, ...(engine === undefined ? {} : { engine }) };
}

function linesOf({ state, pid, since, store, definitions, triggers, nextDueAt, lagMs, runningJobs, waiting, telling, engine }: SchedulerStatus): readonly string[] {
  const facts: readonly (readonly [string, string])[] = [
    ['scheduler', state === 'stopped' ? 'stopped' : engine === undefined ? `${state}, process ${pid}, since ${localTime(since as Date)}` : `${state}, ${engine.schedulers.join(', ')}`],
    ['store', store],
    ...(state === 'stopped' ? [] : [['definitions', `${definitions}, with ${counted(triggers, 'trigger')}`], ['next due', nextDueAt === undefined ? 'nothing' : localTime(nextDueAt)], ...(engine === undefined ? [['lateness', durationText(lagMs)] as const] : [])] as const),
    ['running', counted(runningJobs, 'job')],
    ...(engine?.workers ?? []).map(({ name, routes, slots, running, isHere, lastSeen }) => ['worker', `${name}, ${routes.join(',')}, ${running} of ${slots} slots${isHere ? '' : `; not seen since ${localTime(lastSeen)}`}`] as const),
    ...(waiting === 0 ? [] : [['waiting', `${counted(waiting, 'due time')} for an idle machine`]] as const),
    ...(telling.waiting === 0 ? [] : [['to tell', counted(telling.waiting, 'event')]] as const),
    ...(telling.lastFailure === undefined ? [] : [['not told', `${counted(telling.failed, 'event')}; last at ${localTime(telling.lastFailure.at)}, of ${telling.lastFailure.definition}: ${telling.lastFailure.problem}`]] as const),
  ];
  return facts.map(([name, value]) => `${name.padEnd(12)} ${value}`);
}
