import type { Instance } from '@nightshift/sdk';
import type { JobRun } from './run-engine.ts';

/**
 * Where a run stands: behind others of its definition, before its time, until nobody uses the machine, in front of the door, inside, at work, gone. `held`:
 * it neither runs nor may start, as a job that was suspended before it began.
 */
export type Phase = 'queued' | 'later' | 'idle' | 'ready' | 'starting' | 'running' | 'held' | 'gone';

/** An unfinished run, as far as this process knows. */
export interface Known extends JobRun {
  run: Instance;
  readonly phase: Phase;
  /** Its process is our child, which tells us of its end. */
  readonly own: boolean;
}

/** Every unfinished run, by whatever it is asked for. */
export interface RunBook {
  readonly size: number;
  readonly running: number;
  /** How many run of which nobody will tell us that they have ended. */
  readonly foreign: number;
  /** How many are to be stopped, or started, because of the machine. */
  readonly minding: number;
  all(): readonly Known[];
  definitions(): readonly string[];
  /** By the instance id of its job. */
  ofJob(instanceId: string): Known | undefined;
  /** By its own instance id. */
  of(instanceId: string): Known | undefined;
  /** The unfinished runs of a definition, oldest first. */
  family(definition: string): readonly Known[];
  enter(run: JobRun): Known;
  leave(one: Known): void;
  /** `own` only of one that runs. */
  mark(one: Known, phase: Phase, own?: boolean): void;
}

export function createRunBook(): RunBook {
  const byRun = new Map<string, Mutable>();
  const byJob = new Map<string, Mutable>();
  const families = new Map<string, Set<Mutable>>();
  let running = 0;
  let foreign = 0;
  let minding = 0;
  const count = (one: Known, by: 1 | -1): void => {
    running += one.phase === 'running' ? by : 0;
    minding += mindsMachine(one) ? by : 0;
    foreign += one.phase === 'running' && !one.own ? by : 0;
  };
  const mark = (one: Mutable, phase: Phase, own = false): void => {
    count(one, -1);
    one.phase = phase;
    one.own = own;
    count(one, 1);
  };
  return {
    get size() {
      return byRun.size;
    },
    get running() {
      return running;
    },
    get foreign() {
      return foreign;
    },
    get minding() {
      return minding;
    },
    all: () => [...byRun.values()],
    definitions: () => [...families.keys()],
    ofJob: (instanceId) => byJob.get(instanceId),
    of: (instanceId) => byRun.get(instanceId),
    family: (definition) => [...(families.get(definition) ?? [])].toSorted((a, b) => a.job.id - b.job.id),
    enter({ definition, job, run }) {
      const one: Mutable = { definition, job, run, phase: 'held', own: false };
      byRun.set(run.instanceId, one);
      byJob.set(job.instanceId, one);
      families.set(definition, (families.get(definition) ?? new Set()).add(one));
      return one;
    },
    leave(one) {
      mark(one, 'gone');
      byRun.delete(one.run.instanceId);
      byJob.delete(one.job.instanceId);
      const family = families.get(one.definition);
      family?.delete(one);
      if (family?.size === 0) families.delete(one.definition);
    },
    mark,
  };
}

/** Whether a run has to do with the machine at all. */
export function mindsMachine({ phase, run }: Known): boolean {
  return phase === 'idle' || (phase === 'running' && run.run?.stopConditions !== undefined);
}

interface Mutable extends Known {
  phase: Phase;
  own: boolean;
}
