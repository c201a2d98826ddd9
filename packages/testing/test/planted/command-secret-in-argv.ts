/**
 * Breaks this rule: a secret is a reference, never a value: it does not stand in argv
 * (plugin contract, section 3, Command type, and 8.7).
 */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

// Such a variable stands in the environment of whoever starts the job.
process.env['PLANTED_TOKEN'] ??= 'b7f1c0de-planted-token';

const type = defineCommandJobType({
  name: 'PlantedCommandSecretInArgv',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({
    argv: [...workProgram(spec), `--token=${process.env['PLANTED_TOKEN']}`],
    secrets: { PLANTED_TOKEN: 'env:PLANTED_TOKEN' },
  }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a secret is a reference, never a value: it does not stand in argv', subject: workSubject(type) };
