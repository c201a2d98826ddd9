/**
 * Breaks this rule: a variable of a command is a text, or null which removes it
 * (plugin contract, section 3, Command type; contract, CommandLine).
 */
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandEnvironmentNumber',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({
    argv: workProgram(spec),
    environment: { PLANTED_ITEMS: spec.items.length } as unknown as Readonly<Record<string, string>>,
  }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a variable of a command is a text, or null which removes it', subject: workSubject(type) };
