/**
 * Breaks this rule: the reason of Stopped is that of the signal: the first reason wins
 * (plugin contract, section 3, JobContext.signal, and 4).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedStopOwnReason',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        if (signal.aborted) return { state: 'Stopped', reason: 'cancelled by the user' };
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the reason of Stopped is that of the signal: the first reason wins', subject: workSubject(type) };
