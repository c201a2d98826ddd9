/**
 * Breaks this rule: command answers for every origin: on demand, by a trigger, for a parent
 * (plugin contract, section 3, DescribeRequest).
 */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandDemandOnly',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command({ spec, origin }) {
    if (origin.kind === 'demand') return { argv: workProgram(spec) };
    const { dueAt } = origin as { readonly dueAt: Date };
    return { argv: workProgram(spec), environment: { PLANTED_DUE: dueAt.toISOString() } };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'command answers for every origin: on demand, by a trigger, for a parent', subject: workSubject(type) };
