/**
 * Breaks this rule: disposal releases everything: nothing of the run waits for the clock afterwards
 * (plugin contract, section 3, JobRun).
 */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedLeakHeartbeat',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    let beats = 0;
    void (async () => {
      for (;;) {
        await context.clock.sleep(30_000);
        beats += 1;
      }
    })();
    return {
      async start() {
        await context.streams.debug.write(`${beats} heartbeats so far`);
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal releases everything: nothing of the run waits for the clock afterwards', subject: workSubject(type) };
