import type { WorkerEvent, WorkerView } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { isJournal, forJournal } from '../print/journal.ts';
import { writeJson } from '../print/json.ts';
import { eventLines } from '../print/event-lines.ts';
import { printTable, type Column } from '../print/table.ts';
import { localTime } from '../print/time.ts';
import { jsonOfWorker, priorityOfWorker, textOfWorker } from '../print/worker-events.ts';
import { durationOf, formatOf, type Surroundings, type Verb } from '../verb.ts';

const ACTIONS: readonly string[] = ['run', 'list', 'status'];
/** What only `run` takes. */
const OF_RUN: readonly string[] = ['route', 'slots', 'name', 'drain', 'once'];

export const worker: Verb = {
  table: {
    name: 'worker',
    summary: 'runs jobs of an engine on this machine, until it is told to stop',
    examples: ['nightshift worker run --route linux,gpu --slots 8', 'nightshift worker list'],
    usage: ['run [options]', 'list [-o json]'],
    words: 1,
    completes: ['run', 'list'],
    options: {
      route: { kind: 'list', value: 'ROUTE', help: 'which jobs: those of these routes; default: default' },
      slots: { kind: 'text', value: 'COUNT', help: 'how many jobs at a time; default 8' },
      name: { kind: 'text', value: 'NAME', help: "name of this worker; default: the machine's" },
      once: { kind: 'switch', help: 'work until the queue is empty, then end' },
      drain: { kind: 'text', value: 'DURATION', help: 'wait so long at the end (the rest goes on for a lease); the next worker of this name takes it up, or stops it when it comes later than that' },
      ...CONFIG_OPTION,
    },
  },
  async run(options, surroundings) {
    const [action = ''] = options.words;
    if (!ACTIONS.includes(action)) throw usage(action === '' ? 'MissingMandatoryParameter' : 'ParameterArgumentValidationError', action === '' ? 'say what to do: run or list' : `a worker knows run and list, not "${action}"`, 'nightshift worker run');
    if (action === 'run') return runIt(options, surroundings);
    const other = OF_RUN.find((name) => options.has(name));
    if (other !== undefined) throw usage('InvalidParameterCombination', `--${other} belongs to run, not to ${action}`);
    return list(options, surroundings);
  },
};

async function runIt(options: Parsed, { host }: Surroundings): Promise<number> {
  const format = formatOf(options, ['table', 'jsonl']);
  const [drain, slots, name] = [durationOf(options, 'drain'), countOf(options, 'slots'), options.text('name')];
  const lines = eventLines<WorkerEvent>(format === 'jsonl' ? jsonOfWorker : isJournal(process.env) ? (event, at) => forJournal(textOfWorker(event, at), priorityOfWorker(event)) : textOfWorker);
  const workers = await host().workers();
  const request = { report: lines.say, once: options.isOn('once'), ...(drain === undefined ? {} : { drain }), ...(slots === undefined ? {} : { slots }), ...(name === undefined ? {} : { name }), ...routesOf(options) };
  await workers.run(request, untilStopped()).finally(lines.flush);
  return EXIT.done;
}

function routesOf(options: Parsed): { readonly routes?: readonly string[] } {
  const routes = options.list('route');
  return routes === undefined ? {} : { routes: [...new Set(routes)] };
}

/** Digits only; what is no count is refused by the host. */
function countOf(options: Parsed, name: string): number | undefined {
  const text = options.text(name);
  return text === undefined ? undefined : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}

/** SIGTERM and SIGINT end it in good order. */
function untilStopped(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

/** One that is gone may come back; what it ran is the others' by then. */
const stateOf = ({ isHere }: Pick<WorkerView, 'isHere'>): string => (isHere ? 'here' : 'gone');

const COLUMNS: readonly Column<WorkerView>[] = [
  ['Name', ({ name }) => name],
  ['State', stateOf],
  ['Routes', ({ routes }) => routes.join(','), { givesWay: 1 }],
  ['Slots', ({ slots }) => String(slots)],
  ['Running', ({ running }) => String(running)],
  ['LastSeen', ({ lastSeen }) => localTime(lastSeen)],
];

async function list(options: Parsed, { host }: Surroundings): Promise<number> {
  const format = formatOf(options, ['table', 'json']);
  const workers = await (await host().workers()).list();
  if (format === 'json') writeJson(workers.map(({ name, isHere, routes, slots, running, lastSeen }) => ({ apiVersion: 1, name, state: stateOf({ isHere }), routes, slots, running, lastSeen })));
  else printTable(COLUMNS, workers);
  return EXIT.done;
}
