import { isFinished, type Clock, type Instance, type JobErrorFacts, type JobOrigin } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { createAgenda } from './agenda.ts';
import type { Report } from './events.ts';
import type { MachineProbe } from './machine-probe.ts';
import { createMachineWatch } from './machine-watch.ts';
import type { Unfinished } from './overlap.ts';
import { createRunBook, mindsMachine, type Known, type Phase } from './run-book.ts';
import type { JobRun, RunEngine } from './run-engine.ts';
import { createStarter } from './starter.ts';
import type { Troubles } from './troubles.ts';

/** An unfinished job of a definition. */
export type UnfinishedJob = Unfinished & { readonly id: number };

/** What keeps the runs of the scheduler going: starts those whose time has come, sees them end, lets those that queue go on. */
export interface Runs {
  /** How many are unfinished. */
  readonly size: number;
  /** How many are unfinished and go on by themselves: not those that somebody holds, that another machine has, or that wait until nobody uses this one. */
  readonly left: number;
  /** How many have a process. */
  readonly running: number;
  /** How many have been decided and have no process yet: behind others, before their time, or about to be started. */
  readonly waiting: number;
  /** Takes over whatever the store knows as unfinished: at the start, and now and then, for others write to it too. */
  refresh(): Promise<void>;
  /** Jobs that have just been decided. */
  admit(jobs: readonly JobRun[]): void;
  /** The unfinished jobs of definitions, oldest first; those whose process is gone have been settled first. */
  unfinished(definitions: readonly string[]): Promise<ReadonlyMap<string, readonly UnfinishedJob[]>>;
  /** Stops jobs, without waiting for them to end. */
  stop(instanceIds: Iterable<string>): void;
  /** Starts what is ready, and looks after runs that nobody tells us about. */
  tick(): Promise<void>;
  /** When `tick` is wanted next, by the monotonic clock; Infinity: not before something happens. */
  nextTick(): number;
  /** The wall clock was put on by so many milliseconds. */
  clockChanged(by: number): void;
  /** Starts nothing any more, and waits for those that are just being started. */
  close(): Promise<void>;
}

export interface RunsParts {
  readonly engine: RunEngine;
  readonly clock: Clock;
  readonly report: Report;
  readonly troubles: Troubles;
  readonly machine: MachineProbe;
  /** Whether a job that queues has the others of its definition stopped. */
  readonly replaces: (job: JobRun) => boolean;
  /** Why nothing may be started now, such as a full disk; asked before each start. Default: nothing. */
  readonly hindrance?: (() => JobErrorFacts | undefined) | undefined;
  /** Something has changed that the main loop should look at. */
  readonly wake: () => void;
  /** What went wrong where nobody waits, and is no mere trouble. */
  readonly fail: (cause: unknown) => void;
}

/** Milliseconds between two looks at runs that are not our own children: so long, or so many times what a look costs, up to a limit. */
const SWEEP_PAUSE = 500;
const SWEEP_SHARE = 20;
const LONGEST_SWEEP_PAUSE = 5_000;
/** Our own children tell us when they end; a look now and then finds what the system forgot to say. */
const OWN_PAUSE = 30_000;
const WAITING: readonly Phase[] = ['queued', 'later', 'ready', 'starting'];
/** A due time so much ahead of now is none of this clock's. Source: reliability specification, section 8. */
const AHEAD = 3_600_000;

