/**
 * Carries out what users wish of leased runs. A wish is brought by every renewal until it is fulfilled, or the run is settled: so
 * one that could not be carried out is tried again, and one that is in hand is left alone.
 */
import type { WishOf } from '@nightshift/sdk';
import type { LocalRuns } from './local-runs.ts';

export interface Wishes {
  carryOut(wish: WishOf): void;
  /** Of which instances wishes are done: what the next renewal is to say; each once. */
  fulfilled(): readonly string[];
  /** They could not be said: once more. */
  unsaid(instanceIds: readonly string[]): void;
}

export interface WishingParts {
  readonly local: Pick<LocalRuns, 'stop' | 'suspend' | 'resume'>;
  /** One has been begun. */
  readonly begun: (wish: WishOf) => void;
  /** There is something to be said. */
  readonly news: () => void;
  readonly failed: (cause: unknown) => void;
}

export function createWishes({ local, begun, news, failed }: WishingParts): Wishes {
  const inHand = new Set<string>();
  const fulfilled = new Set<string>();

  const act = async ({ instanceId, wish, reason, gracePeriod }: WishOf): Promise<void> => {
    if (wish === 'suspend') return local.suspend(instanceId);
    if (wish === 'resume') return local.resume(instanceId);
    await local.stop(instanceId, { force: wish === 'kill', ...(reason === undefined ? {} : { reason }), ...(gracePeriod === undefined ? {} : { gracePeriod }) });
  };
  const carryOut = async (wish: WishOf): Promise<void> => {
    const key = `${wish.wish} ${wish.instanceId}`;
    if (inHand.has(key)) return;
    inHand.add(key);
    begun(wish);
    try {
      await act(wish);
    } catch (cause) {
      failed(cause);
      // What cannot be held stays so, however often it is asked; what cannot be ended is tried again.
      if (wish.wish === 'stop' || wish.wish === 'kill') return;
    } finally {
      inHand.delete(key);
    }
    fulfilled.add(wish.instanceId);
    news();
  };
  return {
    carryOut: (wish) => void carryOut(wish),
    fulfilled() {
      const said = [...fulfilled];
      fulfilled.clear();
      return said;
    },
    unsaid: (instanceIds) => instanceIds.forEach((one) => fulfilled.add(one)),
  };
}
