/** Breaks this rule: disposal works in every ending, also after start has closed what it opened (plugin contract, section 3, JobRun). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

/** A connection that may be closed once. */
function openConnection(): { close(): void } {
  let open = true;
  return {
    close() {
      if (!open) throw new Error('the connection is closed');
      open = false;
    },
  };
}

const type = defineCodeJobType({
  name: 'PlantedDisposeThrows',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const connection = openConnection();
    return {
      async start() {
        const outcome = await doWork(context);
        connection.close();
        return outcome;
      },
      async [Symbol.asyncDispose]() {
        connection.close();
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal works in every ending, also after start has closed what it opened', subject: workSubject(type) };
