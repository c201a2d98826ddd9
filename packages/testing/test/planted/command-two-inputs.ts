/** Breaks this rule: input and inputFile are not given together (plugin contract, section 3, Command type; contract, CommandLine). */
import { devNull } from 'node:os';
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandTwoInputs',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: workProgram(spec), input: spec.items, inputFile: devNull }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'input and inputFile are not given together', subject: workSubject(type) };
