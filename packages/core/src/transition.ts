import { isFinished, type Instance, type JobState, type JobStore, type Transition } from '@nightshift/sdk';
import { parentFacts, parentState } from './parent-state.ts';
import { checkMove } from './transition-table.ts';

/** One step of a run: where it goes and what is learnt with it. */
export type Move = Omit<Transition, 'instanceId' | 'from'>;

/**
 * The only writer of states. Applies the moves to `instance` and lets its parent follow, in one step of the store.
 * Undefined when somebody else was first: look again. Throws `InvalidJobState` for a move that the table does not have.
 */
export async function transition(store: JobStore, instance: Instance, moves: readonly Move[]): Promise<Instance | undefined> {
  const changes: Transition[] = [];
  let moved = instance;
  for (const move of moves) {
    checkMove(instance.name, moved.state, move.to);
    changes.push({ ...move, instanceId: instance.instanceId, from: [moved.state] });
    moved = applied(moved, move);
  }
  // A sibling's move in between changes what the parent comes to: computed again, as long as the instance itself is where it was.
  for (;;) {
    const above = instance.parentId === undefined ? [] : await changesAbove(store, moved, instance.parentId);
    if (await store.transition([...changes, ...above])) return moved;
    const [now] = await store.find({ ids: [instance.id] });
    if (now?.state !== instance.state) return undefined;
  }
}

/** The parent's move, held to the siblings that it was computed from. A finished parent stays as it is. */
async function changesAbove(store: JobStore, child: Instance, parentId: number): Promise<Transition[]> {
  const [parent, ...children] = await store.find({ family: parentId });
  if (parent === undefined || isFinished(parent.state)) return [];
  const siblings = children.filter(({ id }) => id !== child.id).map(({ instanceId, state }): Transition => ({ instanceId, from: [state], to: state }));
  const family = children.map((sibling) => (sibling.id === child.id ? child : sibling));
  return [...siblings, { instanceId: parent.instanceId, from: [parent.state], to: parentState(family.map(({ state }) => state)), ...parentFacts(family) }];
}

/** What the store will make of it: the first begin, end and wish to stop stay. */
function applied(instance: Instance, { to, ...facts }: Move): Instance {
  const once = {
    ...(instance.beginTime === undefined ? {} : { beginTime: instance.beginTime }),
    ...(instance.endTime === undefined ? {} : { endTime: instance.endTime }),
    ...(instance.stopReason === undefined ? {} : { stopReason: instance.stopReason }),
  };
  return { ...instance, ...facts, ...once, state: to as JobState };
}
