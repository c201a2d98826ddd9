/** The stored value: what has become of each step that has ended or is tried again. */
import type { Again, Knowledge, Known, Over } from './plan.ts';

interface Stored {
  /** Of this shape. */
  readonly version: 1;
  /** By name; a step that waits, or runs, is not in it. Those that ran are found among the job's children. */
  readonly steps: Readonly<Record<string, Over | Omit<Again, 'dueAt'>>>;
  /** By name: how many of its children are accounted for in `steps`. */
  readonly children: Readonly<Record<string, number>>;
}

/** What is known of the steps, and how many of each one's children that covers. */
export interface Remembered {
  readonly known: Knowledge;
  readonly children: ReadonlyMap<string, number>;
}

export function toStored({ known, children }: Remembered): Stored {
  const steps = [...known].flatMap(([name, one]) => (one.is === 'running' ? [] : [[name, withoutTime(one)] as const]));
  return { version: 1, steps: Object.fromEntries(steps), children: Object.fromEntries(children) };
}

/** The monotonic clock of another host says nothing: who waited for another try has it at once. */
function withoutTime(one: Exclude<Known, { is: 'running' }>): Stored['steps'][string] {
  return one.is === 'again' ? { is: 'again', failures: one.failures } : one;
}

/** Nothing where there was no checkpoint. */
export function fromStored(value: unknown): Remembered {
  if (value === undefined) return { known: new Map(), children: new Map() };
  const { version, steps, children } = value as Stored;
  if (version !== 1) throw new Error('the checkpoint of this job was written by another version of WorkflowJob');
  return { known: new Map(Object.entries(steps)), children: new Map(Object.entries(children)) };
}

/** For another attempt: what was not Completed waits for its turn again. */
export function withoutFailures({ known, children }: Remembered): Remembered {
  return { known: new Map([...known].filter(([, { is }]) => is === 'completed')), children };
}
