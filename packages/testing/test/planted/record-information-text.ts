/** Breaks this rule: an information record is an object with a message (plugin contract, section 3, Streams). */
import { defineCodeJobType, type InformationRecord } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordInformationText',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        await context.streams.information.write('hello' as unknown as InformationRecord);
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'an information record is an object with a message', subject: workSubject(type) };
