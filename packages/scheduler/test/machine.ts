import { isFinished, JobError, type Instance, type JobErrorFacts, type JobState } from '@nightshift/sdk';
import type { JobRun, RunEngine } from '../src/index.ts';
import type { MemoryStore } from './memory-store.ts';

const HOLDER = { host: 'here', boot: 'boot-1', pid: 1, startTime: '1' };

/** Processes that run until the test ends them. They and what they leave outlive the scheduler. */
export class Machine {
  readonly store: MemoryStore;
  /** `<definition> <due time>` of each command that was run, in order. */
  readonly effects: string[] = [];
  /** What the next starts fail with. */
  trouble: JobErrorFacts | undefined;
  /** What stops fail with. */
  cannotStop: JobErrorFacts | undefined;
  /** Happens when a command has begun, before whoever started it knows. */
  onStart: ((jobId: number) => void) | undefined;
  /** Happens when unfinished jobs have been read, before whoever asked knows. */
  onLook: (() => Promise<void>) | undefined;
  /** Ids of jobs, with what their rows say of why they wait. */
  readonly explained = new Map<number, string>();
  /** Ids of children, with how they ended; absent while they run. */
  readonly #ends = new Map<number, JobState>();
  #running = new Set<number>();
  #tell = new Map<number, () => void>();

  constructor(store: MemoryStore) {
    this.store = store;
  }

  /** As one process sees it. */
  engine(): RunEngine {
    return {
      unfinished: async (definitions) => {
        const found = this.jobs().filter(({ definition, job }) => !isFinished(job.state) && (definitions?.includes(definition) ?? true));
        await this.onLook?.();
        return found;
      },
      settle: async ({ id }) => this.#settle(id),
      start: async (run, ended) => {
        const started = this.#start(run, ended);
        this.onStart?.(run.parentId as number);
        // Whoever is told of an end has the time to write it down.
        for (let left = 20; left > 0; left--) await Promise.resolve();
        return started;
      },
      explain: async ({ job }, why) => void this.explained.set(job.id, why),
      stop: async (job, reason) => this.#stop(job, reason),
      startAgain: async (one) => this.#startAgain(one),
      isStillWanted: async ({ job, run }) => this.#isStillWanted(job, run),
    };
  }

  jobs(): readonly JobRun[] {
    const all = [...this.store.instances.values()];
    const runs = new Map(all.map((one) => [one.parentId, one]));
    return all.flatMap((job) => {
      const run = job.parentId === undefined ? runs.get(job.id) : undefined;
      return run === undefined ? [] : [{ definition: job.definition?.key as string, job, run }];
    });
  }

  /** Ids of the jobs whose command runs. */
  running(): readonly number[] {
    return [...this.#running].map((id) => this.store.instances.get(id)?.parentId as number);
  }

  /** The command of a job ends. Whoever started it is told, if it still lives. */
  end(jobId: number, state: JobState = 'Completed'): void {
    const id = jobId + 1;
    if (!this.#running.delete(id)) throw new Error(`job ${jobId} does not run`);
    this.#ends.set(id, state);
    this.#tell.get(id)?.();
    this.#tell.delete(id);
  }

  /** A user writes into the row of a job. */
  change(jobId: number, facts: Partial<Instance>): void {
    for (const id of [jobId, jobId + 1]) this.store.instances.set(id, { ...(this.store.instances.get(id) as Instance), ...facts });
  }

  /** Nobody is told of ends any more. */
  forget(): void {
    this.#tell = new Map();
  }

  #start(run: Instance, ended: () => void): Instance | undefined {
    if (this.trouble !== undefined) throw new JobError(this.trouble);
    const row = this.store.instances.get(run.id);
    const waits = row?.attempt === run.attempt && row.run?.holder === undefined && row.stopReason === undefined && (row.state === 'NotStarted' || row.state === 'Running');
    if (row === undefined || !waits) return undefined;
    const job = this.store.instances.get(row.parentId as number) as Instance;
    this.effects.push(`${job.name} ${job.origin.kind === 'trigger' ? job.origin.dueAt.toISOString() : ''}`);
    const { queued: _, notBefore: __, ...rest } = row;
    this.store.instances.set(run.id, { ...rest, state: 'Running', run: { ...row.run, holder: HOLDER } as NonNullable<Instance['run']> });
    this.store.instances.set(job.id, { ...job, state: 'Running' });
    this.#running.add(run.id);
    this.#tell.set(run.id, ended);
    return this.store.instances.get(run.id);
  }

  #settle(id: number): Instance | undefined {
    const row = this.store.instances.get(id);
    const end = this.#ends.get(id) ?? (row?.stopReason !== undefined && row.run?.holder === undefined ? 'Stopped' : undefined);
    if (row === undefined || isFinished(row.state) || end === undefined) return row;
    if (this.store.trouble !== undefined) throw new JobError(this.store.trouble);
    this.#ends.delete(id);
    const left = row.run?.retry?.limit ?? 0;
    if (end === 'Failed' && (row.run?.retried ?? 0) < left) return this.#again(row);
    this.#finish(id, end);
    return this.store.instances.get(id);
  }

  #again(row: Instance): Instance {
    const { holder: _, ...run } = row.run as NonNullable<Instance['run']>;
    const next: Instance = { ...row, attempt: row.attempt + 1, notBefore: new Date(this.now() + (run.retry?.delay ?? 0)), run: { ...run, retried: (run.retried ?? 0) + 1 } };
    this.store.instances.set(row.id, next);
    return next;
  }

  /** Set by the world. */
  now: () => number = () => 0;

  #finish(id: number, state: JobState): void {
    const row = this.store.instances.get(id) as Instance;
    this.store.instances.set(id, { ...row, state });
    const job = this.store.instances.get(row.parentId as number) as Instance;
    this.store.instances.set(job.id, { ...job, state });
  }

  #startAgain({ definition, job, run }: JobRun): JobRun {
    const { holder: _, ...facts } = run.run as NonNullable<Instance['run']>;
    const carries = `${job.instanceId}-again`;
    const nextJob = this.store.insert({ ...job, instanceId: carries }, undefined);
    const waiting: Pick<Instance, 'instanceId'> & object = { ...run, instanceId: `${run.instanceId}-again`, ...{ queued: true, run: { ...facts, carries, restartOf: run.instanceId } } };
    const nextRun = this.store.insert(waiting, nextJob.id);
    return { definition, job: nextJob, run: nextRun };
  }

  #isStillWanted(job: Instance, run: Instance): boolean {
    const before = [...this.store.instances.values()].find(({ instanceId }) => instanceId === run.run?.restartOf);
    if (before?.state === 'Stopped' && before.reason === 'condition') return true;
    for (const { id } of [job, run]) this.store.instances.delete(id);
    return false;
  }

  #stop(job: Instance, reason: 'overlap' | 'condition'): void {
    if (this.cannotStop !== undefined) throw new JobError(this.cannotStop);
    const id = job.id + 1;
    if (isFinished((this.store.instances.get(id) as Instance).state)) return;
    this.#running.delete(id);
    this.#tell.delete(id);
    this.#finish(id, 'Stopped');
    this.change(job.id, { reason });
  }
}
