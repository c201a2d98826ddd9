import type { AnyJobType, SpecSchema } from '@nightshift/sdk';
import { type Subject, workProgram } from './work.ts';

/** The spec of the planted delegate types: another job. */
export interface InnerSpec {
  readonly type: string;
  readonly job: Readonly<Record<string, unknown>>;
}

/** Validates, refuses and defaults an `InnerSpec`. */
export const innerSpec: SpecSchema<InnerSpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    validate(value) {
      if (typeof value !== 'object' || value === null) return { issues: [{ message: 'a map is expected' }] };
      const { type = 'BackgroundJob', job } = value as Partial<Record<string, unknown>>;
      if (typeof type !== 'string') return { issues: [{ message: 'type must be a text', path: ['type'] }] };
      if (typeof job !== 'object' || job === null) return { issues: [{ message: 'job must be a map', path: ['job'] }] };
      return { value: { type, job: { ...job } } };
    },
  },
};

/** The subject of a delegate type: the inner jobs are programs. */
export function innerSubject(type: AnyJobType): Subject {
  const job = (task: 'finish' | 'break' | 'wait') => ({ type: 'BackgroundJob', job: { command: workProgram({ task, items: [] }) } });
  return { type, completes: job('finish'), fails: job('break'), runsUntilStopped: job('wait'), invalid: [{}, { job: 7 }, { type: 7, job: {} }, null] };
}
