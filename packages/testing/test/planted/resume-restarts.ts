/**
 * Breaks this rule: resume goes on where suspend held the work back
 * (jobs specification, 14.5; plugin contract, section 3, suspend; contract, SuspendableRun).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { createGate } from './parts/gate.ts';
import { pause, type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedResumeRestarts',
  description: 'Writes its items, page by page.',
  runs: 'code',
  capabilities: { suspend: true },
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    const gate = createGate(signal);
    let line = 0;
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        for (line = 0; spec.task === 'wait' || line < spec.items.length; line++) {
          const written = await gate.step(() => streams.output.write({ line }));
          if (!written) return stoppedBy(signal);
          if (spec.task === 'wait') await pause(clock, 100, signal);
        }
        return { state: 'Completed' };
      },
      suspend: () => gate.close(),
      async resume() {
        line = -1;
        gate.open();
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'resume goes on where suspend held the work back', subject: workSubject(type) };
