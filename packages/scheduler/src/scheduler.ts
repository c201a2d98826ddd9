/**
 * The scheduler: one heap, one timer.
 *
 *     sleep until the next due time, run or look ─▶ due? ─▶ decide (pure) ─▶ fire (one transaction) ─▶ start what was decided
 *            ▲      at most 30 s at a time                                                                     │
 *            └─────────────────────────────────────────────────────────────────────────────────────────────────┘
 *
 * It owns nothing that a crash could lose: what is due follows from the clocks in the store, what runs from its rows and run
 * folders. Source: reliability specification 3.1, 5, 7, 8.
 */
import { createClockCheck, type ClockCheck } from './clock-check.ts';
import { fireDue } from './fire.ts';
import { load, reload } from './load.ts';
import type { Look } from './register.ts';
import type { JobRun } from './run-engine.ts';
import { createRuns, type Runs } from './runs.ts';
import type { Loaded, SchedulerParts } from './scheduler-parts.ts';
import { createSpread } from './spread.ts';
import { createTimetable, type Timetable } from './timetable.ts';
import type { LogOn } from './trigger-state.ts';
import { createTroubles, type Troubles } from './troubles.ts';
import { createWaitingBook } from './waiting.ts';
import { createWallWatch } from './wall-watch.ts';
import type { Works } from './works.ts';

export type { Loaded, ScheduledDefinitions, SchedulerParts } from './scheduler-parts.ts';

/** How long it works. */
export interface SchedulerRequest {
  /** Fire what is due now, wait for those runs, and end. Default false. */
  readonly once?: boolean;
  /** End at this instant. Default: when the signal fires. */
  readonly until?: Date;
}

/** What `status` shows. */
export interface SchedulerFacts {
  readonly state: 'starting' | 'ready';
  readonly definitions: number;
  readonly triggers: number;
  readonly nextDueAt?: Date;
  /** When the next of the definitions that ask for it wants the machine awake. */
  readonly nextWakeAt?: Date;
  /** By how much the last due time was late when it was decided, in milliseconds. */
  readonly lag: number;
  readonly running: number;
}

/** What is dearer to tell than the facts. */
export interface SchedulerInventory {
  /** Definitions whose file cannot be used as it is now. */
  readonly broken: number;
  /** Jobs that are decided and have no process yet. */
  readonly waiting: number;
  /** By the names of definitions; of two namespaces with one name the earlier. Without those of which nothing is foreseen. */
  readonly nextDueTimes: ReadonlyMap<string, Date>;
}

export interface Scheduler {
  facts(): SchedulerFacts;
  inventory(): SchedulerInventory;
  /** Works until the signal fires, or as `request` says. Throws what is fatal. */
  run(request: SchedulerRequest, signal: AbortSignal): Promise<void>;
  /** Waits until no run is left, at most so many milliseconds; starts none. True when none is. */
  drain(milliseconds: number): Promise<boolean>;
}

/** At least so often it looks at the clock, in milliseconds. Source: reliability specification, section 8. */
const LONGEST_SLEEP = 30_000;
/** Where a log-on is waited for nobody wants to wait for it long. */
const LOG_ON_SLEEP = 2_000;
/** Between two questions whether somebody else has written to the store. */
const OTHERS_PAUSE = 1_500;
const PAUSE_IN_TROUBLE = 1_000;
/** Between two looks at the end, at those that run. */
const DRAIN_PAUSE = 100;
/** Between two looks at a machine that somebody uses while due times wait until nobody does. */
const IDLE_PAUSE = 15_000;
/** Between two looks at definitions that somebody is renaming or taking away. */
const UNSETTLED_PAUSE = 100;
/** Changed names that are looked at before what is due has its turn. */
const CHANGES = 100;

export function createScheduler<Plan>(parts: SchedulerParts<Plan>): Scheduler {
  return new SchedulerLoop(parts);
}

/** How a round ended: `trouble` stood in its way, or decisions that others kept overtaking; `idle`: by such a clock nothing is done. */
type Round = 'done' | 'idle' | 'trouble';

class SchedulerLoop<Plan> implements Scheduler {
  readonly #works: Works<Plan>;
  readonly #runs: Runs;
  readonly #troubles: Troubles;
  readonly #clockCheck: ClockCheck;
  readonly #changed = new Set<string>();
  /** What was found at the start, until it has been held against the store: no clock may be right then, or no room. */
  #unloaded: readonly Loaded<Plan>[] | undefined;
  #state: SchedulerFacts['state'] = 'starting';
  #lag = 0;
  #nextRefresh = 0;
  #idleLook = 0;
  #nextQuestion = Infinity;
  #woken = new AbortController();
  #failure: { readonly cause: unknown } | undefined;
  /** As of this round: to look costs a file each. */
  #logOns: readonly LogOn[] | undefined;

