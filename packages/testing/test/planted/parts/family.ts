import type { AnyJobType, JobOutcome, SpecSchema } from '@nightshift/sdk';
import { stoppedBy, type Subject, workIssues, workSpec, type WorkSpec } from './work.ts';

/** The spec of a type whose instances may be parents: children of its own type, which have none. */
export interface FamilySpec extends WorkSpec {
  readonly children: number;
}

/** Validates, refuses and defaults a `FamilySpec`. */
export const familySpec: SpecSchema<FamilySpec> = {
  '~standard': {
    version: 1,
    vendor: 'planted',
    async validate(value) {
      if (typeof value !== 'object' || value === null) return { issues: workIssues(value) };
      const { children = 1, ...rest } = value as { readonly children?: unknown };
      const work = await workSpec['~standard'].validate(rest);
      if (work.issues !== undefined) return work;
      if (!Number.isInteger(children) || (children as number) < 0) return { issues: [{ message: 'children must be 0 or more', path: ['children'] }] };
      return { value: { ...work.value, children: children as number } };
    },
  },
};

/** The subject of a type whose spec is a `FamilySpec`. */
export function familySubject(type: AnyJobType): Subject {
  return {
    type,
    completes: { task: 'finish' },
    fails: { task: 'break' },
    runsUntilStopped: { task: 'wait' },
    invalid: [{}, { task: 'dance' }, { task: 'finish', children: -1 }, 'finish', null],
  };
}

/** What a parent says of itself: Failed when any child is, else Stopped when it or any child was stopped, else Completed. */
export function parentOutcome(outcomes: readonly JobOutcome[], signal: AbortSignal): JobOutcome {
  const failed = outcomes.find(({ state }) => state === 'Failed');
  if (failed !== undefined) return failed;
  if (signal.aborted) return stoppedBy(signal);
  return outcomes.find(({ state }) => state === 'Stopped') ?? { state: 'Completed' };
}
