/** A job type of somebody's own, and how its author tests it with nothing but Node. */
import { describe, test } from 'node:test';
import { defineCodeJobType, type SpecSchema } from '@nightshift/sdk';
import { exerciseJobType } from '@nightshift/testing';

interface TickSpec {
  readonly ticks: number;
}

const spec: SpecSchema<TickSpec> = {
  '~standard': {
    version: 1,
    vendor: 'example',
    validate: (value) => {
      const { ticks } = (value ?? {}) as Partial<TickSpec>;
      return typeof ticks === 'number' ? { value: { ticks } } : { issues: [{ message: '"ticks" must be a number', path: ['ticks'] }] };
    },
  },
};

const tickJob = defineCodeJobType({
  name: 'TickJob',
  description: 'Counts ticks, one a second.',
  runs: 'code',
  capabilities: {},
  spec,
  prepare: async ({ spec: { ticks }, streams, clock, signal }) => ({
    async start() {
      if (ticks < 0) return { state: 'Failed', error: new Error('time does not go back') };
      for (let tick = 1; tick <= ticks && !signal.aborted; tick++) {
        await streams.output.write({ tick });
        if (tick < ticks) await clock.sleep(1_000, signal).catch(() => {});
      }
      return signal.aborted ? { state: 'Stopped', reason: signal.reason as string } : { state: 'Completed' };
    },
    async [Symbol.asyncDispose]() {},
  }),
});

exerciseJobType({ describe, test, skip: (title) => void test(title, { skip: true }) }, {
  type: tickJob, completes: { ticks: 1 }, fails: { ticks: -1 }, runsUntilStopped: { ticks: 1e9 }, invalid: [{}, { ticks: 'many' }],
});
