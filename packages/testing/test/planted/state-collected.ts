/** Breaks this rule: a type is stateless: no run sees what another has gathered (plugin contract, section 3; contract, JobTypeFacts). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const gathered: string[] = [];

const type = defineCodeJobType({
  name: 'PlantedStateCollected',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        gathered.push(...context.spec.items);
        await context.streams.output.write({ gathered: [...gathered] });
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a type is stateless: no run sees what another has gathered', subject: workSubject(type) };
