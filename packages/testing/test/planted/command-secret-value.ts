/** Breaks this rule: a secret is named by a reference, never by its value (plugin contract, section 3, Command type, and 8.7). */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandSecretValue',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: workProgram(spec), secrets: { PLANTED_TOKEN: `b7f1c0de-${spec.task}` } }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a secret is named by a reference, never by its value', subject: workSubject(type) };
