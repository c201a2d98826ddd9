/**
 * Breaks this rule: prepare has acquired everything when it resolves: start finds it ready
 * (plugin contract, section 3, Code type, and 4).
 */
import { defineCodeJobType, type JobOutcome } from '@nightshift/sdk';
import { type Planted, stoppedBy, whenStopped, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedPrepareReturnsEarly',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare({ spec, streams, signal, clock }) {
    const released = new AbortController();
    let greeting: string | undefined;
    void clock.sleep(500, AbortSignal.any([signal, released.signal])).then(
      () => (greeting = 'hello'),
      () => undefined,
    );
    return {
      async start(): Promise<JobOutcome> {
        if (spec.task === 'break') return { state: 'Failed', error: new Error('the task is broken') };
        if (spec.task === 'wait') await whenStopped(signal);
        if (signal.aborted) return stoppedBy(signal);
        if (greeting === undefined) return { state: 'Failed', error: new Error('the greeting has not come yet') };
        for (const item of spec.items) await streams.output.write({ item, greeting });
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {
        released.abort();
      },
    };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'prepare has acquired everything when it resolves: start finds it ready', subject: workSubject(type) };
