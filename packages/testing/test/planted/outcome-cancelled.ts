/**
 * Breaks this rule: a run that was stopped ends Stopped; there is no other word for it
 * (plugin contract, section 3, JobOutcome; jobs specification, 2.1).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedOutcomeCancelled',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        if (signal.aborted) return { state: 'Cancelled', reason: String(signal.reason) } as unknown as JobOutcome;
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run that was stopped ends Stopped; there is no other word for it', subject: workSubject(type) };
