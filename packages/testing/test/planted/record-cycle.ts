/** Breaks this rule: records survive JSON: cycles are refused (plugin contract, section 3, Streams). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedRecordCycle',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    return {
      async start() {
        const node: { readonly items: readonly string[]; parent?: unknown } = { items: context.spec.items };
        node.parent = node;
        await context.streams.output.write(node);
        return doWork(context);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'records survive JSON: cycles are refused', subject: workSubject(type) };
