import { hostname } from 'node:os';
import type { HostFacts, JobQueue } from '@nightshift/sdk';

type Seen = Awaited<ReturnType<JobQueue['hosts']>>[number];

/** Whoever was not heard of for so long, in milliseconds, is not counted on. Clocks of machines may differ by some seconds. */
const BELIEVED = 20_000;
/** What tells schedulers from workers: they take no runs. */
const SCHEDULER = 'scheduler of ';

/** How a scheduler says that it is there, among the hosts of the engine. */
export function schedulerFacts(namespace: string): HostFacts {
  return { name: `${SCHEDULER}${namespace}: ${hostname()} ${process.pid}`, routes: [], slots: 0 };
}

/** The machine and process of a scheduler of some namespaces; undefined: it is another's, or a worker. */
export function schedulerIn({ name }: Pick<HostFacts, 'name'>, namespaces: readonly string[]): string | undefined {
  const namespace = namespaces.find((one) => name.startsWith(`${SCHEDULER}${one}: `));
  return namespace === undefined ? undefined : name.slice(`${SCHEDULER}${namespace}: `.length);
}

export function isWorker({ name }: Pick<HostFacts, 'name'>): boolean {
  return !name.startsWith(SCHEDULER);
}

export function isHere({ lastSeen }: Pick<Seen, 'lastSeen'>, now: Date): boolean {
  return now.getTime() - lastSeen.getTime() < BELIEVED;
}
