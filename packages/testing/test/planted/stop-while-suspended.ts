/** Breaks this rule: a run that is suspended can be stopped (jobs specification, 2.3, Suspended). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { pause, type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedStopWhileSuspended',
  description: 'Writes its items, page by page.',
  runs: 'code',
  capabilities: { suspend: true },
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    let closed: PromiseWithResolvers<void> | undefined;
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        do {
          for (const item of spec.items) {
            await closed?.promise;
            if (signal.aborted) return stoppedBy(signal);
            await streams.output.write({ item });
          }
          if (spec.task === 'wait') await pause(clock, 100, signal);
        } while (spec.task === 'wait');
        return { state: 'Completed' };
      },
      async suspend() {
        closed ??= Promise.withResolvers<void>();
      },
      async resume() {
        closed?.resolve();
        closed = undefined;
      },
      async [Symbol.asyncDispose]() {
        closed?.resolve();
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run that is suspended can be stopped', subject: workSubject(type) };
