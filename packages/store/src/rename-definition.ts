/**
 * A definition gets another name: what is known of it goes over to another key, and its run folders into another folder.
 *
 *     begin     the row of `renaming`, in the transaction that has found the new key free
 *     carry     instances, firings, clocks and the highest trigger id: one transaction
 *     folders   a few runs at a time: job.json says the new key, the folder moves, its row follows
 *     moveFile  the caller's
 *     end       the row of `renaming` goes
 *
 * Every step can be done again, so a kill between two of them is mended by calling again. Only one of them leaves a row that
 * is wrong: between the move of a folder and the commit of its row. Whoever misses a run folder meanwhile therefore looks for
 * renames that have begun, finishes their folders and asks for the row again (`relocated`): nothing is paid by anybody else.
 *
 * Folders of unfinished runs stay: the shim writes to them by their path, and the job was told it. So does what is no run of
 * ours.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Renaming, RenameResult } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { hasTraces, MEMORIES, tracesOf } from './definition-traces.ts';
import { moveFolders, type MovingPlace } from './move-runs.ts';

export async function renameDefinition(store: MovingPlace, renaming: Renaming, moveFile: () => Promise<void>): Promise<RenameResult> {
  const taken = begin(store, renaming);
  if (taken !== undefined) return taken;
  failpoint('rename.begun');
  const runs = await carryAll(store, renaming, moveFile);
  failpoint('rename.file');
  end(store, renaming);
  return { is: 'renamed', runs };
}

async function carryAll(store: MovingPlace, renaming: Renaming, moveFile: () => Promise<void>): Promise<number> {
  try {
    const runs = carryOver(store, renaming);
    failpoint('rename.carried');
    moveFolders(store, renaming.to);
    failpoint('rename.folders');
    await moveFile();
    return runs;
  } catch (cause) {
    takeBackIfPossible(store, renaming, cause);
    throw cause;
  }
}

/** What is in the way; undefined when the rename has begun, now or before. */
function begin({ database, write }: MovingPlace, { from, to }: Renaming): RenameResult | undefined {
  return write(() => {
    const by = tracesOf(database, to.key);
    const hasBegun = database.prepare('SELECT 1 FROM renaming WHERE definition = ? AND toDefinition = ?').get(from.key, to.key) !== undefined;
    if (from.key !== to.key && !hasBegun && hasTraces(by)) return { is: 'taken', by };
    note(database, { from, to });
    return undefined;
  });
}

function note(database: DatabaseSync, { from, to }: Renaming): void {
  database.prepare('INSERT OR REPLACE INTO renaming VALUES (?, ?, ?, ?)').run(from.key, from.name, to.key, to.name);
}

function end({ database, write }: MovingPlace, { from, to }: Renaming): void {
  write(() => database.prepare('DELETE FROM renaming WHERE definition IN (?, ?)').run(from.key, to.key));
}

/**
 * How many jobs. Where both keys have a clock, a scheduler has met the file between two of our steps and begun anew: the one
 * that knows the past goes on, which is the new key's, or on the way back the one that is carried.
 */
function carryOver({ database, write }: MovingPlace, { from: { key: from }, to: { key: to } }: Renaming, isBack = false): number {
  return write(() => {
    const jobs = database.prepare('SELECT count(*) AS n FROM instance WHERE definitionKey = ?').get(from) as { n: number };
    if (from === to) return jobs.n;
    database
      .prepare("UPDATE instance SET definitionKey = ?2, definition = json_set(definition, '$.key', ?2) WHERE definitionKey = ?1")
      .run(from, to);
    database.prepare('UPDATE OR IGNORE firing SET definition = ? WHERE definition = ?').run(to, from);
    for (const table of MEMORIES) database.prepare(`UPDATE OR ${isBack ? 'REPLACE' : 'IGNORE'} ${table} SET definition = ? WHERE definition = ?`).run(to, from);
    for (const table of MEMORIES) database.prepare(`DELETE FROM ${table} WHERE definition = ?`).run(from);
    return jobs.n;
  });
}

/** On a disk without room not even that may be possible: what has begun is still written down, and to call again mends it. */
function takeBackIfPossible(store: MovingPlace, renaming: Renaming, cause: unknown): void {
  try {
    takeBack(store, renaming);
  } catch (second) {
    throw new AggregateError([cause, second], (cause as Error).message, { cause: second });
  }
}

/** The file kept its name. */
function takeBack(store: MovingPlace, { from, to }: Renaming): void {
  const back: Renaming = { from: to, to: from };
  store.write(() => note(store.database, back));
  carryOver(store, back, true);
  moveFolders(store, from);
  end(store, back);
}
