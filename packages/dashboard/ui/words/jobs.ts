import type { Job, JobOriginView, WhyWaiting } from '../../src/api.ts';
import { whenText } from './times.ts';

/** Why a job waits: `queued behind 41`, `random delay until 03:07`, `retry 2 at 03:12`. */
export function whyText(why: WhyWaiting, now: number): string {
  switch (why.is) {
    case 'queued': return why.behind === null ? 'queued; the one before it has just ended' : `queued behind ${why.behind}`;
    case 'random-delay': return `random delay until ${whenText(Date.parse(why.until), now)}`;
    case 'retry': return `retry ${why.attempt} at ${whenText(Date.parse(why.until), now)}`;
    case 'needs': return `needs ${why.jobs.join(', ')} to end`;
    case 'idle': return 'waits for an idle machine';
    case 'start': return why.schedulerRuns ? 'about to start' : 'no scheduler is there to start it';
    default: return 'waits';
  }
}

/** `due 03:00 by trigger 1`, `on demand`. */
export function originText(origin: JobOriginView, now: number): string {
  switch (origin.kind) {
    case 'demand': return origin.runNow ? 'on demand, run now' : 'on demand';
    case 'trigger': return `due ${whenText(Date.parse(origin.dueAt), now)} by trigger ${origin.triggerId}${origin.catchUp ? ', caught up' : ''}`;
    default: return `started by job ${origin.parentId}`;
  }
}

/** How it ended, beside its state: `exit code 3`, `signal SIGKILL`, `timeout`. */
export function endText({ reason, exitCode, signal }: Pick<Job, 'reason' | 'exitCode' | 'signal'>): string {
  const how = signal !== null ? `signal ${signal}` : exitCode !== null && exitCode !== 0 ? `exit code ${exitCode}` : '';
  if (reason === null || reason === 'exit' || reason === 'signal') return how;
  return how === '' ? reason : `${reason}, ${how}`;
}

/** How long it ran; undefined while it runs or if it never did. */
export function durationOf({ beginTime, endTime }: Pick<Job, 'beginTime' | 'endTime'>): number | undefined {
  return beginTime === null || endTime === null ? undefined : Date.parse(endTime) - Date.parse(beginTime);
}

