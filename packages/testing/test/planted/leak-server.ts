/** Breaks this rule: disposal releases everything: no socket keeps the process alive (plugin contract, section 3, JobRun). */
import { createServer } from 'node:net';
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakServer',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const server = createServer((socket) => socket.end('busy'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return workRun(context);
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal releases everything: no socket keeps the process alive', subject: workSubject(type) };
