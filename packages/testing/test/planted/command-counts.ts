/**
 * Breaks this rule: command is free of effects: it keeps no state between its calls
 * (plugin contract, section 3, Command type; contract, JobTypeFacts).
 */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

let runs = 0;

const type = defineCommandJobType({
  name: 'PlantedCommandCounts',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: workProgram(spec), environment: { PLANTED_RUN: String(++runs) } }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'command is free of effects: it keeps no state between its calls', subject: workSubject(type) };
