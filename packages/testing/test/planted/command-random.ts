/** Breaks this rule: command describes: two calls for one job give one answer (plugin contract, section 3, Command type). */
import { randomUUID } from 'node:crypto';
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandRandom',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  command: ({ spec }) => ({ argv: [...workProgram(spec), randomUUID()] }),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'command describes: two calls for one job give one answer', subject: workSubject(type) };
