/** Breaks this rule: disposal releases everything in every ending, also after a stop (plugin contract, section 3, JobRun). */
import { createServer } from 'node:net';
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakAfterStop',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const server = createServer((socket) => socket.end('busy'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
    let disposable = true;
    return {
      async start() {
        const outcome = await doWork(context);
        disposable = outcome.state !== 'Stopped'; // whoever stopped it has surely closed it
        return outcome;
      },
      async [Symbol.asyncDispose]() {
        if (disposable) await close();
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal releases everything in every ending, also after a stop', subject: workSubject(type) };
