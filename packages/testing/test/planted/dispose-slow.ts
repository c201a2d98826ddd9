/** Breaks this rule: disposal ends within 10 s (plugin contract, section 4). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDisposeSlow',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      start: () => doWork(context),
      async [Symbol.asyncDispose]() {
        // The other side may still want something.
        await context.clock.sleep(60_000);
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal ends within 10 s', subject: workSubject(type) };
