/** Breaks this rule: records survive JSON: functions are refused (plugin contract, section 3, Streams). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordFunction',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        await context.streams.output.write({ items: context.spec.items, render: () => context.spec.items.join(', ') });
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'records survive JSON: functions are refused', subject: workSubject(type) };
