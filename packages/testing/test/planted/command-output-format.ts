/** Breaks this rule: the output format of a command is lines or ndjson (plugin contract, section 3, Command type). */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandOutputFormat',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: workProgram(spec), outputFormat: 'json' as unknown as 'ndjson' }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the output format of a command is lines or ndjson', subject: workSubject(type) };
