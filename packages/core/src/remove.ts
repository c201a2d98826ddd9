import { isFinished, isJobError, type Instance, type JobError } from '@nightshift/sdk';
import { childCannotBeRemoved, notFinished } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { runsOf, type Selected } from './query.ts';
import { stopJob } from './stop.ts';

/** Why a job must stay; undefined when it may go. Source: jobs.md section 13. */
export function refusal({ instance }: Selected, force: boolean): JobError | undefined {
  if (instance.parentId !== undefined) return childCannotBeRemoved(instance.name, instance.parentId);
  if (!force && !isFinished(instance.state)) return notFinished(instance.name, instance.state);
  return undefined;
}

/** Removes finished jobs with their children, their records and what they have left running. Answers with what could not be removed. */
export async function removeJobs(parts: CoreParts, jobs: readonly Selected[]): Promise<readonly JobError[]> {
  await parts.launcher.endStrays(await runsNow(jobs));
  const problems: JobError[] = [];
  for (const job of jobs) {
    await removeJob(parts, job).catch((cause: unknown) => {
      if (!isJobError(cause)) throw cause;
      problems.push(cause as JobError);
    });
  }
  return problems;
}

/** As they are by now: a run that was stopped a moment ago has an end, and nothing that was born after it can be its own. */
async function runsNow(jobs: readonly Selected[]): Promise<readonly Instance[]> {
  // Of an engine's, nothing is left here.
  const here = jobs.filter(({ store }) => store.remote === undefined);
  const perStore = [...Map.groupBy(here, ({ store }) => store)].map(([store, some]) => store.find({ ids: some.flatMap(runsOf).map(({ id }) => id) }));
  return (await Promise.all(perStore)).flat();
}

/** What a finished job has started may still run: it goes with the job. */
async function removeJob(parts: CoreParts, { instance, store }: Selected): Promise<void> {
  const below = await store.find({ below: [instance.id] });
  const running = below.filter(({ state }) => !isFinished(state));
  if (running.length > 0) await stopJob(parts, { instance, children: running.filter(({ parentId }) => parentId === instance.id), below: running, store }, { reason: 'parent' });
  await store.remove([...below.toReversed(), instance]);
}
