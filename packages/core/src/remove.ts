import { isFinished, isJobError, type JobError } from '@nightshift/sdk';
import { childCannotBeRemoved, notFinished } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { runsOf, type Selected } from './query.ts';

/** Why a job must stay; undefined when it may go. Source: jobs.md section 13. */
export function refusal({ instance }: Selected, force: boolean): JobError | undefined {
  if (instance.parentId !== undefined) return childCannotBeRemoved(instance.name, instance.parentId);
  if (!force && !isFinished(instance.state)) return notFinished(instance.name, instance.state);
  return undefined;
}

/** Removes finished jobs with their children, their records and what they have left running. Answers with what could not be removed. */
export async function removeJobs(parts: CoreParts, jobs: readonly Selected[]): Promise<readonly JobError[]> {
  await parts.launcher.endStrays(jobs.flatMap(runsOf));
  const problems: JobError[] = [];
  for (const { store, children, instance } of jobs) {
    await store.remove([...children, instance]).catch((cause: unknown) => {
      if (!isJobError(cause)) throw cause;
      problems.push(cause as JobError);
    });
  }
  return problems;
}
