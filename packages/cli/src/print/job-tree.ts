import type { JobView } from '@nightshift/host';
import { printJobs } from './job.ts';

/**
 * Children indented under their parents, each with the siblings that it has waited for: a workflow's are a graph in text.
 * `needs` by id. Expects each job to be followed by what is below it.
 */
export function printJobTree(jobs: readonly JobView[], needs: ReadonlyMap<number, readonly number[]>, format: 'table' | 'wide'): void {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const childrenOf = Map.groupBy(jobs, ({ origin }) => (origin.kind === 'parent' && byId.has(origin.parentId) ? origin.parentId : undefined));
  const isLast = ({ id, origin }: JobView): boolean => origin.kind === 'parent' && childrenOf.get(origin.parentId)?.at(-1)?.id === id;

  /** The lines that go on past a job, to the left of what is below it. */
  const marginOf = (job: JobView | undefined): string => {
    const parent = parentOf(job, byId);
    return job === undefined || parent === undefined ? '' : `${marginOf(parent)}${isLast(job) ? '  ' : '│ '}`;
  };
  const nameOf = (job: JobView): string => {
    const parent = parentOf(job, byId);
    const names = (needs.get(job.id) ?? []).map((id) => byId.get(id)?.name ?? String(id));
    return parent === undefined ? job.name : `${marginOf(parent)}${isLast(job) ? '└' : '├'} ${job.name}${names.length === 0 ? '' : ` ← ${names.join(', ')}`}`;
  };
  printJobs(jobs.map((job) => ({ ...job, name: nameOf(job) })), format);
}

function parentOf(job: JobView | undefined, byId: ReadonlyMap<number, JobView>): JobView | undefined {
  return job?.origin.kind === 'parent' ? byId.get(job.origin.parentId) : undefined;
}
