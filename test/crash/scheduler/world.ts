// A user with definitions, a scheduler and a clock that the test drives. Everything of the product runs as a process of its
// own, in the build with failpoints; the effects are what the jobs themselves wrote, in files that the product never touches.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killHard, MARK, marked, until } from '../processes.ts';
import { ARMED, begin, expectNoTrace, newFolder, newStore, program, rows, run, type Ended, type RunningVerb, type Store, type VerbOptions } from '../product.ts';
import { GOES_ON, simulatedClock, type SimulatedClock } from './simulated-clock.ts';

/** One time that a job ran. */
export interface Effect {
  /** Milliseconds. */
  readonly due: number;
  readonly attempt: number;
  readonly pid: number;
  /** As the job wrote it. */
  readonly line: string;
}

/** What a definition file says beside its command. */
export interface DefinitionFacts {
  readonly triggers: readonly object[];
  readonly options?: object;
  readonly maxResultCount?: number;
  readonly enabled?: boolean;
  readonly description?: string;
  readonly timeZone?: string;
  /** Of effect.sh: behaviour and value. Default: ok. */
  readonly behaviour?: readonly string[];
  readonly program?: 'effect.sh' | 'effect.mjs';
  /** Further variables of the job, which its shim sees as well. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Another command, which leaves no effects. */
  readonly command?: readonly string[];
}

export interface World {
  readonly store: Store;
  readonly folder: string;
  /** Where its definitions lie. */
  readonly definitions: string;
  /** What every process of this world carries. */
  readonly mark: string;
  readonly clock: SimulatedClock;
  /** Further variables of all its processes. */
  readonly environment: Record<string, string>;
  define(name: string, facts: DefinitionFacts): void;
  effects(name: string): Effect[];
  scheduler(options?: SchedulerOptions): Scheduler;
  /** A verb with failpoints, under way. */
  verb(words: readonly string[], failpoints: string): Scheduler;
  /** A verb of the build with failpoints, by the world's clock, to its end. */
  ask(verb: string, ...args: readonly string[]): Promise<Ended>;
  /** Kills whatever of it is left. */
  end(): void;
}

export interface SchedulerOptions {
  readonly failpoints?: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs it below a shell, after these words: `ulimit -n 64`. */
  readonly after?: string;
}

export interface Scheduler {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly hasEnded: () => boolean;
  /** Resolves with the line `ready`, or false when it ended before. */
  ready(): Promise<boolean>;
  events(): SchedulerEvent[];
  errors(): string;
  kill(): Promise<Ended>;
  /** SIGTERM. */
  stop(): Promise<Ended>;
}

export interface SchedulerEvent {
  readonly event: string;
  readonly [key: string]: unknown;
}

let worlds = 0;

export function newWorld(wall: number, shared?: { readonly store?: Store; readonly clock?: SimulatedClock; readonly environment?: Readonly<Record<string, string>> }): World {
  const folder = newFolder();
  const definitions = join(folder, 'definitions');
  mkdirSync(definitions);
  const store = shared?.store ?? newStore();
  const clock = shared?.clock ?? simulatedClock(join(folder, 'clock'), wall);
  worlds += 1;
  const mark = `world-${worlds}-${process.pid}`;
  const variables: Record<string, string> = { NIGHTSHIFT_CLOCK: clock.path, NIGHTSHIFT_MIN_FREE: '1', ...shared?.environment };
  const options: VerbOptions = { mark, main: ARMED, failpoints: '', environment: variables };
  const effectFile = (name: string): string => join(folder, `effects-${name}`);
  return {
    store, folder, definitions, mark, clock, environment: variables,
    define(name, { behaviour = ['ok'], program: which = 'effect.sh', command, environment, ...facts }) {
      const words = which === 'effect.sh' ? ['/bin/sh', program(which)] : [process.execPath, program(which)];
      const text = JSON.stringify({ job: { command: command ?? [...words, effectFile(name), ...behaviour], environment: { [MARK]: mark, ...environment } }, timeZone: 'UTC', ...facts });
      writeFileSync(join(definitions, `${name}.json`), text, { mode: 0o600 });
    },
    effects: (name) => (existsSync(effectFile(name)) ? readFileSync(effectFile(name), 'utf8').split('\n').slice(0, -1).map(readEffect) : []),
    scheduler({ failpoints = '', args = [], environment, after } = {}) {
      const words = ['nightshift', 'scheduler', 'run', '--definition-path', definitions, '-o', 'jsonl', ...args];
      return watched(begin(store, words[0] as string, words.slice(1), { ...options, failpoints, environment: { ...options.environment, ...environment }, ...(after === undefined ? {} : { after }) }));
    },
    verb: (words, failpoints) => watched(begin(store, words[0] as string, words.slice(1), { ...options, failpoints })),
    ask: (verb, ...args) => run(store, verb, args, options),
    end() {
      for (const { pid } of marked(mark)) killHard(pid);
    },
  };
}

