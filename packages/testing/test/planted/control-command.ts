/** Right in every respect: a command type that must pass. */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Subject, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedControlCommand',
  aliases: ['PlantedControlProgram'],
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec, workingDirectory }) => ({ argv: workProgram(spec), environment: { PLANTED_TASK: spec.task, PLANTED_OLD: null }, workingDirectory }),
});

/** Nothing is wrong with it. */
export const control: { readonly subject: Subject } = { subject: workSubject(type) };
