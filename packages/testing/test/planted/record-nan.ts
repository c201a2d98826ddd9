/** Breaks this rule: records survive JSON: NaN becomes null (plugin contract, section 3, Streams). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordNan',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        const items: readonly string[] = [];
        await context.streams.output.write({ average: items.length / items.length });
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'records survive JSON: NaN becomes null', subject: workSubject(type) };
