/** Breaks this rule: start settles soon after kill (plugin contract, section 3, kill; contract, KillableRun). */
import { defineCodeJobType } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedKillNoEnd',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { kill: true },
  spec: workSpec,
  async prepare(context) {
    let killed = false;
    return {
      async start() {
        if (killed) return { state: 'Stopped', reason: 'stopped' };
        return doWork(context);
      },
      async kill() {
        killed = true;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'start settles soon after kill', subject: workSubject(type) };
