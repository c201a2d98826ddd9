/** Breaks this rule: disposal has released everything when it resolves (plugin contract, section 3, JobRun). */
import { createServer } from 'node:net';
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDisposeUnfinished',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      start: () => doWork(context),
      async [Symbol.asyncDispose]() {
        void context.clock.sleep(5_000).then(() => server.close());
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal has released everything when it resolves', subject: workSubject(type) };
