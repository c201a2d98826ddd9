/** Breaks this rule: disposal ends also when start was not called (plugin contract, section 3, JobRun, and 4). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedDisposeHangsUnstarted',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const ended = Promise.withResolvers<void>();
    return {
      async start() {
        try {
          return await doWork(context);
        } finally {
          ended.resolve();
        }
      },
      async [Symbol.asyncDispose]() {
        await ended.promise;
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'disposal ends also when start was not called', subject: workSubject(type) };
