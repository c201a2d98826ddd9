/** Breaks this rule: nothing is written after start has settled (plugin contract, section 4). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedWriteAfterEnd',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        const outcome = await doWork(context);
        setImmediate(() => void context.streams.verbose.write('that was all').catch(() => undefined));
        return outcome;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'nothing is written after start has settled', subject: workSubject(type) };
