/**
 * Breaks this rule: delegate names another job: a type that names itself never ends
 * (plugin contract, section 3, Delegate type; contract, DelegateJobType).
 */
import { defineDelegateJobType } from '@nightshift/sdk';
import { innerSpec, innerSubject } from './parts/inner.ts';
import type { Planted } from './parts/work.ts';

const type = defineDelegateJobType({
  name: 'PlantedDelegateItself',
  description: 'Runs another job.',
  runs: 'delegate',
  capabilities: { persist: true, triggers: true },
  spec: innerSpec,
  delegate: ({ spec }) => ({ type: 'PlantedDelegateItself', spec }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'delegate names another job: a type that names itself never ends', subject: innerSubject(type) };
