/**
 * Breaks this rule: an outcome is Completed, Failed or Stopped, spelled as PowerShell spells them
 * (plugin contract, section 3, JobOutcome; jobs specification, 2.1).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedOutcomeLowerCase',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal }) {
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        if (signal.aborted) return stoppedBy(signal);
        for (const item of spec.items) await streams.output.write({ item });
        return { state: 'completed' } as unknown as JobOutcome;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'an outcome is Completed, Failed or Stopped, spelled as PowerShell spells them', subject: workSubject(type) };
