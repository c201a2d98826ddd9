/** Breaks this rule: the working directory of a command is absolute (plugin contract, section 3, Command type). */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandRelativeDirectory',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: workProgram(spec), workingDirectory: '.' }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the working directory of a command is absolute', subject: workSubject(type) };
