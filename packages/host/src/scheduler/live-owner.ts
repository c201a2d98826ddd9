import { readOwner, type EmbeddedStore, type Owner } from '@nightshift/store';
import { isAlive, thisMachine } from '../launch/identity.ts';

/** Another machine's scheduler is believed so long, in milliseconds; ours is looked at. */
const BELIEVED = 15_000;

/** The scheduler that works for a namespace now; one that was killed does not, whatever its row says. */
export function liveOwner(store: EmbeddedStore, namespace: string, now: Date): Owner | undefined {
  const owner = readOwner(store.database, namespace);
  return owner !== undefined && works(owner, now) ? owner : undefined;
}

function works({ state, process, heartbeatAt }: Owner, now: Date): boolean {
  if (state === 'stopped') return false;
  return process.host === thisMachine().host ? isAlive(process) : now.getTime() - heartbeatAt.getTime() < BELIEVED;
}
