import { isFinished, type JobError } from '@nightshift/sdk';
import { childCannotBeRemoved, notFinished } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { lookAgain, runsOf, type Selected } from './query.ts';
import { stopJob } from './stop.ts';

/** Why a job must stay; undefined when it may go. Source: jobs.md section 13. */
export function refusal({ instance }: Selected, force: boolean): JobError | undefined {
  if (instance.parentId !== undefined) return childCannotBeRemoved(instance.name, instance.parentId);
  if (!force && !isFinished(instance.state)) return notFinished(instance.name, instance.state);
  return undefined;
}

/** Removes a job with its children, its records and what it has left running. With `force` it is stopped first. Throws the refusal. */
export async function removeJob(parts: CoreParts, job: Selected, force: boolean): Promise<void> {
  const refused = refusal(job, force);
  if (refused !== undefined) throw refused;
  if (force) await stopJob(parts, job, {});
  const now = (await lookAgain(parts, job)) ?? job;
  for (const run of runsOf(now)) await parts.launcher.endStrays(run);
  await now.store.remove([...now.children, now.instance]);
}
