/** Breaks this rule: disposal releases everything: temporary folders too (plugin contract, section 3, JobRun). */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakFolder',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const folder = await mkdtemp(join(tmpdir(), 'planted-leak-folder-'));
    return {
      async start() {
        await writeFile(join(folder, 'scratch'), context.spec.items.join(String.fromCharCode(10)));
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal releases everything: temporary folders too', subject: workSubject(type) };
