/**
 * The end of an attempt, in one transaction: the place is locked and held against the lease, the entry ends, the rows of the run
 * and its job move, and the place goes, or waits with the entry of the next attempt. False means that none of it happened.
 */
import type { Lease, SettleEnd, Transition } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { releaseQueued } from '../places.ts';
import { applyChanges, endedDefinitions } from '../store/transition.ts';
import { goOn, stopInstead } from './next-attempt.ts';
import { heldOf } from './token.ts';

/** What a host holds. */
interface HeldPlace {
  readonly route: string;
  readonly token: string;
}

export async function settle(context: EngineContext, lease: Lease, end: SettleEnd): Promise<boolean> {
  const REFUSED = new Error('the run has another owner, or has left the states that it was seen in');
  const { boss, database, hints } = context;
  try {
    const told = await database.transaction(async (within) => {
      const place = 'next' in end ? await lockPlace(context, within, lease) : await leavePlace(context, within, lease);
      if (place === undefined) throw REFUSED;
      // An entry that pg-boss has ended by itself, because nobody had renewed the lease for a day, is ended.
      await boss.finish(within, place.route, heldOf(place.token));
      const moved = 'next' in end ? ((await goOn(context, within, end.next)) ?? (await stopInstead(context, within, end.next))) : await finish(context, within, lease, end.transitions);
      if (moved === undefined) throw REFUSED;
      return moved;
    });
    hints.tell([lease.instance.instanceId, lease.job.instanceId, ...told]);
    return true;
  } catch (cause) {
    if (cause === REFUSED) return false;
    throw cause;
  }
}

/** The place first, as everybody locks: whoever wishes something of the run, or takes the lease away, waits or comes before. */
const HELD = 'instance_id = $1 AND fence = $2 AND host IS NOT NULL';

async function lockPlace({ schema }: EngineContext, within: Transaction, { instance, fence }: Lease): Promise<HeldPlace | undefined> {
  return (await within.query<HeldPlace>(`SELECT route, token FROM ${schema}.place WHERE ${HELD} FOR UPDATE`, [instance.instanceId, fence])).rows[0];
}

/** Of a run that comes to its end: its place goes. */
async function leavePlace({ schema }: EngineContext, within: Transaction, { instance, fence }: Lease): Promise<HeldPlace | undefined> {
  return (await within.query<HeldPlace>(`DELETE FROM ${schema}.place WHERE ${HELD} RETURNING route, token`, [instance.instanceId, fence])).rows[0];
}

/** Others that waited for the end of it may enter the queue. */
async function finish(context: EngineContext, within: Transaction, { instance, fence }: Lease, transitions: readonly Transition[]): Promise<readonly string[] | undefined> {
  const moved = await applyChanges(within, context.schema, transitions.map((change) => (change.instanceId === instance.instanceId ? { ...change, fence } : change)));
  return moved === undefined ? undefined : await releaseQueued(within, context, endedDefinitions(moved));
}
