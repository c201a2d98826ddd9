/**
 * Breaks this rule: suspend holds the run back and does not end it
 * (jobs specification, 2.3, Suspending; plugin contract, section 3, suspend; contract, SuspendableRun).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { pause, type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedSuspendEnds',
  description: 'Writes its items, page by page.',
  runs: 'code',
  capabilities: { suspend: true },
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    const suspended = new AbortController();
    const ended = AbortSignal.any([signal, suspended.signal]);
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        do {
          for (const item of spec.items) {
            if (ended.aborted) return stoppedBy(ended);
            await streams.output.write({ item });
          }
          if (spec.task === 'wait') await pause(clock, 100, ended);
        } while (spec.task === 'wait');
        return { state: 'Completed' };
      },
      async suspend(reason: string) {
        suspended.abort(reason);
      },
      async resume() {},
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'suspend holds the run back and does not end it', subject: workSubject(type) };
