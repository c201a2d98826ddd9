import { followJob, startChild, stopJob, type CoreParts, type RunChildren } from '@nightshift/core';
import type { ChildJob, Instance, JobStore, StopReason } from '@nightshift/sdk';

const STOP_REASONS: readonly string[] = ['stopped', 'timeout', 'overlap', 'condition', 'shutdown', 'parent'] satisfies readonly StopReason[];

/** The children of one job: rows beside its own, started like any job. */
export function createChildren(parts: CoreParts, store: JobStore, parent: Instance, workingDirectory: string): RunChildren {
  const known = new Map<number, ChildJob>();
  const begun = (instance: Instance): ChildJob => {
    const { id, instanceId, name, attempt } = instance;
    const { finished, states } = followJob(parts, store, instance);
    return { id, instanceId, name, attempt, finished, states, stop: (reason) => stop(parts, store, id, reason) };
  };
  const childOf = (instance: Instance): ChildJob => {
    const child = known.get(instance.id) ?? begun(instance);
    known.set(instance.id, child);
    return child;
  };
  return {
    start: async (request) => childOf(await startChild(parts, store, parent, request, { workingDirectory })),
    async *all() {
      for (const child of await store.find({ parentIds: [parent.id] })) yield childOf(child);
    },
  };
}

async function stop(parts: CoreParts, store: JobStore, id: number, reason = 'parent'): Promise<void> {
  const [instance] = await store.find({ ids: [id] });
  if (instance === undefined) return;
  const below = await store.find({ below: [id] });
  await stopJob(parts, { instance, children: below.filter(({ parentId }) => parentId === id), below, store }, { reason: STOP_REASONS.includes(reason) ? (reason as StopReason) : 'parent' });
}
