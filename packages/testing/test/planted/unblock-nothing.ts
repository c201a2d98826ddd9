/** Breaks this rule: unblock ends the wait that blocked began (plugin contract, section 3, input; contract, AnswerableRun). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { doWork, type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedUnblockNothing',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { input: true },
  spec: workSpec,
  async prepare(context) {
    let answer: unknown;
    const asked = Promise.withResolvers<void>();
    return {
      async start(): Promise<JobOutcome> {
        if (context.spec.task === 'finish' && !context.signal.aborted) {
          context.blocked('Go on?');
          await Promise.race([asked.promise, whenStopped(context.signal)]);
          await context.streams.verbose.write(`the answer was ${JSON.stringify(answer)}`);
        }
        return doWork(context);
      },
      async unblock(input: unknown) {
        answer = input; // and nobody is told
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'unblock ends the wait that blocked began', subject: workSubject(type) };
