import { createJobHost, createRegistry, type CoreParts, type JobHost } from '@nightshift/core';
import { isFinished, JobError, type DefinitionSource, type Instance, type JobIdentity, type JobState, type JobTypePlugin, type SourceFiles, type StreamName, type StreamRecords } from '@nightshift/sdk';
import { createChildren } from './memory/children.ts';
import { MemoryLauncher } from './memory/memory-launcher.ts';
import { MemoryStore } from './memory/memory-store.ts';
import { pause, settled } from './real-time.ts';
import { TestClock } from './test-clock.ts';

/** What a host in memory is made of. */
export interface TestHostOptions {
  readonly plugins: readonly JobTypePlugin[];
  /** Default: 2026-01-01T00:00:00Z. */
  readonly now?: Date;
  /** Told what plugins do wrong without ending a job. Default: nobody. */
  readonly warn?: (warning: JobError) => void;
}

/** A host in memory with a clock that the test moves. */
export interface TestHost extends AsyncDisposable {
  readonly clock: TestClock;
  /** Resolves when the job is at work, has failed to begin, or waits for the clock. Rejects as start-job does. */
  startJob(request: { readonly type: string; readonly spec: unknown; readonly argumentList?: readonly unknown[]; readonly persist?: boolean }): Promise<JobIdentity>;
  /** Resolves when it has ended: who does not answer is given up after the grace period, by the clock of the test. Default of `force`: false. */
  stopJob(instanceId: string, options?: { readonly force?: boolean }): Promise<void>;
  /** Rejects after 5 s of real time with the states that were seen. */
  waitForState(instanceId: string, state: JobState): Promise<Instance>;
  /** The records that were not received before. */
  receive<N extends StreamName>(instanceId: string, stream: N): Promise<readonly StreamRecords[N][]>;
  /** Every other verb. */
  readonly jobs: JobHost;
}

/** A real host in memory: core as everywhere, its stores in memory, programs as processes, JavaScript in this process. */
export async function createTestHost({ plugins, now, warn = () => {} }: TestHostOptions): Promise<TestHost> {
  const clock = new TestClock(now);
  const ids = { last: 0 };
  const [session, durable] = [new MemoryStore(ids), new MemoryStore(ids)];
  const storeOf = async ({ instanceId }: Instance): Promise<MemoryStore> => ((await durable.find({ instanceIds: [instanceId] })).length > 0 ? durable : session);
  const types = createRegistry(plugins);
  const launcher = new MemoryLauncher({ clock, types, storeOf, childrenOf: (instance, store, workingDirectory) => createChildren(parts, store, instance, workingDirectory), warn });
  const parts: CoreParts = {
    clock, types, launcher, newInstanceId: instanceIds(clock),
    stores: { session: () => session, durable: () => durable, openDurable: () => durable },
    definitions: async () => ({ source: NO_DEFINITIONS, files: NO_FILES, checkPaths: async () => {} }),
  };
  const jobs = createJobHost(parts);
  const rowOf = async (instanceId: string): Promise<Instance> => {
    const [row] = [...(await session.find({ instanceIds: [instanceId] })), ...(await durable.find({ instanceIds: [instanceId] }))];
    if (row === undefined) throw new JobError({ code: 'JobWithSpecifiedInstanceIdNotFound', message: `no job has the instance id ${instanceId}` });
    return row;
  };
  const topJobs = async (): Promise<readonly Instance[]> => [...(await session.find({ topLevel: true })), ...(await durable.find({ topLevel: true }))];
  return {
    clock,
    jobs,
    async startJob({ type, spec, argumentList = [], persist = false }) {
      const known = new Set((await topJobs()).map(({ id }) => id));
      const isThere = async (): Promise<Instance | undefined> => (await topJobs()).find(({ id }) => !known.has(id));
      const started = jobs.startJob({ what: { type, spec }, callerDirectory: process.cwd(), argumentList, persist, warn }).catch(refuse).then(isThere);
      // One that waits for the clock in prepare() is there, and is shown as it is.
      const waiting = settled().then(async () => (await isThere()) ?? started);
      const { id, instanceId, name, attempt } = (await Promise.race([started, waiting])) as Instance;
      return { id, instanceId, name, attempt };
    },
    async stopJob(instanceId, { force = false } = {}) {
      const { problems } = await jobs.stopJobs({ instanceIds: [instanceId] }, { force });
      if (problems[0] !== undefined) throw problems[0];
    },
    async waitForState(instanceId, state) {
      const seen: JobState[] = [];
      const look = async (): Promise<Instance> => {
        await jobs.getJobs({ instanceIds: [instanceId] });
        const row = await rowOf(instanceId);
        if (seen.at(-1) !== row.state) seen.push(row.state);
        return row;
      };
      using watch = launcher.watch();
      const stores = [session, durable].map((store) => store.watchRows(() => {
        const state = store.stateOf(instanceId);
        if (state !== undefined && seen.at(-1) !== state) seen.push(state);
      }));
      try {
        const end = performance.now() + LONGEST_WAIT;
        for (let row = await look(); ; row = await look()) {
          if (row.state === state) return row;
          if (isFinished(row.state) || performance.now() >= end) throw new JobError({ code: 'InvalidJobState', message: `${row.name} did not become ${state}: it was ${seen.join(', then ')}${row.statusMessage === undefined ? '' : ` (${row.statusMessage})`}` });
          await Promise.race([watch.changed(), pause(10)]);
        }
      } finally {
        for (const store of stores) store[Symbol.dispose]();
      }
    },
    async receive(instanceId, stream) {
      const receiving = await jobs.receiveJobs({ instanceIds: [instanceId] }, { streams: [stream], from: 'cursor', keep: false });
      const values: StreamRecords[typeof stream][] = [];
      for await (const { records } of receiving.batches) values.push(...records.map(({ value }) => value as StreamRecords[typeof stream]));
      await receiving.commit();
      if (receiving.problems[0] !== undefined) throw receiving.problems[0];
      return values;
    },
    [Symbol.asyncDispose]: () => launcher.close(),
  };
}

/** One complaint is told as it is. */
function refuse(cause: unknown): never {
  throw cause instanceof AggregateError && cause.errors.length === 1 ? cause.errors[0] : cause;
}

/** Milliseconds of real time. */
const LONGEST_WAIT = 5_000;

/** UUIDv7s by the clock of the test: the same ones each time. */
function instanceIds(clock: TestClock): () => string {
  let count = 0;
  return () => {
    const time = clock.now().getTime().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${(++count).toString(16).padStart(12, '0')}`;
  };
}

const NO_FILES: SourceFiles = {
  read: async (file) => {
    throw new JobError({ code: 'FilePathNotFound', message: `there is no file "${file}"`, file });
  },
};

const NO_DEFINITIONS: DefinitionSource = {
  find: async () => [],
  async *list() {},
};
