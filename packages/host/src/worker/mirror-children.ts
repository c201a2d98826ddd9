/**
 * Shows what a run of JavaScript has started: each child on this machine is a row of the engine's as well, under the run, with
 * its states and its output. They have an id of their own there; what their processes are told (NIGHTSHIFT_JOB_ID) is the one
 * that they have here. Nobody leases them: they are this worker's for as long as the run is. Whoever takes the run
 * over ends their rows, and what has ended takes no state and no output any more.
 */
import { isFinished, isJobError, JOB_STATES, type EngineStore, type Fenced, type Instance, type Lease, type NewInstance } from '@nightshift/sdk';
import { moveTo } from './mirror-state.ts';
import { createShipping, type Shipped, type Shipping, type ShippingParts } from './ship-output.ts';

export interface ChildrenMirror {
  /** Shows children as they are now, parents first. `all`: there is nothing left to be shown of them. */
  show(children: readonly Instance[]): Promise<Shipped>;
}

interface ShownChild {
  /** As the engine has it. Undefined: it takes no child of a job that is to end. */
  readonly there: Instance | undefined;
  readonly shipping: Shipping | undefined;
  facts: string;
  isDone: boolean;
}

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));

export function createChildrenMirror(store: EngineStore, shipping: ShippingParts, lease: Lease): ChildrenMirror {
  /** By their ids on this machine. */
  const known = new Map<number, ShownChild>();

  const shownChild = async (child: Instance): Promise<ShownChild> => {
    const there = await insertThere(store, child, idsThere(known, lease));
    const shown: ShownChild = { there, shipping: there === undefined ? undefined : createShipping(shipping, { instanceId: child.instanceId, attempt: there.attempt, fence: there.fence ?? 0, from: 1 }), facts: '', isDone: there === undefined || isFinished(there.state) };
    known.set(child.id, shown);
    return shown;
  };
  const showState = async (child: Instance, shown: ShownChild): Promise<void> => {
    const facts = JSON.stringify([child.state, child.statusMessage]);
    if (child.state === 'NotStarted' || facts === shown.facts) return;
    await store.transition([{ ...moveTo(child), instanceId: child.instanceId, from: UNFINISHED }]);
    shown.facts = facts;
  };
  const showChild = async (child: Instance): Promise<Shipped> => {
    const shown = known.get(child.id) ?? (await shownChild(child));
    if (shown.isDone || shown.shipping === undefined) return 'all';
    if (!isFinished(child.state)) await showState(child, shown);
    const shipped = await shown.shipping.ship(child);
    if (shipped === 'fenced') shown.isDone = true;
    if (shipped !== 'all' || !isFinished(child.state)) return shipped === 'fenced' ? 'all' : shipped;
    await showState(child, shown);
    shown.isDone = true;
    return 'all';
  };
  return {
    async show(children) {
      const answers: Shipped[] = [];
      for (const child of children) answers.push(await showChild(child));
      return answers.includes('more') ? 'more' : answers.includes('later') ? 'later' : 'all';
    },
  };
}

interface ThereOf {
  /** A parent by its id here. What has no lease has no fence. */
  parent(id: number): Pick<Fenced<NewInstance>, 'parentInstanceId' | 'fence'> | undefined;
  sibling(id: number): number | undefined;
}

function idsThere(known: ReadonlyMap<number, ShownChild>, { instance: run, fence }: Lease): ThereOf {
  return {
    parent(id) {
      if (id === run.id) return { parentInstanceId: run.instanceId, fence };
      const above = known.get(id)?.there;
      return above === undefined ? undefined : { parentInstanceId: above.instanceId };
    },
    sibling: (id) => known.get(id)?.there?.id,
  };
}

/** Undefined where the engine takes it no more: the job above it has ended there, is to be stopped, or is another's. One that is there comes back as it is. */
async function insertThere(store: EngineStore, child: Instance, there: ThereOf): Promise<Instance | undefined> {
  const parent = there.parent(child.parentId as number);
  if (parent === undefined) return undefined;
  try {
    return (await store.insert({ ...asNew(child, there), ...parent }, []))[0];
  } catch (cause) {
    if (isJobError(cause) && cause.code === 'InvalidJobState') return undefined;
    throw cause;
  }
}

/** With its holder, so that nobody else is to start it. */
function asNew({ id, instanceId, name, type, command, location, run }: Instance, there: ThereOf): NewInstance {
  const { needs = [], ...facts } = run ?? { carries: instanceId };
  return {
    instanceId, type, command, location, origin: { kind: 'parent' },
    ...(name === `Job${id}` ? {} : { name }),
    run: { ...facts, ...(needs.length === 0 ? {} : { needs: needs.flatMap((one) => there.sibling(one) ?? []) }) },
  };
}
