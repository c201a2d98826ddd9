/** Breaks this rule: an error record is an object with a message (plugin contract, section 3, Streams). */
import { defineCodeJobType, type ErrorRecord } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordErrorText',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        await context.streams.error.write('one item was left out' as unknown as ErrorRecord);
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'an error record is an object with a message', subject: workSubject(type) };
