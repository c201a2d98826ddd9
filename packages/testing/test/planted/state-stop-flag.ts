/** Breaks this rule: a type is stateless: one run that is stopped stops no other (plugin contract, section 3; contract, JobTypeFacts). */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, whenStopped, workSpec, workSubject } from './parts/work.ts';

let stopping = false;

const type = defineCodeJobType({
  name: 'PlantedStateStopFlag',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const { spec, streams, signal } = context;
    signal.addEventListener('abort', () => (stopping = true), { once: true });
    if (signal.aborted) stopping = true;
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        for (const item of spec.items) {
          if (stopping) return { state: 'Stopped', reason: String(signal.reason ?? 'stopped') };
          await streams.output.write({ item });
        }
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a type is stateless: one run that is stopped stops no other', subject: workSubject(type) };