export function createRuns({ engine, clock, report, troubles, machine, replaces, hindrance, wake, fail }: RunsParts): Runs {
  const book = createRunBook();
  const later = createAgenda<Known>();
  const starter = createStarter<Known>({ clock, begin: start, isWanted: ({ phase }) => phase === 'ready', isHindered, onPause: wake });
  const watch = createMachineWatch({ clock, machine, count: () => book.minding, runs: () => book.all().filter(mindsMachine), stop: stopFor, begin: beginAgain, wake, fail });
  /** Those that left during a look at the store, which may still have shown them. */
  let gone = new Set<string>();
  const explained = new WeakSet<Known>();
  let nextSweep = 0;
  let nextOwnLook = 0;

  /** Puts a run where it belongs by what its row says. */
  function place(one: Known): void {
    const { run } = one;
    const begin = beginOf(one, clock.now().getTime());
    if (run.run?.holder !== undefined) book.mark(one, 'running');
    else if (run.state !== 'NotStarted' && run.state !== 'Running') book.mark(one, 'held');
    else if (run.queued === true) book.mark(one, 'queued');
    else if (run.run?.restartOf !== undefined && run.attempt === 1) waitForIdle(one);
    else if (begin > clock.now().getTime()) wait(one, begin);
    else makeReady(one);
  }
  function wait(one: Known, until: number): void {
    book.mark(one, 'later');
    later.put(until, one);
  }
  function waitForIdle(one: Known): void {
    book.mark(one, 'idle');
    void explain(one, 'waits until nobody uses the machine');
  }
  function makeReady(one: Known): void {
    book.mark(one, 'ready');
    starter.add(one);
  }
  /** What the store says of a run; where it stands is known better here, unless it was held, or somebody else has let it go on. */
  function meet(job: JobRun): Known | undefined {
    if (gone.has(job.run.instanceId)) return undefined;
    const one = book.of(job.run.instanceId) ?? book.enter(job);
    if (one.phase === 'held' || (one.phase === 'queued' && job.run.queued !== true)) {
      one.run = job.run;
      place(one);
    }
    return one;
  }
  async function look(definitions?: readonly string[]): Promise<readonly Known[]> {
    gone = new Set();
    return (await engine.unfinished(definitions)).flatMap((job) => meet(job) ?? []);
  }

  function leave(one: Known): void {
    gone.add(one.run.instanceId);
    book.leave(one);
    for (const place of ['start', 'end', 'stop']) troubles.pass(`${place} ${one.run.instanceId}`);
    if (book.size === 0) wake();
    release(one.definition);
  }
  /** The first that queues goes on when no other of its definition is left. */
  function release(definition: string): void {
    const family = book.family(definition);
    const [first] = family;
    if (first === undefined || family.some(({ phase }) => phase !== 'queued')) return;
    const { queued: _, ...run } = first.run;
    first.run = run;
    place(first);
    wake();
  }
  /** What became of a run. */
  function update(one: Known, run: Instance | undefined, isOurs: boolean): void {
    if (one.phase === 'gone') return;
    if (run === undefined || isFinished(run.state)) {
      leave(one);
      if (run !== undefined) report({ event: 'ended', ...namesOf(one), run });
      return;
    }
    const isNext = run.attempt !== one.run.attempt;
    one.run = run;
    if (isNext && run.run?.holder === undefined) goOn(one);
    // A next attempt that runs already is that of a new host, whose end nobody tells us.
    else if (run.run?.holder !== undefined) book.mark(one, 'running', isOurs && !isNext);
    else if (one.phase === 'starting') book.mark(one, 'held');
  }
  function goOn(one: Known): void {
    const { attempt, notBefore, statusMessage } = one.run;
    report({ event: 'retry', ...namesOf(one), attempt, notBefore, statusMessage, run: one.run });
    place(one);
    wake();
  }

  /** Looks at a run. What stands in the way of that is said; it is looked at again. */
  async function settle(one: Known): Promise<void> {
    const place = `end ${one.run.instanceId}`;
    try {
      update(one, await engine.settle(one.run), one.own);
      troubles.pass(place);
    } catch (cause) {
      troubles.meet(place, cause);
      if (!one.own || one.phase !== 'running') return;
      book.mark(one, 'running');
      wake();
    }
  }
  async function sweep(isWanted: (one: Known) => boolean): Promise<void> {
    for (const one of book.all()) if (isWanted(one)) await settle(one);
  }

  function isHindered(): boolean {
    const error = hindrance?.();
    if (error === undefined) troubles.pass('hindrance');
    else troubles.say('hindrance', error);
    if (error !== undefined) for (const one of book.all()) if (one.phase === 'ready') void explain(one, error.message);
    return error !== undefined;
  }
  /** Once for each; a disk that is too full for that as well is told by itself. */
  async function explain(one: Known, why: string): Promise<void> {
    if (explained.has(one)) return;
    explained.add(one);
    await engine.explain(one, why).catch((cause: unknown) => troubles.meet(`start ${one.run.instanceId}`, cause)).catch(fail);
  }
  async function start(one: Known): Promise<boolean> {
    const { attempt, instanceId } = one.run;
    const place = `start ${instanceId}`;
    book.mark(one, 'starting');
    let hasEnded = false;
    const ended = (): void => {
      hasEnded = true;
      if (book.of(instanceId) === one && one.run.attempt === attempt) void settle(one).catch(fail);
    };
    try {
      const run = await engine.start(one.run, ended);
      if (run === undefined) await settle(one);
      // Unless it has ended since, and waits for its next attempt.
      else if (one.run.attempt === attempt) update(one, run, engine.keepsRuns !== false);
      if (one.phase === 'starting') book.mark(one, 'held');
      troubles.pass(place);
      // Its end came while its start was being written down, and may have met the same trouble.
      if (hasEnded && one.phase === 'running') await settle(one);
      return true;
    } catch (cause) {
      return !triesAgain(one, place, cause);
    }
  }
  /** The row of a run that could not be started is as it was, or says how far it came. */
  function triesAgain(one: Known, place: string, cause: unknown): boolean {
    try {
      troubles.meet(place, cause);
    } catch (fatal) {
      fail(fatal);
    }
    if (one.phase === 'starting') book.mark(one, 'ready');
    return one.phase === 'ready';
  }

  async function end(one: Known, reason: 'overlap' | 'condition' = 'overlap'): Promise<boolean> {
    const isStopped = await attempt(one, () => engine.stop(one.job, reason));
    await settle(one);
    return isStopped;
  }
  /** What stands in the way is said, and tried again by whoever asked. */
  async function attempt(one: Known, act: () => Promise<void>): Promise<boolean> {
    const place = `stop ${one.run.instanceId}`;
    try {
      await act();
      troubles.pass(place);
      return true;
    } catch (cause) {
      troubles.meet(place, cause);
      return false;
    }
  }
  async function stopFor(one: Known, text: string, restarts: boolean): Promise<boolean> {
    if (restarts && !(await attempt(one, () => putBehind(one)))) return false;
    report({ event: 'condition', ...namesOf(one), text: `${text}: it is stopped${restarts ? ', and started again when nobody uses the machine' : ''}` });
    const isStopped = await end(one, 'condition');
    failpoint('condition.stopped');
    return isStopped;
  }
  /** Once for each: somebody may have been killed between this and the stop. */
  async function putBehind(one: Known): Promise<void> {
    if (book.family(one.definition).some(({ run }) => run.run?.restartOf === one.run.instanceId)) return;
    const again = await engine.startAgain(one);
    failpoint('condition.again');
    place(book.of(again.run.instanceId) ?? book.enter(again));
  }
  async function beginAgain(one: Known): Promise<void> {
    await attempt(one, async () => {
      const isWanted = await engine.isStillWanted(one);
      if (one.phase !== 'idle') return;
      if (isWanted) makeReady(one);
      else {
        report({ event: 'condition', ...namesOf(one), text: 'it is removed: the run whose work it was to take up has ended in another way' });
        leave(one);
      }
      wake();
    });
  }
  function stop(instanceIds: Iterable<string>): void {
    for (const instanceId of instanceIds) {
      const one = book.ofJob(instanceId);
      if (one !== undefined) void end(one).catch(fail);
    }
  }
  /** The wish to have others stopped lives in the row of the one that queues: whoever was to see to it may have been killed. */
  function makeRoom(definition: string): void {
    const family = book.family(definition);
    const newest = family.findLast(({ phase }) => phase === 'queued');
    if (newest !== undefined && newest.run.run?.restartOf === undefined && replaces(newest)) stop(family.filter(({ job }) => job.id < newest.job.id).map(({ job }) => job.instanceId));
  }

  return {
    get size() {
      return book.size;
    },
    get left() {
      return book.all().filter(({ phase, run }) => phase !== 'held' && phase !== 'idle' && run.state !== 'Suspended' && run.state !== 'Disconnected').length;
    },
    get running() {
      return book.running;
    },
    get waiting() {
      return book.all().filter(({ phase }) => WAITING.includes(phase)).length;
    },
    async refresh() {
      const found = new Set(await look());
      // Of those that are missing somebody else has recorded the end, or removed them.
      await sweep((one) => one.phase === 'held' || (one.phase === 'running' && !one.own) || (!found.has(one) && one.phase !== 'starting'));
      for (const definition of book.definitions()) {
        release(definition);
        makeRoom(definition);
      }
    },
    admit(jobs) {
      for (const job of jobs) place(book.enter(job));
      for (const { definition, run } of jobs) if (run.queued === true) release(definition);
    },
    async unfinished(definitions) {
      const found = await look(definitions);
      for (const one of found) if (one.phase === 'running') await settle(one);
      const alive = found.filter(({ phase }) => phase !== 'gone');
      return Map.groupBy(alive.map(unfinishedOf), ({ definition }) => definition);
    },
    stop,
    async tick() {
      for (const one of later.takeDue(clock.now().getTime())) if (one.phase === 'later') makeReady(one);
      starter.go();
      watch.tick();
      const begun = clock.monotonic();
      if (begun >= nextOwnLook) {
        await sweep(({ phase, own }) => phase === 'running' && own);
        nextOwnLook = clock.monotonic() + OWN_PAUSE;
      }
      if (book.foreign > 0 && begun >= nextSweep) {
        await sweep(({ phase, own }) => phase === 'running' && !own);
        const ended = clock.monotonic();
        nextSweep = ended + Math.min(LONGEST_SWEEP_PAUSE, Math.max(SWEEP_PAUSE, SWEEP_SHARE * (ended - begun)));
      }
    },
    nextTick() {
      const due = clock.monotonic() + Math.max(0, later.next() - clock.now().getTime());
      return Math.min(due, starter.nextGo(), watch.nextTick(), book.foreign > 0 ? nextSweep : Infinity, book.running > 0 ? nextOwnLook : Infinity);
    },
    clockChanged(by) {
      // What was put back is waited for no longer than before; what was put on has made the wait shorter.
      if (by < 0) later.shift(by);
    },
    async close() {
      await watch.close();
      await starter.close();
    },
  };
}

function unfinishedOf({ definition, job: { id, instanceId }, phase }: Known): UnfinishedJob & { readonly definition: string } {
  return { definition, id, instanceId, queued: phase === 'queued' };
}

function namesOf({ job }: Known): { readonly definition: string; readonly job: number; readonly instanceId: string; readonly origin: JobOrigin } {
  return { definition: job.name, job: job.id, instanceId: job.instanceId, origin: job.origin };
}

/** When a run may begin. A time that was fixed by a clock that ran ahead says nothing. */
function beginOf({ job: { origin }, run }: JobRun, now: number): number {
  const begin = run.notBefore?.getTime() ?? now;
  const isWrong = (origin.kind === 'trigger' && origin.dueAt.getTime() > now + AHEAD) || (run.attempt > 1 && begin > now + (run.run?.retry?.maxDelay ?? 0));
  return isWrong ? now : begin;
}
