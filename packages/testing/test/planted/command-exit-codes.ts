/**
 * Breaks this rule: a code that says failure is not among the success codes
 * (jobs specification, 2.7; plugin contract, section 3, Command type).
 */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandExitCodes',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: workProgram(spec), successExitCodes: [0, 1, 2, 3] }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a code that says failure is not among the success codes', subject: workSubject(type) };
