/**
 * The runs of a worker on its own machine: a Nightshift of their own, with a store below the worker's folder, in which they are
 * started, looked at, stopped and held like any others. Ids, names and instance ids are those of the engine; retries are not: a
 * run here has one attempt, and what follows it is the engine's.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWaiting, reattaching, reconcile, resuming, startWaiting, stopBelow, stopJob, suspending, type CoreParts, type Selected, type StopRequest, type Unrecorded } from '@nightshift/core';
import { FINISHED_STATES, isFinished, isJobError, JOB_STATES, type Instance, type Lease, type RunFacts } from '@nightshift/sdk';
import { insertMirrored, isOfEngine, type EmbeddedStore } from '@nightshift/store';
import { withOwnPlugin, type OwnTypes } from './own-plugins.ts';

export interface LocalRuns {
  /** Whether a run, or what one has started, is here. */
  has(instanceId: string): Promise<boolean>;
  /** Takes a leased run in, in the place of what an earlier attempt may have left here. */
  adopt(lease: Lease): Promise<void>;
  /** As it is now: started if it waits and may be, what became of it written down. Undefined when it is not here. */
  look(instanceId: string, starting: Starting): Promise<Instance | undefined>;
  /** Whether an ended run was cut off before anything of it ran. */
  neverRan(run: Instance): Promise<boolean>;
  /** What it has started and what that has started, parents first. */
  below(run: Instance): Promise<readonly Instance[]>;
  /** Stops what it has started and has left running. Throws `StopJobError`. */
  stopBelow(run: Instance): Promise<void>;
  /** Ends what an attempt has left running, before another begins. */
  endStrays(run: Instance): Promise<void>;
  /** A run, or what one has started: softly, after the grace period by force. Returns when it is gone. Throws `StopJobError`. */
  stop(instanceId: string, request: StopRequest): Promise<void>;
  /** Throws why it cannot. */
  suspend(instanceId: string): Promise<void>;
  resume(instanceId: string): Promise<void>;
  /** Marks the folder of a run about which another worker decides by now: it is kept for a while. */
  markFenced(instanceId: string, lease: Pick<Lease, 'fence'>): Promise<void>;
  /** Runs of the engine that have not ended. */
  unfinished(): Promise<readonly Instance[]>;
  /** The job of a run that is here. */
  jobOf(run: Instance): Promise<Instance>;
  /** The run, its job and what is below it, with their folders. */
  remove(instanceId: string): Promise<void>;
  /** What has ended goes, but for these runs; and of those that are marked the oldest. */
  prune(but: readonly string[]): Promise<void>;
}

export interface Starting {
  /** Asked at the last moment. */
  readonly mayStart: () => boolean;
  /** Called when it has ended, as long as this process lives. */
  readonly onEnd: () => void;
}

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));
/** The mark in a run folder. */
const FENCED = 'fenced';
/** Marked runs that are kept to be looked at. */
const KEPT = 100;

