/** Breaks this rule: a parent with a Failed child is Failed (jobs specification, 3.2). */
import { type ChildJob, type ChildJobRequest, defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { familySpec, familySubject } from './parts/family.ts';
import { doWork, type Planted, stoppedBy, whenStopped } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedChildFailureIgnored',
  description: 'Runs its task in children.',
  runs: 'code',
  capabilities: {},
  spec: familySpec,
  async prepare(context) {
    return {
      async start(): Promise<JobOutcome> {
        if (context.spec.children === 0) return doWork(context);
        if (context.signal.aborted) return stoppedBy(context.signal);
        const request: ChildJobRequest = { type: 'PlantedChildFailureIgnored', spec: { ...context.spec, children: 0 } };
        const children: ChildJob[] = [];
        for (let started = 0; started < context.spec.children; started++) children.push(await context.startChild(request));
        void whenStopped(context.signal).then(() => Promise.all(children.map((child) => child.stop('parent'))));
        await Promise.all(children.map(({ finished }) => finished));
        return context.signal.aborted ? stoppedBy(context.signal) : { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a parent with a Failed child is Failed', subject: familySubject(type) };
