import type { FiringDecision, Instance, NewFiring } from '@nightshift/sdk';
import type { SchedulerEvent } from './events.ts';
import type { JobRun } from './run-engine.ts';

/** The jobs among instances that were just inserted, each with its child. */
export function jobRunsOf(definition: string, instances: readonly Instance[]): readonly JobRun[] {
  const runs = new Map(instances.map((instance) => [instance.parentId, instance]));
  return instances.flatMap((job) => {
    const run = job.parentId === undefined ? runs.get(job.id) : undefined;
    return run === undefined ? [] : [{ definition, job, run }];
  });
}

/** What is to be said of a decision that was written down, and of the jobs that came of it. `name` is the definition's. */
export function eventsOf(name: string, { firings }: FiringDecision, jobs: readonly JobRun[]): readonly SchedulerEvent[] {
  const byId = new Map(jobs.map((job) => [job.job.instanceId, job]));
  return firings.flatMap((firing) => {
    if (firing.word === 'Waiting') return [{ event: 'waiting', definition: name, triggerId: firing.triggerId, dueAt: firing.dueAt, text: firing.text }];
    return firing.word === 'Started' ? started(name, firing, byId.get(firing.instanceId ?? '')) : skipped(name, firing);
  });
}

function started(definition: string, { triggerId, dueAt, text }: NewFiring, found: JobRun | undefined): readonly SchedulerEvent[] {
  if (found === undefined) return [];
  const { job, run } = found;
  const waits = run.queued === true ? 'queue' : run.notBefore === undefined ? undefined : 'time';
  return [{ event: 'started', definition, triggerId, dueAt, job: job.id, instanceId: job.instanceId, catchUp: job.origin.kind === 'trigger' && job.origin.catchUp, waits, text }];
}

function skipped(definition: string, { triggerId, dueAt, lastDueAt = dueAt, count = 1, reason, instanceId, text }: NewFiring): readonly SchedulerEvent[] {
  return reason === undefined ? [] : [{ event: 'skipped', definition, triggerId, dueAt, lastDueAt, count, reason, instanceId, text }];
}
