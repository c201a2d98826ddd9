import { isFinished, type Instance, type JobStore } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';
import { transition } from './transition.ts';

/**
 * Ends as Failed (interrupted) what another machine, or another container, left unfinished: nobody here can ever look at what
 * runs there. Somebody has said that this machine is gone for good. What is ours stays as it is.
 */
export async function abandon({ launcher, clock }: Pick<CoreParts, 'launcher' | 'clock'>, store: JobStore, run: Instance): Promise<void> {
  let current: Instance | undefined = run;
  while (current !== undefined && !isFinished(current.state) && (await launcher.observe(current)).is === 'elsewhere') {
    const move = { to: 'Failed', reason: 'interrupted', statusMessage: 'it was left unfinished on another machine', endTime: clock.now() } as const;
    if ((await transition(store, current, [move])) !== undefined) return;
    [current] = await store.find({ ids: [current.id] });
  }
}
