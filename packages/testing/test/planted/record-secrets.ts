/** Breaks this rule: resolved secrets are never stored, printed or logged (plugin contract, section 3, JobContext.secrets, and 8.7). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordSecrets',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        const { secrets, environment } = context;
        await context.streams.debug.write(`settings: ${JSON.stringify({ environment, secrets })}`);
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'resolved secrets are never stored, printed or logged', subject: workSubject(type) };