  constructor(parts: SchedulerParts<Plan>) {
    const { clock, engine, machine, report, hindrance } = parts;
    this.#troubles = createTroubles(report, parts.fatal);
    this.#runs = createRuns({ clock, engine, machine, report, hindrance, troubles: this.#troubles, replaces: (job) => this.#replaces(job), wake: () => this.#wake(), fail: (cause) => this.#fail(cause) });
    const events = { ...parts.events, logOns: () => (this.#logOns ??= parts.events.logOns()) };
    this.#works = { ...parts, events, runs: this.#runs, timetable: createTimetable(events.boot), spread: createSpread(), waiting: createWaitingBook(), broken: new Set(), unsettled: new Set(), look: () => this.#look() };
    this.#clockCheck = createClockCheck(this.#works, createWallWatch(clock));
  }

  facts(): SchedulerFacts {
    const { timetable } = this.#works;
    const next = timetable.nextDueAt();
    return { state: this.#state, definitions: timetable.definitions, triggers: timetable.triggers, ...(next === Infinity ? {} : { nextDueAt: new Date(next) }), ...nextWakeIn(timetable), lag: this.#lag, running: this.#runs.running };
  }

  inventory(): SchedulerInventory {
    const { broken, timetable } = this.#works;
    const nextDueTimes = new Map<string, Date>();
    for (const { definition: key, nextDueAt } of timetable.clocks()) {
      const name = timetable.get(key)?.definition.name;
      if (name === undefined || nextDueAt === undefined) continue;
      const before = nextDueTimes.get(name);
      if (before === undefined || nextDueAt < before) nextDueTimes.set(name, nextDueAt);
    }
    return { broken: broken.size, waiting: this.#runs.waiting, nextDueTimes };
  }

  async run({ once = false, until }: SchedulerRequest, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const stop = (): void => {
      ending.abort();
      this.#wake();
    };
    signal.addEventListener('abort', stop, { once: true });
    // The watch begins before the first look: nothing that changes in between is overlooked.
    const watching = once ? undefined : this.#watch(ending.signal);
    try {
      this.#unloaded = await this.#list(signal);
      await this.#loop(once, until, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      ending.abort();
      await watching;
      await this.#runs.close();
    }
  }

  async drain(milliseconds: number): Promise<boolean> {
    const { clock } = this.#works;
    const end = clock.monotonic() + milliseconds;
    while (this.#runs.running > 0 && clock.monotonic() < end) {
      this.#woken = new AbortController();
      this.#throwFailure();
      await this.#runs.tick();
      if (this.#runs.running > 0) await this.#doze(Math.min(DRAIN_PAUSE, end - clock.monotonic()));
    }
    return this.#runs.running === 0;
  }

  async #loop(once: boolean, until: Date | undefined, signal: AbortSignal): Promise<void> {
    let isFired = false;
    while (!signal.aborted && !this.#isOver(until)) {
      const firesOn = !(once && isFired);
      const round = await this.#round(firesOn);
      if (round !== 'trouble') isFired = true;
      if (once && isFired && this.#runs.left === 0) break;
      if (!signal.aborted) await this.#sleep(round, firesOn ? this.#works.timetable.nextDueAt() : Infinity, until);
    }
    this.#works.report({ event: 'stopping', running: this.#runs.running });
  }

  /** What is there at the start. What is wrong with the folders themselves ends the scheduler. */
  async #list(signal: AbortSignal): Promise<readonly Loaded<Plan>[]> {
    const found: Loaded<Plan>[] = [];
    for await (const loaded of this.#works.definitions.list()) {
      if (signal.aborted) break;
      found.push(loaded);
    }
    return found;
  }

  /** What changed, what is due, what can be started. */
  async #round(fires: boolean): Promise<Round> {
    this.#woken = new AbortController();
    this.#logOns = undefined;
    this.#throwFailure();
    try {
      if (!(await this.#clockCheck.pass())) return 'idle';
      if (this.#unloaded !== undefined) await this.#load(this.#unloaded);
      const isLeft = await this.#work(fires);
      this.#troubles.pass('round');
      return isLeft ? 'trouble' : 'done';
    } catch (cause) {
      this.#troubles.meet('round', cause);
      return 'trouble';
    }
  }

  async #load(found: readonly Loaded<Plan>[]): Promise<void> {
    await load(this.#works, found);
    this.#unloaded = undefined;
    this.#state = 'ready';
    const { definitions, triggers, nextDueAt } = this.facts();
    this.#works.report({ event: 'ready', definitions, triggers, nextDueAt });
  }

  /** True when something that is due is left. */
  async #work(fires: boolean): Promise<boolean> {
    const { clock } = this.#works;
    const isReloaded = await this.#reloadIfPossible();
    if (this.#isRefreshDue(clock.monotonic())) {
      await this.#runs.refresh();
      this.#nextRefresh = clock.monotonic() + LONGEST_SLEEP;
    }
    const { lag, isLeft } = fires ? await fireDue(this.#works, this.#looksAtWaiting()) : { lag: undefined, isLeft: false };
    this.#lag = lag ?? this.#lag;
    await this.#runs.tick();
    return isLeft || !isReloaded;
  }

  /** What waits for an idle machine is looked at now and then, and when it has waited long enough. */
  #looksAtWaiting(): boolean {
    const { clock, waiting } = this.#works;
    if (waiting.size === 0 || this.#nextIdleLook(clock.now().getTime()) > clock.monotonic()) return false;
    this.#idleLook = clock.monotonic() + IDLE_PAUSE;
    return true;
  }

  /** By the monotonic clock; Infinity where nothing waits. */
  #nextIdleLook(now: number): number {
    const { clock, timetable, waiting } = this.#works;
    if (waiting.size === 0) return Infinity;
    const expiry = waiting.nextExpiry((key) => timetable.get(key)?.definition.policy.conditions);
    return Math.min(this.#idleLook, clock.monotonic() + Math.max(0, expiry - now));
  }

  #isRefreshDue(now: number): boolean {
    const { engine } = this.#works;
    if (engine.othersWrote === undefined) return now >= this.#nextRefresh;
    if (this.#nextQuestion !== Infinity && now < this.#nextQuestion) return now >= this.#nextRefresh;
    this.#nextQuestion = now + OTHERS_PAUSE;
    return engine.othersWrote() || now >= this.#nextRefresh;
  }

  /** A folder that is away must not keep the others from being fired: the last good versions go on. */
  async #reloadIfPossible(): Promise<boolean> {
    try {
      await this.#reload();
      this.#troubles.pass('reload');
      return true;
    } catch (cause) {
      this.#troubles.meet('reload', cause);
      return false;
    }
  }

  /** A name that changes while it is read is read again. */
  async #reload(): Promise<void> {
    const names = [...this.#changed].slice(0, CHANGES);
    if (names.length === 0 && this.#works.unsettled.size === 0) return;
    for (const name of names) this.#changed.delete(name);
    try {
      await reload(this.#works, names);
    } catch (cause) {
      for (const name of names) this.#changed.add(name);
      throw cause;
    }
    if (this.#changed.size > 0) this.#wake();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    try {
      for await (const { name } of this.#works.definitions.watch(signal)) {
        this.#changed.add(name);
        this.#wake();
      }
    } catch (cause) {
      if (!signal.aborted) this.#fail(cause);
    }
  }

  async #sleep(round: Round, dueAt: number, until: Date | undefined): Promise<void> {
    const { clock, timetable, unsettled } = this.#works;
    const now = clock.now().getTime();
    const end = until === undefined ? Infinity : until.getTime() - now;
    if (round === 'idle') return this.#doze(Math.min(LONGEST_SLEEP, end));
    if (round === 'trouble') return this.#doze(Math.min(PAUSE_IN_TROUBLE, end));
    const longest = unsettled.size > 0 ? UNSETTLED_PAUSE : timetable.awaits('atLogOn') ? LOG_ON_SLEEP : LONGEST_SLEEP;
    await this.#doze(Math.min(longest, end, dueAt - now, Math.min(this.#runs.nextTick(), this.#nextRefresh, this.#nextQuestion, this.#nextIdleLook(now)) - clock.monotonic()));
  }

  /** Until something happens, at most so many milliseconds. */
  async #doze(milliseconds: number): Promise<void> {
    if (this.#woken.signal.aborted) return;
    await this.#works.clock.sleep(Math.max(0, milliseconds), this.#woken.signal).catch(ignoreAbort);
  }

  #isOver(until: Date | undefined): boolean {
    return until !== undefined && this.#works.clock.now() >= until;
  }

  #wake(): void {
    this.#woken.abort();
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.#wake();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  #look(): Look {
    const { clock, events, sinceBoot, waiting } = this.#works;
    return { now: clock.now(), events, waiting: (definition) => waiting.of(definition), sinceBoot: sinceBoot || this.#state === 'ready' };
  }

  #replaces({ definition, job: { origin } }: JobRun): boolean {
    const policy = this.#works.timetable.get(definition)?.definition.policy;
    const isOneOfAll = policy?.catchUp.policy === 'all' && origin.kind === 'trigger' && origin.catchUp;
    return policy?.overlap === 'StopExisting' && !isOneOfAll;
  }
}

function nextWakeIn({ waking }: Timetable<unknown>): Pick<SchedulerFacts, 'nextWakeAt'> {
  const next = waking().flatMap(({ nextDueAt }) => nextDueAt?.getTime() ?? []).reduce((a, b) => Math.min(a, b), Infinity);
  return next === Infinity ? {} : { nextWakeAt: new Date(next) };
}

function ignoreAbort(cause: unknown): void {
  if (!(cause instanceof DOMException && cause.name === 'AbortError')) throw cause;
}
