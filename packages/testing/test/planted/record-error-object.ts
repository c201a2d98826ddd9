/** Breaks this rule: an error record has its message when it is read: an Error has none in JSON (plugin contract, section 3, Streams). */
import { defineCodeJobType, type ErrorRecord } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordErrorObject',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        await context.streams.error.write({ ...new Error('one item was left out') } as ErrorRecord);
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'an error record has its message when it is read: an Error has none in JSON', subject: workSubject(type) };
