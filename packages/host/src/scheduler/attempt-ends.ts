import type { RunEngine, SchedulerEvent } from '@nightshift/scheduler';
import type { Attempt, Clock, Instance, JobOrigin, JobReason, JobState, JobStore } from '@nightshift/sdk';

/** One attempt of a run that is over. */
export interface AttemptEnd {
  /** Name of its definition. */
  readonly definition: string;
  /** Why the job exists: with the trigger and the due time that it answers. */
  readonly origin: JobOrigin;
  readonly job: number;
  readonly instanceId: string;
  /** From 1 up. */
  readonly attempt: number;
  /** Failed for one that another follows. */
  readonly state: JobState;
  readonly reason?: JobReason;
  readonly statusMessage?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Absent when it never ran, or nobody knows. */
  readonly beginTime?: Date;
  readonly endTime: Date;
  /** No other attempt follows. */
  readonly isLast: boolean;
}

/** Tells of each attempt once that it is over, from what the scheduler says and the store knows. */
export interface AttemptEnds {
  /** The same engine; it is noted when each attempt begins. */
  watching(engine: RunEngine): RunEngine;
  note(event: SchedulerEvent): void;
  /** Resolves when all that was noted has been told. */
  told(): Promise<void>;
}

export interface AttemptEndsParts {
  readonly store: Pick<JobStore, 'attempts'>;
  readonly clock: Clock;
  readonly tell: (end: AttemptEnd) => void;
  /** The store could not be asked. */
  readonly failed: (cause: unknown) => void;
}

export function createAttemptEnds({ store, clock, tell, failed }: AttemptEndsParts): AttemptEnds {
  /** By instance id of the run: a row says only when its first attempt began. */
  const begins = new Map<string, Date>();
  const pending = new Set<Promise<void>>();

  const tellClosed = async (event: Extract<SchedulerEvent, { event: 'retry' }>): Promise<void> => {
    const closed = (await store.attempts(event.run.instanceId)).find(({ attempt }) => attempt === event.attempt - 1);
    if (closed !== undefined) tell({ ...namesOf(event), ...factsOf(closed, closed.beginTime), state: 'Failed', endTime: closed.endTime ?? clock.now(), isLast: false });
  };
  const tellLast = (event: Extract<SchedulerEvent, { event: 'ended' }>): void => {
    const { run } = event;
    const begin = run.attempt === 1 ? run.beginTime : begins.get(run.instanceId);
    begins.delete(run.instanceId);
    tell({ ...namesOf(event), ...factsOf(run, begin), state: run.state, endTime: run.endTime ?? clock.now(), isLast: true });
  };
  return {
    watching: (engine) => ({
      ...engine,
      start(run, ended) {
        if (run.attempt > 1) begins.set(run.instanceId, clock.now());
        return engine.start(run, ended);
      },
    }),
    note(event) {
      if (event.event === 'ended') tellLast(event);
      if (event.event !== 'retry') return;
      const telling: Promise<void> = tellClosed(event).catch(failed).finally(() => pending.delete(telling));
      pending.add(telling);
    },
    async told() {
      await Promise.all(pending);
    },
  };
}

function namesOf({ definition, origin, job, instanceId }: Extract<SchedulerEvent, { event: 'ended' | 'retry' }>): Pick<AttemptEnd, 'definition' | 'origin' | 'job' | 'instanceId'> {
  return { definition, origin, job, instanceId };
}

function factsOf({ attempt, reason, statusMessage, exitCode, signal }: Attempt | Instance, beginTime: Date | undefined): Pick<AttemptEnd, 'attempt' | 'reason' | 'statusMessage' | 'exitCode' | 'signal' | 'beginTime'> {
  return {
    attempt,
    ...(reason === undefined ? {} : { reason }),
    ...(statusMessage === undefined ? {} : { statusMessage }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(beginTime === undefined ? {} : { beginTime }),
  };
}
