/** Breaks this rule: delegate answers at once, with a value (plugin contract, section 3, Delegate type; contract, DelegateJobType). */
import { type ChildJobRequest, defineDelegateJobType } from '@nightshift/sdk';
import { innerSpec, type InnerSpec, innerSubject } from './parts/inner.ts';
import type { Planted } from './parts/work.ts';

const type = defineDelegateJobType({
  name: 'PlantedDelegatePromise',
  description: 'Runs another job.',
  runs: 'delegate',
  capabilities: { persist: true, triggers: true },
  spec: innerSpec,
  delegate: (async ({ spec }: { readonly spec: InnerSpec }) => ({ type: spec.type, spec: spec.job })) as unknown as () => ChildJobRequest,
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'delegate answers at once, with a value', subject: innerSubject(type) };
