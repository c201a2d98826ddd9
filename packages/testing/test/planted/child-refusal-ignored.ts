/**
 * Breaks this rule: a child that cannot be started is a failure: startChild rejects with the codes of start-job
 * (jobs specification, 3.4; contract, JobContext.startChild).
 */
import { type ChildJob, defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { familySpec, familySubject, parentOutcome } from './parts/family.ts';
import { doWork, type Planted, stoppedBy, whenStopped } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedChildRefusalIgnored',
  description: 'Runs its task in children.',
  runs: 'code',
  capabilities: {},
  spec: familySpec,
  async prepare(context) {
    return {
      async start(): Promise<JobOutcome> {
        if (context.spec.children === 0) return doWork(context);
        if (context.signal.aborted) return stoppedBy(context.signal);
        // The task that is broken asks for a type that nobody offers.
        const type = context.spec.task === 'break' ? 'PlantedNowhere' : 'PlantedChildRefusalIgnored';
        const children: ChildJob[] = [];
        for (let started = 0; started < context.spec.children; started++) {
          await context.startChild({ type, spec: { ...context.spec, children: 0 } }).then(
            (child) => children.push(child),
            () => undefined,
          );
        }
        void whenStopped(context.signal).then(() => Promise.all(children.map((child) => child.stop('parent'))));
        return parentOutcome(await Promise.all(children.map(({ finished }) => finished)), context.signal);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = {
  rule: 'a child that cannot be started is a failure: startChild rejects with the codes of start-job',
  subject: familySubject(type),
};
