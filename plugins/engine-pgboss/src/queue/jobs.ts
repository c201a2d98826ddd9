import type { Instance } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dayOf, dayOfInstance } from '../days.ts';
import { columnsOf, instanceOfRow, type InstanceRow } from '../store/rows.ts';

const DAY = 24 * 60 * 60 * 1_000;
/** The jobs that people see above these runs, by their ids. `goOn`: what they waited for with their runs they do not wait for any more. */
export async function jobsOf(context: EngineContext, within: Transaction, runs: readonly Instance[], goOn: boolean): Promise<ReadonlyMap<number | undefined, Instance>> {
  const wanted = [...new Set(runs.flatMap(({ parentId }) => parentId ?? []))];
  // A job is made with its runs, so it lies in the partition of the same day or, around midnight, in the one before.
  const near = await read(context, within, wanted, daysBefore(runs), goOn);
  const missing = wanted.filter((id) => !near.has(id));
  return missing.length === 0 ? near : new Map([...near, ...(await read(context, within, missing, null, goOn))]);
}

function daysBefore(runs: readonly Instance[]): readonly string[] {
  return [...new Set(runs.flatMap(({ instanceId }) => {
    const day = dayOfInstance(instanceId);
    return [day, dayOf(new Date(Date.parse(day) - DAY))];
  }))];
}

async function read({ schema }: EngineContext, within: Transaction, ids: readonly number[], days: readonly string[] | null, goOn: boolean): Promise<ReadonlyMap<number, Instance>> {
  if (ids.length === 0) return new Map();
  const where = `job.id = ANY ($1::bigint[])${days === null ? '' : ' AND job.day = ANY ($2::date[])'}`;
  const values = days === null ? [ids] : [ids, days];
  const { rows } = await within.query<InstanceRow>(`SELECT ${columnsOf('job')} FROM ${schema}.instance AS job WHERE ${where}`, values);
  const jobs = rows.map(instanceOfRow);
  if (goOn && jobs.some(waits)) await within.query(`UPDATE ${schema}.instance AS job SET not_before = NULL, queued = NULL, status_message = NULL, reason = NULL WHERE ${where} AND job.run IS NULL`, values);
  return new Map(jobs.map((job) => [job.id, goOn && waits(job) ? goingOn(job) : job]));
}

/** Whether a job without a run of its own says that it waits, as its run did. */
function waits({ run, notBefore, queued, statusMessage, reason }: Instance): boolean {
  return run === undefined && [notBefore, queued, statusMessage, reason].some((fact) => fact !== undefined);
}

function goingOn({ notBefore: _notBefore, queued: _queued, statusMessage: _statusMessage, reason: _reason, ...job }: Instance): Instance {
  return job;
}
