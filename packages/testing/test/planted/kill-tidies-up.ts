/** Breaks this rule: kill ends now, without tidying up (plugin contract, section 3, kill; contract, KillableRun). */
import { defineCodeJobType, type StopReason } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedKillTidiesUp',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { kill: true },
  spec: workSpec,
  async prepare(context) {
    const killed = new AbortController();
    return {
      start: () => doWork({ ...context, signal: AbortSignal.any([context.signal, killed.signal]) }),
      async kill(reason: StopReason) {
        await context.clock.sleep(30_000); // the other side gets time to say goodbye
        killed.abort(reason);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'kill ends now, without tidying up', subject: workSubject(type) };
