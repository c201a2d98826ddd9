import type { Attempt, Instance } from '@nightshift/sdk';
import type { AttemptView, JobView } from './job-view.ts';
import type { CoreParts } from './parts.ts';
import { runsOf, type Selected } from './query.ts';
import { isWaiting } from './reconcile.ts';

/** The job with its attempts, oldest first: the closed ones, then the current one, which is the job itself. Source: jobs.md section 9. */
export async function withAttempts(parts: CoreParts, job: Selected, view: JobView): Promise<JobView> {
  const { instance, store } = job;
  const closed = await store.attempts(instance.instanceId);
  const beginTime = instance.attempt === 1 || store.remote !== undefined ? instance.beginTime : await beginOf(parts, runsOf(job));
  const { reason, statusMessage, endTime, exitCode, signal, attempt } = instance;
  return { ...view, attempts: [...closed.map(shown), shown({ attempt, reason, statusMessage, beginTime, endTime, exitCode, signal })] };
}

/** Of a further attempt only its folder knows when it began: the job itself began with its first one. */
async function beginOf({ launcher }: CoreParts, [run]: readonly Instance[]): Promise<Date | undefined> {
  if (run === undefined || isWaiting(run)) return undefined;
  const seen = await launcher.observe(run);
  if (seen.code !== undefined) return seen.code.started;
  return 'beginTime' in seen ? seen.beginTime : undefined;
}

function shown({ attempt, beginTime, endTime, reason, statusMessage, exitCode, signal }: { readonly [Fact in keyof Attempt]: Attempt[Fact] | undefined } & Pick<Attempt, 'attempt'>): AttemptView {
  return {
    attempt,
    beginTime: beginTime?.toISOString() ?? null,
    endTime: endTime?.toISOString() ?? null,
    reason: reason ?? null,
    statusMessage: statusMessage ?? '',
    exitCode: exitCode ?? null,
    signal: signal ?? null,
  };
}
