/** Breaks this rule: the spec of a request is read-only (plugin contract, section 3, DescribeRequest; contract, DescribeRequest). */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandMutatesSpec',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command({ spec }) {
    const items = spec.items as string[];
    items.push('the end');
    return { argv: workProgram(spec) };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the spec of a request is read-only', subject: workSubject(type) };
