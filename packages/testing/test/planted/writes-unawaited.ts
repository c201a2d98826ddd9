/**
 * Breaks this rule: awaiting write is the back-pressure: a run does not run ahead of its reader
 * (plugin contract, section 3, JobContext.streams).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedWritesUnawaited',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        const pending: Promise<void>[] = [];
        if (spec.task !== 'break') for (let line = 0; line < 5_000; line++) pending.push(streams.output.write({ line }));
        await Promise.all(pending);
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        return signal.aborted ? stoppedBy(signal) : { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'awaiting write is the back-pressure: a run does not run ahead of its reader', subject: workSubject(type) };
