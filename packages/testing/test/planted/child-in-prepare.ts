/** Breaks this rule: prepare does no work: children are started by start (plugin contract, section 3, Code type, and 4). */
import { type ChildJob, defineCodeJobType } from '@nightshift/sdk';
import { familySpec, familySubject, parentOutcome } from './parts/family.ts';
import { doWork, type Planted, whenStopped } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedChildInPrepare',
  description: 'Runs its task in children.',
  runs: 'code',
  capabilities: {},
  spec: familySpec,
  async prepare(context) {
    const { spec, signal } = context;
    const children: ChildJob[] = [];
    for (let started = 0; started < spec.children; started++) {
      children.push(await context.startChild({ type: 'PlantedChildInPrepare', spec: { ...spec, children: 0 } }));
    }
    void whenStopped(signal).then(() => Promise.all(children.map((child) => child.stop('parent'))));
    return {
      async start() {
        if (children.length === 0) return doWork(context);
        return parentOutcome(await Promise.all(children.map(({ finished }) => finished)), signal);
      },
      async [Symbol.asyncDispose]() {
        await Promise.all(children.map((child) => child.stop('parent')));
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'prepare does no work: children are started by start', subject: familySubject(type) };
