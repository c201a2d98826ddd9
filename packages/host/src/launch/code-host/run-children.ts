import { outcomeOfJob, resumeCutOff, startChild, stopJob, type CoreParts, type Inherited, type RunChildren } from '@nightshift/core';
import type { ChildJob, Instance, JobStore, StopReason } from '@nightshift/sdk';
import type { LazyWiring } from '../../config/lazy-wiring.ts';

const STOP_REASONS: readonly string[] = ['stopped', 'timeout', 'overlap', 'condition', 'shutdown', 'parent'] satisfies readonly StopReason[];

/** The children of the job that this process runs: rows beside its own, started like any job, alive without us. */
export function createRunChildren(parts: CoreParts, store: JobStore, parent: Instance, inherited: Inherited, explaining: LazyWiring['explaining']): RunChildren {
  const known = new Map<number, ChildJob>();
  const childOf = (instance: Instance): ChildJob => {
    const { id, instanceId, name, attempt } = instance;
    const child = known.get(id) ?? {
      id, instanceId, name, attempt,
      finished: outcomeOfJob(parts, store, instance),
      stop: (reason: string = 'parent') => stop(parts, store, instance, STOP_REASONS.includes(reason) ? (reason as StopReason) : 'parent'),
    };
    known.set(id, child);
    return child;
  };
  return {
    start: async (request) => childOf(await explaining(() => startChild(parts, store, parent, request, inherited))),
    async *all() {
      for (const child of await store.find({ parentIds: [parent.id] })) {
        if (!known.has(child.id)) await resumeCutOff(parts, store, child);
        yield childOf(child);
      }
    },
  };
}

async function stop(parts: CoreParts, store: JobStore, { id }: Instance, reason: StopReason): Promise<void> {
  const [now] = await store.find({ ids: [id] });
  if (now === undefined) return;
  const below = await store.find({ below: [id] });
  await stopJob(parts, { instance: now, children: below.filter(({ parentId }) => parentId === id), below, store }, { reason });
}
