import type { JobErrorFacts, RetryPolicy, StopConditions } from '@nightshift/sdk';
import { createScheduler, policyOf, revisionOf, type Loaded, type LogOn, type MachineFacts, type Scheduler, type SchedulerEvent, type SchedulerParts, type SchedulerRequest } from '../src/index.ts';
import { Machine } from './machine.ts';
import { MemoryStore } from './memory-store.ts';
import { settled, SimulatedClock } from './simulated-clock.ts';

export const NOON = '2027-03-01T12:00:00.000Z';
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface Plan {
  readonly name: string;
  readonly key: string;
  readonly retry?: RetryPolicy;
  readonly stopConditions?: StopConditions;
}

/** A definition as a test writes it. */
export interface Written {
  readonly triggers: readonly (Readonly<Record<string, unknown>> & { readonly id?: number; readonly enabled?: boolean })[];
  readonly enabled?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly retry?: RetryPolicy;
  readonly stopConditions?: StopConditions;
}

/** A machine with a folder of definitions, a store, processes and a clock; and the scheduler that lives on it, if one does. */
export class World {
  readonly clock: SimulatedClock;
  readonly store = new MemoryStore();
  readonly machine = new Machine(this.store);
  readonly events: SchedulerEvent[] = [];
  readonly definitions = new Map<string, Loaded<Plan>>();
  logOns: LogOn[] = [];
  /** Somebody is renaming a definition, or taking one away. */
  isChanging = false;
  /** What the machine says of itself, and how often it was asked about its use. */
  facts: MachineFacts = { network: true, onBattery: false, idleFor: 0 };
  looks = 0;
  boot = 'boot-1';
  hindrance: JobErrorFacts | undefined;
  scheduler: Scheduler | undefined;
  /** Ends with the scheduler's run. */
  ended: Promise<unknown> = Promise.resolve();
  /** What ended it before its time. */
  failure: unknown;
  #seenBoot: string | undefined;
  #stop = new AbortController();
  #isAlive = { now: true };
  #changed: (name: string) => void = () => undefined;
  #instances = 0;

  constructor(now: string = NOON) {
    this.clock = new SimulatedClock(now);
    this.machine.now = () => this.clock.now().getTime();
  }

  /** Writes a file. */
  write(name: string, written: Written): void {
    const { triggers, enabled = true, options, retry, stopConditions } = written;
    const key = keyOf(name);
    const entries = triggers.map((entry, index) => ({ id: entry.id ?? index + 1, enabled: entry.enabled ?? true, revision: revisionOf(entry, 'UTC') }));
    this.definitions.set(name, { key, name, enabled, triggers: entries, policy: policyOf(options), plan: { name, key, ...(retry === undefined ? {} : { retry }), ...(stopConditions === undefined ? {} : { stopConditions }) } });
    this.#changed(name);
  }

  writeBroken(name: string): void {
    this.definitions.set(name, { key: keyOf(name), name, errors: [{ code: 'DefinitionSyntaxError', message: 'no' }] });
    this.#changed(name);
  }

  delete(name: string): void {
    this.definitions.delete(name);
    this.#changed(name);
  }

