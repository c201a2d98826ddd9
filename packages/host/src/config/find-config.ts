/**
 * Finds the configuration file. The only importer of cosmiconfig, and the guard against its traps (measured with 10.0.1):
 *
 * - Constructing it executes `.config/config.js` (also .cjs, .mjs) of the current folder, whatever search places, strategy
 *   and loaders say: its search for a configuration of its own. The synchronous form does so at the search as well. So it is
 *   constructed and asked while the current folder is ours, and told explicitly where to look.
 * - A key `$import` in a found file makes it read further files, with their loaders. Our loaders give it nothing to import.
 * - It reads whatever bears the right name: a pipe would hang it. So each place is looked at before.
 *
 * It only says which file: what the file may be and what it says is judged by read-config.ts.
 */
import { lstatSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobError } from '@nightshift/sdk';
import { userConfigPath } from '../places.ts';

/** Where a configuration was found. */
export interface FoundConfig {
  /** Absolute. */
  readonly path: string;
  /** A project's file may have been written by somebody else; a named one and the user's own are the user's word. */
  readonly of: 'project' | 'named' | 'user';
}

export interface FindRequest {
  readonly from: string;
  /** The project's root, if there is one: nothing above it is looked at. */
  readonly root: string | undefined;
  /** Named by `--config` or `NIGHTSHIFT_CONFIG`. */
  readonly named: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
}

const PLACES = ['nightshift.yaml', 'nightshift.yml', 'nightshift.json', '.nightshiftrc', 'package.json'];
const CODE = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];
const CODE_PLACES = ['nightshift.config', '.nightshiftrc', 'nightshift'].flatMap((name) => CODE.map((extension) => name + extension));

/** Throws `CodeConfigNotSupported`, `FilePathNotFound`, `ConfigUnsafe`. Undefined when there is none. */
export async function findConfig(request: FindRequest): Promise<FoundConfig | undefined> {
  const { named, from, root, environment } = request;
  if (named !== undefined) return { path: checkNamed(resolve(from, named), named), of: 'named' };
  for (const folder of foldersUp(from, root)) {
    refuseStrangeFiles(folder);
    warnOfCode(folder, request.warn);
    const path = await searchFolder(folder);
    if (path !== undefined) return { path, of: 'project' };
  }
  const user = userConfigPath(environment);
  return lstatSync(user, { throwIfNoEntry: false }) === undefined ? undefined : { path: user, of: 'user' };
}

function checkNamed(path: string, named: string): string {
  if (CODE.includes(extname(path))) throw new JobError({ code: 'CodeConfigNotSupported', message: `a configuration is data, not code: "${named}"`, file: named, hint: 'write it as YAML or JSON' });
  if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new JobError({ code: 'FilePathNotFound', message: `no configuration file is at "${named}"` });
  return path;
}

function foldersUp(from: string, root: string | undefined): string[] {
  if (root === undefined || from === root || from === dirname(from)) return [from];
  return [from, ...foldersUp(dirname(from), root)];
}

function refuseStrangeFiles(folder: string): void {
  for (const name of PLACES) {
    const facts = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (facts !== undefined && !facts.isFile() && !facts.isDirectory() && !(facts.isSymbolicLink() && name === 'package.json')) {
      throw new JobError({ code: 'ConfigUnsafe', message: 'the configuration is not a regular file', file: join(folder, name) });
    }
  }
}

function warnOfCode(folder: string, warn: FindRequest['warn']): void {
  for (const name of CODE_PLACES) {
    if (lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined) continue;
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
  const found = await inOwnFolder(() => {
    const explorer = cosmiconfig('nightshift', {
      searchPlaces: PLACES,
      searchStrategy: 'none',
      cache: false,
      ignoreEmptySearchPlaces: false,
      loaders: { '.yaml': isThere, '.yml': isThere, noExt: isThere, '.json': namesUs, '.js': refuse, '.mjs': refuse, '.cjs': refuse, '.ts': refuse },
    });
    return explorer.search(folder);
  });
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

/** Runs `act` while the current folder is the package's own, which holds nothing that anybody could have planted. */
async function inOwnFolder<T>(act: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(dirname(fileURLToPath(import.meta.url)));
  try {
    return await act();
  } finally {
    process.chdir(before);
  }
}
