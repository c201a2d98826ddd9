/**
 * Finds the configuration file. The only importer of cosmiconfig, and the guard against its traps (measured with 10.0.1):
 *
 * - Constructing it executes `.config/config.js` (also .cjs, .mjs) of the current folder, whatever search places, strategy
 *   and loaders say: its search for a configuration of its own. The synchronous form does so at the search as well. So it is
 *   constructed and asked while the current folder is ours, and told explicitly where to look.
 * - A key `$import` in a found file makes it read further files, with their loaders. Our loaders give it nothing to import.
 * - It reads whatever bears the right name: a pipe would hang it. And it passes over a file that it may not read, as if there
 *   were none. So each place is looked at before.
 *
 * It only says which file: what the file may be and what it says is judged by read-config.ts.
 */
import { accessSync, constants, lstatSync, statSync, type Stats } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quoted } from '@nightshift/core';
import { JobError } from '@nightshift/sdk';
import { strangenessOf } from './search-folders.ts';

/** Where a configuration was found. */
export interface FoundConfig {
  /** Absolute. */
  readonly path: string;
  /** A project's file may have been written by somebody else; a named one and the user's own are the user's word. */
  readonly of: 'project' | 'named' | 'user';
}

export interface FindRequest {
  /** Searched for a project's file, in order. */
  readonly folders: readonly string[];
  /** Absolute, by `--config` or `NIGHTSHIFT_CONFIG`. */
  readonly named: string | undefined;
  /** The user's own file, whether it is there or not; undefined without a home. */
  readonly user: string | undefined;
  readonly warn: (warning: JobError) => void;
}

const PLACES = ['nightshift.yaml', 'nightshift.yml', 'nightshift.json', '.nightshiftrc', 'package.json'];
const CODE = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];
const CODE_PLACES = ['nightshift.config', '.nightshiftrc', 'nightshift'].flatMap((name) => CODE.map((extension) => name + extension));

/** Throws `CodeConfigNotSupported`, `FilePathNotFound`, `ConfigUnsafe`, `DefinitionPathUnreadable`. Undefined when there is none. */
export async function findConfig({ folders, named, user, warn }: FindRequest): Promise<FoundConfig | undefined> {
  if (named !== undefined) return { path: checkNamed(named), of: named === user ? 'user' : 'named' };
  for (const folder of folders) {
    const path = await findIn(folder, warn);
    if (path !== undefined) return { path, of: 'project' };
  }
  return user === undefined || lookAt(user) === undefined ? undefined : { path: user, of: 'user' };
}

function checkNamed(path: string): string {
  if (CODE.includes(extname(path))) throw new JobError({ code: 'CodeConfigNotSupported', message: 'a configuration is data, not code', file: path, hint: 'write it as YAML or JSON' });
  if (lookAt(path) === undefined) throw new JobError({ code: 'FilePathNotFound', message: `no configuration file is at "${path}"` });
  return path;
}

async function findIn(folder: string, warn: FindRequest['warn']): Promise<string | undefined> {
  refuseUnfit(folder);
  warnOfCode(folder, warn);
  return searchFolder(folder);
}

/** What is there by this name, links not followed. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return undefined;
    throw new JobError({ code: 'DefinitionPathUnreadable', message: `a configuration cannot be looked for there: ${code}`, file: path }, { cause });
  }
}

function refuseUnfit(folder: string): void {
  for (const name of PLACES) {
    const path = join(folder, name);
    const facts = lookAt(path);
    if (facts !== undefined && isStrange(path, facts)) throw new JobError({ code: 'ConfigUnsafe', message: 'the configuration is not a regular file', file: path, hint: `mv ${quoted([path, `${path}.aside`])}` });
    if (facts?.isFile() === true && name !== 'package.json') checkReadable(path, facts);
  }
}

/** A folder of such a name is nobody's configuration. A package.json may be a link, since it is rarely ours; but not to a device. */
function isStrange(path: string, facts: Stats): boolean {
  if (facts.isFile() || facts.isDirectory()) return false;
  if (!facts.isSymbolicLink() || !path.endsWith('package.json')) return true;
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}

/** One that nobody could read anyway is told apart from one that is somebody else's. */
function checkReadable(path: string, facts: Stats): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    const strange = strangenessOf(facts);
    const code = strange === undefined ? 'DefinitionPathUnreadable' : 'ConfigUnsafe';
    throw new JobError({ code, message: `the configuration is not for you to read: ${strange ?? (cause as NodeJS.ErrnoException).code}`, file: path, hint: `ls -l ${quoted([path])}` }, { cause });
  }
}

function warnOfCode(folder: string, warn: FindRequest['warn']): void {
  for (const name of CODE_PLACES) {
    if (lookAt(join(folder, name)) === undefined) continue;
    warn(new JobError({ code: 'CodeConfigIgnored', message: 'a configuration is data, not code; the file is ignored', file: join(folder, name), hint: 'write it as nightshift.yaml' }));
  }
}

async function searchFolder(folder: string): Promise<string | undefined> {
  const { cosmiconfig } = await import('cosmiconfig');
  const refuse = (path: string): never => {
    throw new JobError({ code: 'CodeConfigNotSupported', message: 'a configuration is data, not code', file: path });
  };
  // That a file is there is all we ask: it is read by us.
  const isThere = (): object => ({});
  const explorer = inOwnFolder(() => cosmiconfig('nightshift', {
    searchPlaces: PLACES,
    searchStrategy: 'none',
    cache: false,
    ignoreEmptySearchPlaces: false,
    loaders: { '.yaml': isThere, '.yml': isThere, noExt: isThere, '.json': namesUs, '.js': refuse, '.mjs': refuse, '.cjs': refuse, '.ts': refuse },
  }));
  const found = await explorer.search(folder);
  // An empty package.json names nothing at all.
  return found?.isEmpty === true && found.filepath.endsWith('package.json') ? undefined : found?.filepath;
}

/** A package.json is ours only when it has the key `nightshift`; one that cannot be read is its owner's trouble. */
function namesUs(path: string, text: string): object {
  if (!path.endsWith('package.json')) return {};
  try {
    const { nightshift } = JSON.parse(text) as { nightshift?: unknown };
    return nightshift === undefined ? {} : { nightshift: {} };
  } catch {
    return {};
  }
}

/**
 * Runs `act` while the current folder is the package's own, which holds nothing that anybody could have planted: the library looks
 * for a configuration of its own in the current folder when it is made. In one go, so that nobody else ever sees that folder.
 */
function inOwnFolder<T>(act: () => T): T {
  const before = process.cwd();
  process.chdir(dirname(fileURLToPath(import.meta.url)));
  try {
    return act();
  } finally {
    process.chdir(before);
  }
}
