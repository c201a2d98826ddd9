/** Breaks this rule: a parent has not ended while a child runs (jobs specification, 3.2). */
import { type ChildJob, type ChildJobRequest, defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { familySpec, familySubject, parentOutcome } from './parts/family.ts';
import { doWork, pause, type Planted, stoppedBy, whenStopped } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedChildNotAwaited',
  description: 'Runs its task in children.',
  runs: 'code',
  capabilities: {},
  spec: familySpec,
  async prepare(context) {
    return {
      async start(): Promise<JobOutcome> {
        if (context.spec.children === 0) {
          await pause(context.clock, 500, context.signal);
          return doWork(context);
        }
        if (context.signal.aborted) return stoppedBy(context.signal);
        const request: ChildJobRequest = { type: 'PlantedChildNotAwaited', spec: { ...context.spec, children: 0 } };
        const children: ChildJob[] = [];
        for (let started = 0; started < context.spec.children; started++) children.push(await context.startChild(request));
        if (context.spec.task === 'finish') return { state: 'Completed' };
        void whenStopped(context.signal).then(() => Promise.all(children.map((child) => child.stop('parent'))));
        return parentOutcome(await Promise.all(children.map(({ finished }) => finished)), context.signal);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a parent has not ended while a child runs', subject: familySubject(type) };