function readEffect(line: string): Effect {
  const [due = '', attempt, pid] = line.split(' ');
  return { due: Date.parse(due), attempt: Number(attempt), pid: Number(pid), line };
}

function watched(running: RunningVerb): Scheduler {
  let over = false;
  const ended = running.ended.then((end) => {
    over = true;
    expectNoTrace(end);
    return end;
  });
  // Who waits for it hears of it; a scheduler that nobody waits for is killed at the end of the test.
  ended.catch(() => {});
  const events = (): SchedulerEvent[] => eventsIn(running.errors());
  return {
    pid: running.pid, ended, events,
    errors: () => running.errors(),
    hasEnded: () => over,
    ready: async () => until('the scheduler is ready', () => (events().some(({ event }) => event === 'ready') ? 'ready' : over && 'ended'), () => running.errors()).then((what) => what === 'ready'),
    kill: () => signal(running, 'SIGKILL', ended),
    stop: () => signal(running, 'SIGTERM', ended),
  };
}

async function signal({ pid }: RunningVerb, name: NodeJS.Signals, ended: Promise<Ended>): Promise<Ended> {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
  return ended;
}

/** The whole lines of it that are JSON; a killed process may leave half a line. */
function eventsIn(text: string): SchedulerEvent[] {
  return text.split('\n').slice(0, -1).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as SchedulerEvent);
}

/** Unfinished jobs and their children, as the store has them. */
export function unfinished(world: World): { readonly id: number; readonly parentId: number | null; readonly name: string; readonly state: string; readonly notBefore: number | null; readonly queued: number | null }[] {
  return durable(world, "SELECT id, parentId, name, state, attempt, notBefore, queued, statusMessage FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped')");
}

/** How many triggers have something due that has no word yet; undefined while nobody has seen any. */
export function late(world: World): number | undefined {
  const [row] = durable<{ late: number | null }>(world, `SELECT sum(coalesce(nextDueAt <= ${world.clock.wall + GOES_ON}, 0)) AS late FROM trigger_clock`);
  return row?.late ?? undefined;
}

/** Waits until nothing that is due now is without its word. */
export async function decided(world: World, scheduler: Scheduler): Promise<void> {
  await until('everything that is due is decided', () => (late(world) ?? 0) === 0, () => [world.clock.wall, durable(world, 'SELECT definition, lastDueAt, nextDueAt FROM trigger_clock'), scheduler.errors().slice(-2_000)]);
}

/** Real milliseconds after which a minute goes by, if nothing else happens. */
const PATIENCE = 4_000;

/** Lets time go by for what waits for it, until nothing is unfinished; `onStep` hears each time that the clock has moved and everything is decided. */
export async function finished(world: World, scheduler: Scheduler, onStep: () => void = () => {}): Promise<void> {
  const waits = ({ notBefore, queued }: { notBefore: number | null; queued: number | null }): boolean => queued !== null || (notBefore ?? 0) > world.clock.wall;
  for (let minutes = 0; minutes < 60; minutes += 1) {
    await decided(world, scheduler);
    onStep();
    const since = performance.now();
    await until('what may run has run', () => ((left) => left.length === 0 || left.every(waits) || performance.now() > since + PATIENCE)(unfinished(world).filter(({ parentId }) => parentId !== null)));
    if (unfinished(world).length === 0) return;
    world.clock.advance(60_000);
  }
  throw new Error(`an hour went by, and still there is something unfinished: ${JSON.stringify([unfinished(world), scheduler.errors().slice(-2_000)])}`);
}

/** Rows of the durable database; none while nobody has made it. */
export function durable<T>({ store }: World, sql: string): T[] {
  const path = join(store.state, 'jobs.db');
  return existsSync(path) ? rows<T>(path, sql) : [];
}
