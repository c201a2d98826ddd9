/**
 * Breaks this rule: delegate is free of effects: validation calls it too
 * (plugin contract, section 3, Delegate type; contract, DelegateJobType).
 */
import { defineDelegateJobType } from '@nightshift/sdk';
import { innerSpec, innerSubject } from './parts/inner.ts';
import type { Planted } from './parts/work.ts';

let children = 0;

const type = defineDelegateJobType({
  name: 'PlantedDelegateCounts',
  description: 'Runs another job.',
  runs: 'delegate',
  capabilities: { persist: true, triggers: true },
  spec: innerSpec,
  delegate: ({ spec, name }) => ({ type: spec.type, name: `${name}-${++children}`, spec: spec.job }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'delegate is free of effects: validation calls it too', subject: innerSubject(type) };
