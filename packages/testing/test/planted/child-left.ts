/** Breaks this rule: stopping a parent stops every child (jobs specification, 3.3). */
import { type ChildJobRequest, defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { familySpec, familySubject, parentOutcome } from './parts/family.ts';
import { doWork, type Planted, stoppedBy, whenStopped } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedChildLeft',
  description: 'Runs its task in children.',
  runs: 'code',
  capabilities: {},
  spec: familySpec,
  async prepare(context) {
    return {
      async start(): Promise<JobOutcome> {
        if (context.spec.children === 0) return doWork(context);
        if (context.signal.aborted) return stoppedBy(context.signal);
        const request: ChildJobRequest = { type: 'PlantedChildLeft', spec: { ...context.spec, children: 0 } };
        const children = await Promise.all(Array.from({ length: context.spec.children }, () => context.startChild(request)));
        const outcomes = Promise.all(children.map(({ finished }) => finished)).then((all) => parentOutcome(all, context.signal));
        return Promise.race([outcomes, whenStopped(context.signal).then(() => stoppedBy(context.signal))]);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'stopping a parent stops every child', subject: familySubject(type) };
