import type { DatabaseSync } from 'node:sqlite';
import { isFinished, type Instance, type StoreLimits } from '@nightshift/sdk';
import { findInstances, UNFINISHED } from './instances.ts';

/**
 * The finished jobs of a definition beyond the `keep` that ended last, oldest first, each followed by its children. Every job
 * of it counts, whatever started it: in the durable store only those are that are to be kept. Those that somebody reads are left
 * out: they go another time. Source: scheduled-jobs.md 9.2.
 */
export function finishedBeyond(database: DatabaseSync, root: string, definitionKey: string, keep: number, beingRead: () => ReadonlySet<string>): Instance[] {
  const rows = database
    .prepare(
      `SELECT id FROM instance WHERE definitionKey = ? AND endTime IS NOT NULL AND state IN ('Completed', 'Failed', 'Stopped')
       ORDER BY endTime DESC, id DESC LIMIT -1 OFFSET ?`,
    )
    .all(definitionKey, keep) as unknown as { id: number }[];
  if (rows.length === 0) return [];
  const read = beingRead();
  return rows.toReversed().map(({ id }) => wholeFamily(database, root, id)).filter((family) => mayGo(family, read)).flat();
}

/** The unfinished jobs of a definition, whatever started them, each followed by its children. */
export function unfinishedFamilies(database: DatabaseSync, root: string, definition: string): Instance[] {
  const rows = database.prepare(`SELECT id FROM instance WHERE definitionKey = ? AND ${UNFINISHED} ORDER BY id`).all(definition) as unknown as { id: number }[];
  return rows.flatMap(({ id }) => findInstances(database, root, { family: id }));
}

/** A job, then everything below it. */
function wholeFamily(database: DatabaseSync, root: string, id: number): Instance[] {
  return [...findInstances(database, root, { ids: [id] }), ...findInstances(database, root, { below: [id] })];
}

/** What a job has started may outlive it, as where its host was killed: then the whole family stays until that has ended too. */
function mayGo(family: readonly Instance[], read: ReadonlySet<string>): boolean {
  return family.every(({ state, instanceId }) => isFinished(state) && !read.has(instanceId));
}

/** A run folder without any output: two folders and half a dozen small files, each a block. */
const FOLDER_BYTES = 32_768;
const FINISHED = 'job.parentId IS NULL AND job.endTime IS NOT NULL';
const SIZE = `CASE WHEN job.runFolder IS NULL THEN 0 ELSE coalesce(job.outputBytes, 0) + ${FOLDER_BYTES} END
  + coalesce((SELECT sum(coalesce(run.outputBytes, 0) + ${FOLDER_BYTES}) FROM instance AS run
    WHERE (run.parentId = job.id OR run.parentId IN (SELECT child.id FROM instance AS child WHERE child.parentId = job.id)) AND run.runFolder IS NOT NULL), 0)`;
const HAS_NEWER = 'EXISTS (SELECT 1 FROM instance AS newer WHERE newer.definitionKey = job.definitionKey AND newer.endTime IS NOT NULL AND (newer.endTime, newer.id) > (job.endTime, job.id))';
/** Jobs that go at a time: between two times others get at the store. */
const AT_A_TIME = 500;

/** The finished jobs that must go, oldest first, each followed by its children; those that somebody reads go another time. */
export function beyondLimits(database: DatabaseSync, root: string, { jobs = Infinity, bytes = Infinity, endedBefore, oneEach = false }: StoreLimits, beingRead: () => ReadonlySet<string>): Instance[] {
  const all = database.prepare(`SELECT count(*) AS jobs, coalesce(sum(${SIZE}), 0) AS bytes FROM instance AS job WHERE ${FINISHED}`).get() as { jobs: number; bytes: number };
  let [jobsLeft, bytesLeft] = [all.jobs, all.bytes];
  if (jobsLeft <= jobs && bytesLeft <= bytes) return [];
  const orOlder = oneEach ? ` AND (job.definitionKey IS NULL OR ${HAS_NEWER})` : '';
  // What has no folder frees nothing, and there may be thousands of such before the first that does.
  const large = jobsLeft <= jobs ? ' AND size > 0' : '';
  const oldest = database.prepare(`SELECT job.id AS id, ${SIZE} AS size FROM instance AS job WHERE ${FINISHED} AND job.endTime < ?${orOlder}${large} ORDER BY job.endTime, job.id LIMIT ${AT_A_TIME}`);
  const read = beingRead();
  const going: Instance[] = [];
  for (const { id, size } of oldest.all(endedBefore?.getTime() ?? Number.MAX_SAFE_INTEGER) as unknown as { id: number; size: number }[]) {
    if (jobsLeft <= jobs && bytesLeft <= bytes) break;
    if (jobsLeft <= jobs && size === 0) continue;
    const family = wholeFamily(database, root, id);
    if (!mayGo(family, read)) continue;
    going.push(...family);
    jobsLeft -= 1;
    bytesLeft -= size;
  }
  return going;
}
