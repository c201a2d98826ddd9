/**
 * Breaks this rule: a capability that is implemented is declared: claiming less fails as well
 * (plugin contract, section 3, capabilities).
 */
import { defineCodeJobType, type StopReason } from '@nightshift/sdk';
import { doWork, type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedUndeclaredKill',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const killed = new AbortController();
    const run = {
      start: () => doWork({ ...context, signal: AbortSignal.any([context.signal, killed.signal]) }),
      async kill(reason: StopReason) {
        killed.abort(reason);
      },
      async [Symbol.asyncDispose]() {},
    };
    return run;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a capability that is implemented is declared: claiming less fails as well', subject: workSubject(type) };
