/**
 * Breaks this rule: suspend resolves when nothing moves any more, and nothing moves until resume
 * (plugin contract, section 3, suspend; contract, SuspendableRun).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { pause, type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedSuspendGoesOn',
  description: 'Writes its items, page by page.',
  runs: 'code',
  capabilities: { suspend: true },
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    let suspended = false;
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        do {
          for (const item of spec.items) {
            if (signal.aborted) return stoppedBy(signal);
            await streams.output.write({ item, suspended });
          }
          if (spec.task === 'wait') await pause(clock, 100, signal);
        } while (spec.task === 'wait');
        return { state: 'Completed' };
      },
      async suspend() {
        suspended = true;
      },
      async resume() {
        suspended = false;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'suspend resolves when nothing moves any more, and nothing moves until resume', subject: workSubject(type) };
