import type { Clock, Engine, Lease } from '@nightshift/sdk';
import { createContact } from './contact.ts';
import type { Hint } from './hint.ts';
import { namesOf, type LiveRuns } from './live-runs.ts';
import type { LocalRuns } from './local-runs.ts';
import type { Persistence } from './persistence.ts';
import { settleInterrupted } from './settle-run.ts';
import type { WorkerOffer } from './take-runs.ts';
import { momentOf } from './term.ts';
import type { Wishes } from './wishes.ts';
import type { WorkerReport } from './worker-events.ts';

export interface RenewingParts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly local: Pick<LocalRuns, 'has'>;
  readonly persistence: Persistence;
  readonly live: LiveRuns;
  readonly wishes: Wishes;
  /** Somebody may have wished something, or something is to be said. */
  readonly hint: Hint;
  readonly report: WorkerReport;
}

/** Hints come with every state and every line of anybody: they are followed only so often, in milliseconds. */
const LEAST_PAUSE = 200;

/** Renews three times in the time of a lease, and on hints, until the signal fires; looks for leases of others that ran out. */
export async function renewLeases(parts: RenewingParts, offer: WorkerOffer, signal: AbortSignal): Promise<void> {
  const { clock, engine: { queue }, persistence, hint } = parts;
  const period = queue.limits.lease / 3;
  const contact = createContact(clock, queue.limits.lease);
  let telling: Promise<unknown> | undefined;
  let deciding: Promise<unknown> | undefined;
  for (let nextLook = clock.monotonic(); !signal.aborted; ) {
    const isDone = (await persistence.soon('renew', async () => (await renewAll(parts), true), signal)) === true;
    // Both beside it: our own leases wait neither for what else the engine has to tell of, nor for what others have left.
    telling ??= persistence.once('register', () => queue.register(offer), signal).finally(() => (telling = undefined));
    if (contact.note(isDone) && deciding === undefined && clock.monotonic() >= nextLook) {
      nextLook = clock.monotonic() + period;
      deciding = persistence.once('expired', () => settleExpired(parts, offer), signal).finally(() => (deciding = undefined));
    }
    if (isDone) await hint.wait(period, signal);
    await clock.sleep(LEAST_PAUSE, signal).catch(() => {});
  }
  await Promise.all([telling, deciding]);
}

/** One call for all leases, which says what is lost and brings what is wished. */
export async function renewAll({ engine: { queue }, clock, local, live, wishes, hint }: RenewingParts): Promise<void> {
  const said = wishes.fulfilled();
  const [held, since] = [live.held(), momentOf(clock)];
  const { lost, wishes: brought } = await queue.renew(held, said).catch((cause: unknown) => {
    wishes.unsaid(said);
    throw cause;
  });
  lost.forEach(live.lose);
  const gone = new Set(lost.map(({ instance }) => instance.instanceId));
  live.renewed(held.filter(({ instance }) => !gone.has(instance.instanceId)), since);
  for (const wish of brought) {
    // Of a run, or of what one has started: both have the same instance ids here.
    if (await local.has(wish.instanceId)) wishes.carryOut(wish);
    // Just taken, and not here yet.
    else hint.give();
  }
}

/** One of which nothing can be decided keeps none of the others waiting: it is somebody's again when this lease is over. */
async function settleExpired(parts: RenewingParts, { name }: WorkerOffer): Promise<void> {
  const failures: unknown[] = [];
  for (const lease of await parts.engine.queue.expired(name)) await abandon(parts, lease).catch((cause: unknown) => void failures.push(cause));
  if (failures.length > 0) throw failures[0];
}

async function abandon(parts: RenewingParts, lease: Lease): Promise<void> {
  const decided = await settleInterrupted(parts, lease);
  if (decided.is !== 'lost') parts.report({ event: 'abandoned', retried: decided.is === 'retry', ...namesOf(lease) });
}
