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
import { existsSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Instance, NamedKey, Renaming, RenameResult } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { hasTraces, tracesOf } from './definition-traces.ts';
import type { EmbeddedStore } from './embedded-store.ts';
import { findInstances, UNFINISHED } from './instances.ts';
import { readJobFile, syncFolder, writeJobFile } from './run-folder/job-file.ts';
import { makeFolders } from './run-folder/make-folders.ts';

type Place = Pick<EmbeddedStore, 'database' | 'root' | 'kind' | 'look' | 'write'>;

export async function renameDefinition(store: EmbeddedStore, renaming: Renaming, moveFile: () => Promise<void>): Promise<RenameResult> {
  const taken = begin(store, renaming);
  if (taken !== undefined) return taken;
  failpoint('rename.begun');
  const runs = carryOver(store, renaming);
  failpoint('rename.carried');
  moveFolders(store, renaming.to);
  failpoint('rename.folders');
  try {
    await moveFile();
  } catch (cause) {
    takeBack(store, renaming);
    throw cause;
  }
  failpoint('rename.file');
  end(store, renaming);
  return { is: 'renamed', runs };
}

/** The run with its folder where it lies now: it may have been on its way when its row was read. */
export function relocated(store: Place, instance: Instance): Instance {
  if (instance.runFolder === undefined || existsSync(instance.runFolder)) return instance;
  const begun = store.look(() => store.database.prepare('SELECT toDefinition AS key, toName AS name FROM renaming').all()) as unknown as readonly NamedKey[];
  for (const to of begun) moveFolders(store, to);
  const [found] = store.look(() => findInstances(store.database, store.root, { ids: [instance.id] }));
  return found?.instanceId !== instance.instanceId || found.runFolder === undefined ? instance : { ...instance, runFolder: found.runFolder };
}

/** What is in the way; undefined when the rename has begun, now or before. */
function begin({ database, write }: Place, { from, to }: Renaming): RenameResult | undefined {
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

function end({ database, write }: Place, { from, to }: Renaming): void {
  write(() => database.prepare('DELETE FROM renaming WHERE definition IN (?, ?)').run(from.key, to.key));
}

/**
 * How many jobs. Where both keys have a clock, a scheduler has met the file between two of our steps and begun anew: the one
 * that knows the past goes on, which is the new key's, or on the way back the one that is carried.
 */
function carryOver({ database, write }: Place, { from: { key: from }, to: { key: to } }: Renaming, isBack = false): number {
  return write(() => {
    const jobs = database.prepare('SELECT count(*) AS n FROM instance WHERE definitionKey = ?').get(from) as { n: number };
    if (from === to) return jobs.n;
    database
      .prepare("UPDATE instance SET definitionKey = ?2, definition = json_set(definition, '$.key', ?2) WHERE definitionKey = ?1")
      .run(from, to);
    database.prepare('UPDATE OR IGNORE firing SET definition = ? WHERE definition = ?').run(to, from);
    for (const table of ['trigger_clock', 'trigger_id']) database.prepare(`UPDATE OR ${isBack ? 'REPLACE' : 'IGNORE'} ${table} SET definition = ? WHERE definition = ?`).run(to, from);
    for (const table of ['trigger_clock', 'trigger_id']) database.prepare(`DELETE FROM ${table} WHERE definition = ?`).run(from);
    return jobs.n;
  });
}

/** Rows of one transaction. */
const AT_A_TIME = 200;

interface Row {
  readonly id: number;
  readonly runFolder: string;
}

/** The folders of the new key's jobs say its key; those of finished ones lie in the folder of its name. Does what is left of it. */
function moveFolders(store: Place, { key, name }: NamedKey): void {
  const { database, root, kind, look, write } = store;
  const target = join('output', key.slice(0, key.indexOf('/')), name);
  for (const { runFolder } of look(() => foldersOf(database, key))) sayKey(join(root, runFolder), key, kind.durable);
  const left = look(() => foldersOf(database, key, target));
  for (let first = 0; first < left.length; first += AT_A_TIME) {
    write(() => moveSome(database, root, left.slice(first, first + AT_A_TIME), target, kind.durable));
  }
}

/** Run folders below the output folder of a definition's jobs; with `target` those of finished jobs that lie elsewhere. */
function foldersOf(database: DatabaseSync, definition: string, target?: string): Row[] {
  const rows = database
    .prepare(
      `SELECT run.id AS id, run.runFolder AS runFolder FROM instance job JOIN instance run ON run.id = job.id OR run.parentId = job.id
       WHERE job.definitionKey = ? AND run.runFolder LIKE 'output/%/%/%' ${target === undefined ? '' : `AND NOT (job.${UNFINISHED}) AND NOT (run.${UNFINISHED})`}`,
    )
    .all(definition) as unknown as Row[];
  return target === undefined ? rows : rows.filter(({ runFolder }) => dirname(runFolder) !== target);
}

/** An index built anew reads the key there. */
function sayKey(folder: string, key: string, synced: boolean): void {
  const file = readJobFile(folder);
  if (file === undefined || file.instances.every(({ definition }) => definition === undefined || definition.key === key)) return;
  const instances = file.instances.map((instance) => (instance.definition === undefined ? instance : { ...instance, definition: { ...instance.definition, key } }));
  writeJobFile(folder, instances, synced, '.renamed');
}

/** In somebody's transaction: who misses a folder waits for its end. */
function moveSome(database: DatabaseSync, root: string, rows: readonly Row[], target: string, synced: boolean): void {
  const point = database.prepare('UPDATE instance SET runFolder = ? WHERE id = ?');
  const into = join(root, target);
  makeFolders(into);
  for (const { id, runFolder } of rows) {
    const [old, moved] = [join(root, runFolder), join(into, basename(runFolder))];
    if (existsSync(old)) renameSync(old, moved);
    else if (!existsSync(moved)) continue;
    point.run(join(target, basename(runFolder)), id);
  }
  const left = [...new Set(rows.map(({ runFolder }) => dirname(join(root, runFolder))))].filter((folder) => existsSync(folder));
  // The rows may not survive a power cut that the moves did not.
  if (synced) for (const folder of [into, dirname(into), ...left]) syncFolder(folder);
  failpoint('rename.moved');
  for (const folder of left) if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** The file kept its name. */
function takeBack(store: Place, { from, to }: Renaming): void {
  const back: Renaming = { from: to, to: from };
  store.write(() => note(store.database, back));
  carryOver(store, back, true);
  moveFolders(store, from);
  end(store, back);
}