  /** Starts a scheduler. */
  async start(request: SchedulerRequest = {}): Promise<void> {
    this.#isAlive = { now: true };
    this.#stop = new AbortController();
    this.scheduler = createScheduler(this.#parts());
    this.#seenBoot = this.boot;
    this.ended = this.scheduler.run(request, this.#stop.signal);
    this.failure = undefined;
    this.ended.catch((cause: unknown) => (this.failure = cause));
    await settled();
  }

  /** As SIGTERM does. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  /** As SIGKILL does: wherever it is, it goes no further. */
  kill(): void {
    this.#isAlive.now = false;
    this.clock.forget();
    this.machine.forget();
    this.#changed = () => undefined;
  }

  async restart(): Promise<void> {
    this.kill();
    await this.start();
  }

  async pass(milliseconds: number): Promise<void> {
    await this.clock.pass(milliseconds);
    await settled();
  }

  said<E extends SchedulerEvent['event']>(event: E): Extract<SchedulerEvent, { event: E }>[] {
    return this.events.filter((one): one is Extract<SchedulerEvent, { event: E }> => one.event === event);
  }

  /** What became of due times: `12:00 Started`, `11:00 to 11:59 (60) misfire`; by day where that is another one than NOON's. */
  history(name: string, triggerId = 1): readonly string[] {
    const rows = this.store.rows.filter((row) => row.definition === keyOf(name) && row.triggerId === triggerId);
    return rows.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime()).map((row) => {
      const span = row.count === 1 ? time(row.dueAt) : `${time(row.dueAt)} to ${time(row.lastDueAt)} (${row.count})`;
      return `${span} ${row.word === 'Skipped' ? row.reason : row.word}`;
    });
  }

  clockOf(name: string, triggerId = 1) {
    return this.store.clockRows.get(`${triggerId} ${keyOf(name)}`);
  }

  #parts(): SchedulerParts<Plan> {
    const alive = this.#isAlive;
    const whileAlive = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (_, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...values: unknown[]) => (alive.now ? Reflect.apply(value, target, values) : new Promise(() => undefined));
        },
      });
    const now = (): Date => this.clock.now();
    const { definitions } = this;
    return {
      clock: { now, monotonic: () => this.clock.monotonic(), sleep: (milliseconds, signal) => (alive.now ? this.clock.sleep(milliseconds, signal) : new Promise(() => undefined)) },
      firings: whileAlive(this.store),
      engine: whileAlive(this.machine.engine()),
      definitions: {
        async *list() {
          yield* definitions.values();
        },
        find: async (names) => names.flatMap((name) => definitions.get(name) ?? []),
        keysOf: (name) => [keyOf(name)],
        alone: async (act) => (this.isChanging ? undefined : act()),
        watch: (signal) => this.#watch(signal),
      },
      events: { boot: this.boot, logOns: () => this.logOns },
      machine: {
        ask: async (asked) => {
          if (asked.has('idle')) this.looks += 1;
          return this.facts;
        },
      },
      sinceBoot: this.#seenBoot === this.boot,
      instances: ({ key, name, retry, stopConditions }, origin, { warnings, ...wait }) => {
        this.#instances += 1;
        const carries = `job-${this.#instances}`;
        const shared = { type: 'ScheduledJob', command: 'true', definition: { key, name, path: `${name}.yaml` } };
        const run = { carries, successExitCodes: [0], ...(retry === undefined ? {} : { retry }), ...(stopConditions === undefined ? {} : { stopConditions }), ...(warnings === undefined ? {} : { warnings }) } as never;
        return [{ ...shared, instanceId: carries, name, origin }, { type: 'BackgroundJob', command: 'true', instanceId: `run-${this.#instances}`, origin: { kind: 'parent' }, run, ...wait }];
      },
      report: (event) => {
        if (alive.now) this.events.push(event);
      },
      hindrance: () => this.hindrance,
      fatal: ['SchedulerAlreadyRunning'],
    };
  }

  async *#watch(signal: AbortSignal): AsyncGenerator<{ readonly name: string }> {
    const names: string[] = [];
    let wake: () => void = () => undefined;
    this.#changed = (name) => {
      names.push(name);
      wake();
    };
    signal.addEventListener('abort', () => wake());
    while (!signal.aborted) {
      const name = names.shift();
      if (name === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else yield { name };
    }
  }
}

/** Triggers. */
export const EVERY_MINUTE = { cron: '* * * * *' };
export const HOURLY = { cron: '0 * * * *' };
/** A definition whose jobs are never in each other's way. */
export const parallel = (triggers: Written['triggers'], options: object = {}): Written => ({ triggers, options: { multipleInstancePolicy: 'Parallel', maxParallel: 1_000, ...options } });

/** A world whose scheduler has run for a moment with one definition, Job. */
export async function worldWith(written: Written): Promise<World> {
  const world = new World();
  world.write('Job', written);
  await world.start();
  await world.pass(SECOND);
  return world;
}

/** The same, with a scheduler that was away for so long. */
export async function awayFor(milliseconds: number, written: Written): Promise<World> {
  const world = await worldWith(written);
  world.kill();
  await world.pass(milliseconds);
  await world.start();
  return world;
}

export function keyOf(name: string): string {
  return `ops/${name.toLowerCase()}`;
}

function time(instant: Date): string {
  const text = instant.toISOString();
  return `${text.startsWith(NOON.slice(0, 10)) ? '' : `${text.slice(0, 10)}T`}${text.slice(11, text.endsWith(':00.000Z') ? 16 : 19)}`;
}
