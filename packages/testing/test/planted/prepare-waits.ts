/** Breaks this rule: prepare ends within 30 s and waits for nothing that start should do (plugin contract, section 4). */
import { defineCodeJobType, type JobRun } from '@nightshift/sdk';
import { doWork, type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedPrepareWaits',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const started = Promise.withResolvers<void>();
    const run: JobRun = {
      async start() {
        started.resolve();
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
    await Promise.race([started.promise, whenStopped(context.signal)]);
    return run;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'prepare ends within 30 s and waits for nothing that start should do', subject: workSubject(type) };
