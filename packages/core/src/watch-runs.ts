import type { Instance, JobStore } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';
import type { Watch } from './ports/job-launcher.ts';

/** Wakes when one of these runs may have ended or written. Those of an engine are looked at as often as any that cannot be watched. */
export function watchRuns({ launcher }: Pick<CoreParts, 'launcher'>, runs: readonly { readonly instance: Instance; readonly store: JobStore }[], what: 'end' | 'output'): Watch {
  return launcher.watch(runs.flatMap(({ store, instance }) => (store.remote === undefined ? [instance] : [])), what);
}
