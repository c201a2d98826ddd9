import { followJob, resumeCutOff, startChild, stopJob, type CoreParts, type FollowedJob, type Inherited, type RunChildren } from '@nightshift/core';
import { JobError, type ChildCommandRequest, type ChildJob, type ChildJobRequest, type Instance, type JobStore, type StopReason } from '@nightshift/sdk';
import type { LazyWiring } from '../../config/lazy-wiring.ts';
import { childCommandIn } from '../../plugins/answer-shapes.ts';

const STOP_REASONS: readonly string[] = ['stopped', 'timeout', 'overlap', 'condition', 'shutdown', 'parent'] satisfies readonly StopReason[];

/** The children of the job that this process runs: rows beside its own, started like any job, alive without us. */
export function createRunChildren(parts: CoreParts, store: JobStore, parent: Instance, inherited: Inherited, explaining: LazyWiring['explaining']): RunChildren {
  const known = new Map<number, ChildJob>();
  const followed: FollowedJob[] = [];
  const refresh = async (): Promise<void> => void (await Promise.all(followed.map((one) => one.refresh())));
  const follow = (instance: Instance): Pick<ChildJob, 'finished' | 'states'> => {
    const following = followJob(parts, store, instance, refresh);
    followed.push(following);
    return { finished: following.finished, states: following.states };
  };
  const childOf = (instance: Instance): ChildJob => {
    const { id, instanceId, name, attempt } = instance;
    const child = known.get(id) ?? {
      id, instanceId, name, attempt,
      ...follow(instance),
      stop: (reason: string = 'parent') => stop(parts, store, instance, STOP_REASONS.includes(reason) ? (reason as StopReason) : 'parent'),
    };
    known.set(id, child);
    return child;
  };
  return {
    start: async (request) => childOf(await explaining(() => startChild(parts, store, parent, checked(parent, request), inherited))),
    async *all() {
      for (const child of await store.find({ parentIds: [parent.id] })) {
        if (!known.has(child.id)) await resumeCutOff(parts, store, child);
        yield childOf(child);
      }
    },
  };
}

/** What a plugin describes is started as a command type's answer is: only what is known of it, and only in the right shape. */
function checked({ type, run }: Instance, request: ChildJobRequest | ChildCommandRequest): ChildJobRequest | ChildCommandRequest {
  if (!('command' in request)) return request;
  const shaped = childCommandIn(request);
  if ('value' in shaped) return shaped.value;
  throw new JobError({ code: 'PluginMessageInvalid', message: `'${run?.plugin}': ${type} asked for a child that cannot be started: ${shaped.faults.join('; ')}` });
}

async function stop(parts: CoreParts, store: JobStore, { id }: Instance, reason: StopReason): Promise<void> {
  const [now] = await store.find({ ids: [id] });
  if (now === undefined) return;
  const below = await store.find({ below: [id] });
  await stopJob(parts, { instance: now, children: below.filter(({ parentId }) => parentId === id), below, store }, { reason });
}