export function createLocalRuns(core: CoreParts, store: EmbeddedStore, own: OwnTypes): LocalRuns {
  const unrecorded: Unrecorded = new Map();
  const takeUpAgain = reattaching(core);
  const rowOf = async (instanceId: string): Promise<Instance | undefined> => (await store.find({ instanceIds: [instanceId] }))[0];
  const selected = async (instanceId: string): Promise<Selected | undefined> => {
    const run = await rowOf(instanceId);
    if (run === undefined) return undefined;
    const [above] = run.parentId === undefined ? [] : await store.find({ ids: [run.parentId] });
    // What runs below a job that runs something itself is meant by itself.
    const job = above === undefined || above.run !== undefined ? run : above;
    const below = await store.find({ below: [job.id] });
    return { instance: job, children: below.filter(({ parentId }) => parentId === job.id), below, store };
  };
  const remove = async (instanceId: string): Promise<void> => {
    const job = await selected(instanceId);
    if (job !== undefined) await store.remove([job.instance, ...(job.below ?? [])]);
  };
  const stop = async (instanceId: string, request: StopRequest): Promise<void> => {
    const job = await selected(instanceId);
    if (job !== undefined) await stopJob(core, job, request);
  };
  return {
    has: async (instanceId) => (await rowOf(instanceId)) !== undefined,
    async adopt(lease) {
      const job = await rowOf(lease.job.instanceId);
      if (job !== undefined) {
        await stop(job.instanceId, {});
        await remove(job.instanceId);
      }
      insertMirrored(store, familyOf({ ...lease, instance: await withOwnPlugin(own, lease.instance) }));
    },
    async look(instanceId, { mayStart, onEnd }) {
      const row = await rowOf(instanceId);
      if (row === undefined || isFinished(row.state)) return row;
      const waits = isWaiting(row) && (row.state === 'NotStarted' || row.state === 'Running');
      if (waits) return mayStart() ? ((await startWaiting(core, store, row, unrecorded, onEnd)) ?? rowOf(instanceId)) : row;
      const now = await looked(core, store, row);
      return now === undefined ? undefined : takeUpAgain(store, now);
    },
    neverRan: async (run) => run.state === 'Failed' && run.reason === 'spawn' && (await core.launcher.observe(run)).is === 'revoked',
    below: (run) => store.find({ below: [run.id] }),
    stopBelow: (run) => stopBelow(core, store, run, { reason: 'parent' }),
    endStrays: (run) => core.launcher.endStrays([run]),
    stop,
    async suspend(instanceId) {
      const job = await selected(instanceId);
      if (job !== undefined) await suspending(core)(job);
    },
    async resume(instanceId) {
      const job = await selected(instanceId);
      if (job !== undefined) await resuming(core)(job);
    },
    async markFenced(instanceId, { fence }) {
      const folder = (await rowOf(instanceId))?.runFolder;
      if (folder !== undefined && existsSync(folder)) writeFileSync(join(folder, FENCED), `${fence}\n`, { mode: 0o600 });
    },
    unfinished: async () => (await store.find({ states: UNFINISHED })).filter((one) => one.run !== undefined && isOfEngine(one)),
    jobOf: async (run) => (run.parentId === undefined ? undefined : (await store.find({ ids: [run.parentId] }))[0]) ?? run,
    remove,
    async prune(but) {
      const ended = (await store.find({ states: FINISHED_STATES })).filter((one) => one.run !== undefined && isOfEngine(one) && !but.includes(one.instanceId));
      for (const { instanceId, runFolder = '' } of ended) if (!existsSync(join(runFolder, FENCED))) await remove(instanceId);
      const old = await store.beyondLimits({ jobs: KEPT });
      if (old.length > 0) await store.remove(old);
    },
  };
}

/** What cannot be read has been taken out of the way, and its end is written down. */
async function looked(core: CoreParts, store: EmbeddedStore, row: Instance): Promise<Instance | undefined> {
  try {
    return await reconcile(core, store, row);
  } catch (cause) {
    if (!isJobError(cause) || cause.code !== 'CantLoadScheduledJobDefinitionFromStore') throw cause;
    return (await store.find({ ids: [row.id] }))[0];
  }
}

/** The job, and the child that runs where there is one; both at the attempt that was leased. */
function familyOf({ instance, job }: Lease): readonly [Instance, Instance?] {
  const { attempt } = instance;
  const run = { ...instance, ...(instance.run === undefined ? {} : { run: factsHere(instance.run) }) };
  return job.instanceId === instance.instanceId ? [run] : [{ ...job, attempt }, run];
}

/** What the engine alone decides, or what concerns jobs that are not here, is left out. */
function factsHere({ holder: _holder, retry: _retry, retried: _retried, maxResultCount: _maxResultCount, needs: _needs, restartOf: _restartOf, stopConditions: _stopConditions, warnings: _warnings, ...facts }: RunFacts): RunFacts {
  return facts;
}
