/**
 * Breaks this rule: blocked needs the capability input and throws without it
 * (plugin contract, section 3, JobContext.blocked, and capabilities).
 */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedBlockedUndeclared',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        if (context.spec.task === 'finish') context.blocked('Has the disk been changed?');
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'blocked needs the capability input and throws without it', subject: workSubject(type) };
