/** Breaks this rule: the percent of a progress record is 0 to 100 (plugin contract, section 3, Streams). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordPercent',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        // The total is an estimate.
        for (const done of [1, 2, 3]) await context.streams.progress.write({ activity: 'Working', percent: (done / 2) * 100 });
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the percent of a progress record is 0 to 100', subject: workSubject(type) };
