/** Breaks this rule: argv is a list of words: no shell looks at it (plugin contract, section 3, Command type). */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandArgvLine',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: [workProgram(spec).join(' ')] }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'argv is a list of words: no shell looks at it', subject: workSubject(type) };
