import type { Instance, Lease } from '@nightshift/sdk';

/** A lease of the run `i`, which is its own job. */
export function leaseOf(fence: number, attempt = 1): Lease {
  const instance: Instance = { id: 1, instanceId: 'i', name: 'Job1', type: 'T', location: 'one', command: 'x', origin: { kind: 'demand', runNow: false }, attempt, state: 'Running', fence, run: { carries: 'i' } };
  return { instance, job: instance, host: 'one', fence, token: `t/${fence}` };
}
