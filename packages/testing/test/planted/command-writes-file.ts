/** Breaks this rule: command is free of effects: printing a job calls it too (plugin contract, section 3, Command type). */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineCommandJobType } from '@nightshift/sdk';
import { type Planted, workProgram, workSpec, workSubject } from './parts/work.ts';

const type = defineCommandJobType({
  name: 'PlantedCommandWritesFile',
  description: 'Prints its items.',
  runs: 'command',
  capabilities: { persist: true },
  spec: workSpec,
  async command({ spec, workingDirectory }) {
    const script = join(workingDirectory, 'planted-items.txt');
    await writeFile(script, spec.items.join(','));
    return { argv: workProgram(spec) };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'command is free of effects: printing a job calls it too', subject: workSubject(type) };
