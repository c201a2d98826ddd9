import type { JobQueue } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { acquire } from './acquire.ts';
import { depth } from './depth.ts';
import { expired } from './expired.ts';
import { hosts, register } from './hosts.ts';
import { renew } from './renew.ts';
import { settle } from './settle.ts';

/**
 * The queue: what waits, whose it is, and for how long.
 *
 *     place (ours)     one row for each run that waits or is leased: host, fence, end of the lease, wish, cap
 *     job (pg-boss)    its entry: order, priority, not before, taken once                                       (boss.ts)
 *     instance (ours)  the fence, which every write of a host is held against
 *
 * A lease is judged by its place, not by pg-boss's heartbeat: that one is never shorter than 10 s, ends the entry by itself,
 * and asks nobody what is to become of the run. All three rows change in one transaction.
 */
export function queueOf(context: EngineContext): JobQueue {
  return {
    limits: { lease: context.options.lease, strictCaps: true },
    acquire: (request) => acquire(context, request),
    renew: (leases, fulfilled) => renew(context, leases, fulfilled),
    settle: (lease, end) => settle(context, lease, end),
    expired: (host) => expired(context, host),
    depth: (route) => depth(context, route),
    register: (host) => register(context, host),
    hosts: () => hosts(context),
  };
}
