/** Breaks this rule: an output record is a JSON value: undefined is none (plugin contract, section 3, Streams). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordUndefined',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        await context.streams.output.write(context.spec.items.find((item) => item === 'none of them'));
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'an output record is a JSON value: undefined is none', subject: workSubject(type) };
