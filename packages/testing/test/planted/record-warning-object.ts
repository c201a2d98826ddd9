/** Breaks this rule: a warning record is text (plugin contract, section 3, Streams). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordWarningObject',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        await context.streams.warning.write({ message: 'this may take a while' } as unknown as string);
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a warning record is text', subject: workSubject(type) };
