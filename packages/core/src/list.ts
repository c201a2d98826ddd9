import { isFinished, type JobState } from '@nightshift/sdk';
import { withAttempts } from './attempts.ts';
import type { JobView } from './job-view.ts';
import type { CoreParts } from './parts.ts';
import { familiesBelow, newestOf, viewsOf, type Selected } from './query.ts';
import { matchesWildcard } from './wildcard.ts';

/** What get-job shows of the jobs that were selected. All conditions must hold. Source: jobs.md section 9. */
export interface ListOptions {
  /** Without a selector and a condition: leave nothing out. Default: all unfinished jobs and the newest 100 finished ones. */
  readonly all?: boolean;
  /** The so many that ended last, after all other conditions. */
  readonly newest?: number;
  /** Each job is followed by everything below it: its children, each followed by its own; all of them, or those in one state. */
  readonly children?: 'all' | JobState;
  readonly hasMoreData?: boolean;
  /** Ended strictly earlier; unfinished jobs never match. */
  readonly before?: Date;
  /** Ended strictly later; the same. */
  readonly after?: Date;
  /** Wildcards, without case. */
  readonly type?: string;
  /** Name of the definition; wildcards, without case. */
  readonly definition?: string;
  /** Each job with its attempts. Default false. */
  readonly attempts?: boolean;
}

/** Whether a condition narrows the list, so that none of what fits it is left out. */
export function narrows({ hasMoreData, before, after, type, definition }: ListOptions): boolean {
  return [hasMoreData, before, after, type, definition].some((condition) => condition !== undefined);
}

/** The jobs that fit, each with the children that are asked for, in the order given. */
export async function listed(parts: CoreParts, jobs: readonly Selected[], options: ListOptions): Promise<readonly JobView[]> {
  const fitting = jobs.filter((job) => fits(job, options));
  const views = await viewsWanted(parts, fitting, options);
  const withData = fitting.filter((_, index) => hasWantedData(views[index] as JobView, options));
  const shown = options.newest === undefined ? withData : newestOf(withData, options.newest);
  if (options.children === undefined) return shown.map((job) => views[fitting.indexOf(job)] as JobView);
  const families = await Promise.all(shown.map(async (job) => [views[fitting.indexOf(job)] as JobView, ...(await childrenOf(parts, job, options))]));
  return families.flat();
}

async function childrenOf(parts: CoreParts, job: Selected, options: ListOptions): Promise<JobView[]> {
  const wanted = familiesBelow(job).filter(({ instance: { state } }) => options.children === 'all' || state === options.children);
  const views = await viewsWanted(parts, wanted, options);
  return views.filter((view) => hasWantedData(view, options));
}

async function viewsWanted(parts: CoreParts, jobs: readonly Selected[], { attempts }: ListOptions): Promise<readonly JobView[]> {
  const views = await viewsOf(parts, jobs);
  return attempts === true ? Promise.all(jobs.map((job, index) => withAttempts(parts, job, views[index] as JobView))) : views;
}

function fits({ instance }: Selected, { before, after, type, definition }: ListOptions): boolean {
  const ended = isFinished(instance.state) ? instance.endTime : undefined;
  if (before !== undefined && !(ended !== undefined && ended < before)) return false;
  if (after !== undefined && !(ended !== undefined && ended > after)) return false;
  if (type !== undefined && !matchesWildcard(type, instance.type)) return false;
  return definition === undefined || (instance.definition !== undefined && matchesWildcard(definition, instance.definition.name));
}

function hasWantedData({ hasMoreData }: JobView, { hasMoreData: wanted }: ListOptions): boolean {
  return wanted === undefined || hasMoreData === wanted;
}
