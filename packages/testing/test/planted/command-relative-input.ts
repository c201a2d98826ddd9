/** Breaks this rule: the input file of a command is absolute (plugin contract, section 3, Command type; contract, CommandLine). */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandRelativeInput',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: workProgram(spec), inputFile: 'items.txt' }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the input file of a command is absolute', subject: workSubject(type) };
