/** Breaks this rule: a run is disposed also when start was not called (plugin contract, section 3, JobRun). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDisposeThrowsUnstarted',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    let connection: { close(): void } | undefined;
    return {
      start() {
        connection = { close: () => undefined };
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {
        connection!.close();
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run is disposed also when start was not called', subject: workSubject(type) };
