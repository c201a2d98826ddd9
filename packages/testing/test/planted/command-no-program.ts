/** Breaks this rule: argv holds at least the program (plugin contract, section 3, Command type). */
import { type CommandLine, defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandNoProgram',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: (spec.items.length === 0 ? [] : workProgram(spec)) as unknown as CommandLine['argv'] }),
});

/** The fault and how to exercise it. */
export const fault: Planted = {
  rule: 'argv holds at least the program',
  subject: { ...workSubject(type), completes: { task: 'finish', items: [] } },
};
