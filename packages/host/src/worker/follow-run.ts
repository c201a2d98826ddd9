/**
 * The life of one leased run, as the rest of the world sees it:
 *
 *     taken in on this machine · started by the shim · Running shown
 *     …  every 250 ms, and whenever it writes: its output shipped, its states shown, what it has started shown
 *     it has ended: the rest of its output shipped, and only then settled
 *
 * What keeps a step from being done, such as a full disk or a server that is away, is told, and the step done again a second
 * later: the run itself goes on meanwhile. Whoever follows may be killed between any two lines; the next one begins at the top
 * and finds each step done or not.
 */
import type { CoreParts } from '@nightshift/core';
import { isFinished, type Instance, type Lease } from '@nightshift/sdk';
import { cutBy } from './cut.ts';
import { createChildrenMirror } from './mirror-children.ts';
import { createStateMirror, type Mirrored } from './mirror-state.ts';
import type { LocalRuns } from './local-runs.ts';
import { settleInterrupted, settleRun, type Settled, type SettlingParts } from './settle-run.ts';
import { createShipping, type Shipped, type ShippingParts } from './ship-output.ts';
import type { Persistence } from './persistence.ts';
import type { Term } from './term.ts';

/** `detached`: it goes on, and somebody else will follow it. */
export type Fate = Settled | { readonly is: 'detached' };

export interface FollowingParts extends SettlingParts {
  readonly local: LocalRuns;
  readonly launcher: Pick<CoreParts['launcher'], 'watch'>;
  readonly shipping: ShippingParts;
  readonly persistence: Persistence;
}

/** How a run came to this worker. */
export interface Leased {
  readonly lease: Lease;
  /** It is not here yet. False: where it is not here it is gone. */
  readonly isNew: boolean;
  readonly term: Term;
}

/** Resolves with what became of the run; `lost` and `detached` at once when their signals fire. */
export async function followRun(parts: FollowingParts, { lease, isNew, term }: Leased, { lost, detached }: { readonly lost: AbortSignal; readonly detached: AbortSignal }): Promise<Fate> {
  const { engine, local, persistence } = parts;
  const { instance } = lease;
  const over = AbortSignal.any([lost, detached]);
  const wakes = createWakes(parts.launcher);
  const follower = createFollower(parts, lease);
  let hasBegun = !isNew;
  try {
    for (let waits = true; !over.aborted; ) {
      const fate = await persistence.once(instance.instanceId, async () => {
        waits = true;
        if (!hasBegun) await local.adopt(lease);
        hasBegun = true;
        const run = await local.look(instance.instanceId, { mayStart: () => !over.aborted && term.isGood(), onEnd: wakes.wake });
        if (run === undefined) return settleInterrupted({ engine, clock: parts.clock }, lease);
        wakes.about(run);
        const now = await follower.follow(run);
        waits = now !== 'more';
        return typeof now === 'string' ? undefined : now;
      });
      if (fate !== undefined) return fate;
      if (waits) await wakes.changed(over);
    }
    return { is: lost.aborted ? 'lost' : 'detached' };
  } finally {
    wakes[Symbol.dispose]();
  }
}

interface Follower {
  /** One round. A fate: it is over here; `more`: there is more to be done at once. */
  follow(run: Instance): Promise<Fate | 'more' | 'later'>;
}

function createFollower({ engine, clock, local, shipping }: FollowingParts, lease: Lease): Follower {
  const { instance, fence } = lease;
  const states = createStateMirror(engine.store, lease);
  const output = createShipping(shipping, { instanceId: instance.instanceId, attempt: instance.attempt, fence, from: instance.attempt });
  const children = createChildrenMirror(engine.store, shipping, lease);
  const shipAll = async (run: Instance): Promise<Shipped> => {
    const shipped = await output.ship(run);
    if (shipped === 'fenced' || run.run?.form !== 'code') return shipped;
    // A host that was killed leaves them running; nobody would look after them once the run is over.
    if (isFinished(run.state)) await local.stopBelow(run);
    const below = await children.show(await local.below(run));
    return below === 'all' ? shipped : below;
  };
  return {
    async follow(run) {
      const shown: Mirrored = await states.show(run);
      if (shown === 'lost') return { is: 'lost' };
      const shipped = await shipAll(run);
      if (shipped === 'fenced') return { is: 'lost' };
      if (!isFinished(run.state) || shipped !== 'all') return shipped === 'more' ? 'more' : 'later';
      return settleRun({ engine, clock }, local, lease, run);
    },
  };
}

/** Wakes whoever follows a run when it may have written or ended, and in any case after a short while. */
interface Wakes extends Disposable {
  about(run: Instance): void;
  readonly wake: () => void;
  changed(signal: AbortSignal): Promise<void>;
}

function createWakes(launcher: Pick<CoreParts['launcher'], 'watch'>): Wakes {
  let watched: { readonly attempt: number; readonly watch: ReturnType<CoreParts['launcher']['watch']> } | undefined;
  let isWoken = false;
  let cut = (): void => {};
  const wake = (): void => {
    isWoken = true;
    cut();
  };
  return {
    about(run) {
      if (watched?.attempt === run.attempt || run.run?.holder === undefined) return;
      watched?.watch[Symbol.dispose]();
      watched = { attempt: run.attempt, watch: launcher.watch([run], 'output') };
      // What has come before it was watched is no news to it.
      wake();
    },
    wake,
    async changed(signal) {
      using waiting = cutBy(signal);
      cut = waiting.cut;
      const watch = watched?.watch ?? launcher.watch([], 'output');
      if (!isWoken) await watch.changed(waiting.signal);
      isWoken = false;
      if (watched === undefined) watch[Symbol.dispose]();
    },
    [Symbol.dispose]: () => watched?.watch[Symbol.dispose](),
  };
}
