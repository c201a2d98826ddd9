/** Breaks this rule: delegate returns the one child (plugin contract, section 3, Delegate type; contract, DelegateJobType). */
import { type ChildJobRequest, defineDelegateJobType } from '@nightshift/sdk';
import { innerSpec, innerSubject } from './parts/inner.ts';
import type { Planted } from './parts/work.ts';

const type = defineDelegateJobType({
  name: 'PlantedDelegateList',
  description: 'Runs another job.',
  runs: 'delegate',
  capabilities: { persist: true, triggers: true },
  spec: innerSpec,
  delegate: ({ spec }) => [{ type: spec.type, spec: spec.job }] as unknown as ChildJobRequest,
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'delegate returns the one child', subject: innerSubject(type) };
