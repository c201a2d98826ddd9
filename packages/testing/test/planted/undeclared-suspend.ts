/**
 * Breaks this rule: a capability that is implemented is declared: claiming less fails as well
 * (plugin contract, section 3, capabilities).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { createGate } from './parts/gate.ts';
import { pause, type Planted, stoppedBy, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedUndeclaredSuspend',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const { spec, streams, signal, clock } = context;
    const gate = createGate(signal);
    const run = {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        do {
          for (const item of spec.items) await gate.step(() => streams.output.write({ item }));
          if (spec.task === 'wait') await pause(clock, 100, signal);
        } while (spec.task === 'wait' && !signal.aborted);
        return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
      },
      suspend: () => gate.close(),
      async resume() {
        gate.open();
      },
      async [Symbol.asyncDispose]() {},
    };
    return run;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a capability that is implemented is declared: claiming less fails as well', subject: workSubject(type) };
