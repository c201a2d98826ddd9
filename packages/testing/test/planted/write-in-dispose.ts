/** Breaks this rule: nothing is written after the end (plugin contract, section 3, Streams, and 4). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedWriteInDispose',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      start: () => doWork(context),
      async [Symbol.asyncDispose]() {
        await context.streams.verbose.write('released').catch(() => undefined);
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'nothing is written after the end', subject: workSubject(type) };
