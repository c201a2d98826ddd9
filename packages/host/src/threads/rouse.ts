/**
 * The host of a pool is started by who needs one: by a start, and by whoever finds a job that waits while nobody is there, as
 * after the host was killed. So a job that waits is never forgotten.
 */
import { dirname } from 'node:path';
import type { Clock, Instance } from '@nightshift/sdk';
import { poolHostOf, type EmbeddedStore } from '@nightshift/store';
import { hostEnvironment } from '../launch/environment.ts';
import { isAlive, thisMachine } from '../launch/identity.ts';
import { spawnDetached } from '../launch/spawn-detached.ts';
import type { HostStores } from '../stores.ts';
import { threadsFolder, threadsOf } from './places.ts';

export interface RousingParts {
  readonly stores: HostStores;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  /** Words behind Node that start the host of a pool. */
  readonly threadHost: readonly string[];
}

/** Of several that are started at one moment, one stays. `threads`: the folder beside the jobs. */
export function startPoolHost({ stores, environment, threadHost }: Omit<RousingParts, 'clock'>, threads: string, pool: string): void {
  const runtime = environment['NIGHTSHIFT_RUNTIME_DIR'];
  const places = { NIGHTSHIFT_STATE_DIR: stores.state, ...(runtime === undefined || runtime === '' ? {} : { NIGHTSHIFT_RUNTIME_DIR: dirname(threads) }) };
  spawnDetached([process.execPath, ...threadHost, pool], { cwd: '/', env: { ...hostEnvironment(environment), ...places }, stdio: ['ignore', 'ignore', 'ignore'] }).release();
}

/** How long a host that was started may take to say that it is there, in milliseconds. */
const BOOTING = 5_000;

/** Called with each thread job that is seen to wait for the host of its pool: starts one where there is none. */
export function createRouser(parts: RousingParts): (waiting: Instance) => void {
  const roused = new Map<string, number>();
  return (waiting) => {
    const { pool = 'default' } = waiting.run ?? {};
    const now = parts.clock.monotonic();
    if (now - (roused.get(pool) ?? -Infinity) < BOOTING) return;
    const store = parts.stores.session() as EmbeddedStore;
    // Thread jobs that wait are in the session store alone; one of another boot is nobody's any more.
    if (threadsOf(waiting) !== threadsFolder(store.root)) return;
    const host = poolHostOf(store, pool, thisMachine().boot);
    if (host !== undefined && (host.host !== thisMachine().host || isAlive(host))) return;
    roused.set(pool, now);
    startPoolHost(parts, threadsFolder(store.root), pool);
  };
}
