/** Run folders of a definition that gets another name. The protocol is told in rename-definition.ts. */
import { existsSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Instance, NamedKey } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { Write } from './database/transaction.ts';
import { findInstances, UNFINISHED } from './instances.ts';
import { readJobFile, syncFolder, writeJobFile } from './run-folder/job-file.ts';
import { makeFolders } from './run-folder/make-folders.ts';

/** Where run folders move. */
export interface MovingPlace {
  readonly database: DatabaseSync;
  readonly root: string;
  /** Whether what is done survives a power cut. */
  readonly synced: boolean;
  look<T>(ask: () => T): T;
  readonly write: Write;
}

/** The run with its folder where it lies now: it may have been on its way when its row was read. */
export function relocated(store: MovingPlace, instance: Instance): Instance {
  if (instance.runFolder === undefined || existsSync(instance.runFolder)) return instance;
  const begun = store.look(() => store.database.prepare('SELECT toDefinition AS key, toName AS name FROM renaming').all()) as unknown as readonly NamedKey[];
  for (const to of begun) moveFolders(store, to);
  const [found] = store.look(() => findInstances(store.database, store.root, { ids: [instance.id] }));
  return found?.instanceId !== instance.instanceId || found.runFolder === undefined ? instance : { ...instance, runFolder: found.runFolder };
}

/** Rows of one transaction. */
const AT_A_TIME = 200;

interface Row {
  readonly id: number;
  readonly runFolder: string;
}

/** The folders of the new key's jobs say its key; those of finished ones lie in the folder of its name. Does what is left of it. */
export function moveFolders(store: MovingPlace, { key, name }: NamedKey): void {
  const { database, root, synced, look, write } = store;
  const target = join('output', key.slice(0, key.indexOf('/')), name);
  for (const { runFolder } of look(() => foldersOf(database, key))) sayKey(join(root, runFolder), key, synced);
  const left = look(() => foldersOf(database, key, target));
  for (let first = 0; first < left.length; first += AT_A_TIME) {
    write(() => moveSome(database, root, left.slice(first, first + AT_A_TIME), target, synced));
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
