/** Breaks this rule: a run that is blocked can be stopped (jobs specification, 2.3, Blocked). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedStopWhileBlocked',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { input: true },
  spec: workSpec,
  async prepare(context) {
    const answer = Promise.withResolvers<unknown>();
    return {
      async start() {
        if (context.spec.task === 'wait' && !context.signal.aborted) {
          context.blocked('Go on?');
          await answer.promise;
        }
        return doWork(context);
      },
      async unblock(input: unknown) {
        answer.resolve(input);
      },
      async [Symbol.asyncDispose]() {
        answer.resolve(undefined);
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run that is blocked can be stopped', subject: workSubject(type) };
