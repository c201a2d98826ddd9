/** Breaks this rule: resume resolves when work goes on (plugin contract, section 3, suspend; contract, SuspendableRun). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { pause, type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedResumeStays',
  description: 'Writes its items, page by page.',
  runs: 'code',
  capabilities: { suspend: true },
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    let closed: Promise<void> | undefined;
    const whenEnded = whenStopped(signal);
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        do {
          for (const item of spec.items) {
            await Promise.race([closed, whenEnded]);
            if (signal.aborted) return stoppedBy(signal);
            await streams.output.write({ item });
          }
          if (spec.task === 'wait') await pause(clock, 100, signal);
        } while (spec.task === 'wait');
        return { state: 'Completed' };
      },
      async suspend() {
        closed ??= new Promise(() => undefined);
      },
      async resume() {
        closed = undefined; // whoever waits already has the old one
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'resume resolves when work goes on', subject: workSubject(type) };
