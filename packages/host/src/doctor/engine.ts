import { isJobError } from '@nightshift/sdk';
import { isHere, isWorker, schedulerIn } from '../engine/beacon.ts';
import type { OpenedEngine } from '../engine/open-engine.ts';
import { bad, count, doubtful, well, type Finding } from './finding.ts';
import { wordsOf } from './stores.ts';
import type { Surroundings } from './surroundings.ts';

/** Nothing where none is in use: most people need to know of none. */
export async function engine({ engine: open, clock }: Surroundings): Promise<readonly Finding[]> {
  let opened: OpenedEngine | undefined;
  try {
    opened = await open();
  } catch (cause) {
    const problems = cause instanceof AggregateError ? (cause.errors as readonly unknown[]) : [cause];
    return problems.map((problem) => bad('engine', wordsOf(problem), (isJobError(problem) ? problem.hint : undefined) ?? 'nightshift doctor --debug'));
  }
  if (opened === undefined) return [];
  const { name, namespace } = opened;
  try {
    const [hosts, waiting] = await Promise.all([opened.engine.queue.hosts(), opened.store.count({ states: ['NotStarted'], topLevel: true })]);
    const here = hosts.filter((host) => isHere(host, clock.now()));
    const workers = here.filter(isWorker);
    const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
    const schedulers = here.flatMap((host) => schedulerIn(host, [namespace]) ?? []);
    return [
      well('engine', `${name} answers; ${count(waiting, 'job')} to be started`),
      workers.length === 0 ? doubtful('workers', 'none is there: what is to be started waits', 'nightshift worker run') : well('workers', `${count(workers.length, 'worker')} with ${count(slots, 'slot')}: ${workers.map((worker) => worker.name).join(', ')}`),
      well('schedulers', schedulers.length === 0 ? `none is there for the namespace ${namespace}` : schedulers.join(', ')),
    ];
  } catch (cause) {
    return [bad('engine', `${name}: ${wordsOf(cause)}`, 'the connection is named by "engine" of the configuration')];
  }
}
