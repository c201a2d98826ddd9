import { FINISHED_STATES, JOB_STATES } from '@nightshift/sdk';
import { unfinishedRuns } from '../scheduler/run-engine.ts';
import type { SchedulerStatus } from '../scheduler/status.ts';
import { isHere, isWorker, schedulerIn } from './beacon.ts';
import type { OpenedEngine } from './open-engine.ts';

/** Due times that wait; more are not counted one by one. */
const MOST_WAITING = 10_000;
const WAITING = ['NotStarted'];
const AT_WORK = JOB_STATES.filter((state) => !FINISHED_STATES.includes(state) && !WAITING.includes(state));

/** What is known of the schedulers of some namespaces on an engine, and of its workers. */
export async function engineStatus({ name, engine, store }: OpenedEngine, namespaces: readonly string[], now: Date): Promise<SchedulerStatus> {
  const isOurs = (key: string): boolean => namespaces.includes(key.slice(0, key.indexOf('/')));
  const [hosts, clocks, waiting, unfinished] = await Promise.all([
    engine.queue.hosts(),
    engine.firings.clocks(),
    engine.firings.firings({ word: 'Waiting', limit: MOST_WAITING }),
    unfinishedRuns(store, namespaces),
  ]);
  const ours = clocks.filter(({ definition }) => isOurs(definition));
  const next = ours.flatMap(({ enabled, nextDueAt }) => (enabled && nextDueAt !== undefined ? [nextDueAt] : [])).toSorted((a, b) => a.getTime() - b.getTime())[0];
  const schedulers = hosts.filter((host) => isHere(host, now)).flatMap((host) => schedulerIn(host, namespaces) ?? []);
  return {
    state: schedulers.length === 0 ? 'stopped' : 'ready',
    store: `the engine ${name}`,
    definitions: new Set(ours.map(({ definition }) => definition)).size,
    triggers: ours.length,
    ...(next === undefined ? {} : { nextDueAt: next }),
    // Each scheduler knows its own alone.
    lagMs: 0,
    runningJobs: unfinished.filter(({ job }) => AT_WORK.includes(job.state)).length,
    waiting: waiting.filter(({ definition }) => isOurs(definition)).length,
    telling: { waiting: 0, failed: 0 },
    engine: { name, schedulers, workers: hosts.filter(isWorker).map((host) => ({ ...host, isHere: isHere(host, now) })) },
  };
}
