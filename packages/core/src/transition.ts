import { isFinished, type Instance, type JobState, type JobStore, type Transition } from '@nightshift/sdk';
import { parentFacts, parentState } from './parent-state.ts';
import { pruneBeyond } from './retention.ts';
import { checkMove } from './transition-table.ts';

/** One step of a run: where it goes and what is learnt with it. */
export type Move = Omit<Transition, 'instanceId' | 'from' | 'attempt'>;

/**
 * The only writer of states. Applies the moves to `instance` and lets its parent follow, in one step of the store.
 * Undefined when somebody else was first: look again. Throws `InvalidJobState` for a move that the table does not have.
 * `family`: the parent and its children, where the caller has just made them.
 */
export async function transition(store: JobStore, instance: Instance, moves: readonly Move[], family?: readonly Instance[]): Promise<Instance | undefined> {
  const changes: Transition[] = [];
  let moved = instance;
  for (const move of moves) {
    checkMove(instance.name, moved.state, move.to);
    changes.push({ ...move, instanceId: instance.instanceId, from: [moved.state], attempt: instance.attempt });
    moved = applied(moved, move);
  }
  // A sibling's move in between changes what the parent comes to: computed again, as long as the instance itself is where it was.
  for (let known = family; ; known = undefined) {
    const relatives = instance.parentId === undefined ? [] : (known ?? (await store.find({ family: instance.parentId })));
    if (await store.transition([...changes, ...changesAbove(moved, relatives)])) {
      await pruneBeyond(store, relatives[0] ?? moved, moved);
      return moved;
    }
    const [now] = await store.find({ ids: [instance.id] });
    if (now?.state !== instance.state || now.attempt !== instance.attempt) return undefined;
  }
}

/** The parent's move, held to the siblings that it was computed from. A finished parent stays as it is, and so does one that runs something itself. */
function changesAbove(child: Instance, [parent, ...children]: readonly Instance[]): Transition[] {
  if (parent === undefined || parent.run !== undefined || isFinished(parent.state)) return [];
  const siblings = children.filter(({ id }) => id !== child.id).map(({ instanceId, state }): Transition => ({ instanceId, from: [state], to: state }));
  return [...siblings, { instanceId: parent.instanceId, from: [parent.state], ...moveOfParent(children.map((sibling) => (sibling.id === child.id ? child : sibling))) }];
}

/** What a parent's children come to. */
export function moveOfParent(children: readonly Instance[]): Move {
  return { to: parentState(children.map(({ state }) => state)), ...parentFacts(children) };
}

/** What the store will make of it: the first begin, end and wish to stop stay. */
export function applied(instance: Instance, { to, ...facts }: Move): Instance {
  const once = {
    ...(instance.beginTime === undefined ? {} : { beginTime: instance.beginTime }),
    ...(instance.endTime === undefined ? {} : { endTime: instance.endTime }),
    ...(instance.stopReason === undefined ? {} : { stopReason: instance.stopReason }),
  };
  return { ...instance, ...facts, ...once, state: to as JobState };
}
