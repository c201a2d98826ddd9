/** Breaks this rule: kill works when a stop is under way: it is the end of the grace period (plugin contract, section 3, kill, and 4). */
import { defineCodeJobType, type StopReason } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedKillAfterStopThrows',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { kill: true },
  spec: workSpec,
  async prepare(context) {
    const killed = new AbortController();
    return {
      start: () => doWork({ ...context, signal: AbortSignal.any([context.signal, killed.signal]) }),
      async kill(reason: StopReason) {
        if (context.signal.aborted) throw new Error('it is being stopped already');
        killed.abort(reason);
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'kill works when a stop is under way: it is the end of the grace period', subject: workSubject(type) };
