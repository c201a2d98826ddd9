/** Breaks this rule: the members of argv are texts (plugin contract, section 3, Command type; contract, CommandLine). */
import { type CommandLine, defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandArgvNumber',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: [...workProgram(spec), spec.items.length] as unknown as CommandLine['argv'] }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the members of argv are texts', subject: workSubject(type) };
