import { accessSync, closeSync, constants, openSync, readSync, statSync, type Stats } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** A program that can be started, or the sentence that says why not: `Code: …`. */
export type FoundProgram = { readonly path: string } | { readonly failed: string };

/** Where the system looks when PATH is not set. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * Looks a program up as execvp(3) would, with the job's own PATH and working directory, so that "not found" is said at
 * once and names the right thing: the errors of the system name the wrong file or none (a missing interpreter reads as a
 * missing script). `asInterpreter`: the word was chosen by us for a script of the user's.
 */
export function findProgram(word: string, environment: Readonly<Record<string, string | undefined>>, workingDirectory: string, asInterpreter: boolean): FoundProgram {
  const searched = environment['PATH'] ?? DEFAULT_PATH;
  if (word === '') return { failed: 'ProgramNotFound: the name of the program is empty' };
  const folders = word.includes('/') ? [''] : searched.split(':');
  const pathIn = (folder: string): string => resolve(workingDirectory, folder, word);
  const home = folders.find((folder) => kindOf(pathIn(folder)) === 'executable');
  if (home !== undefined) return checkInterpreter(pathIn(home), environment, workingDirectory);
  const other = folders.map(pathIn).map((path) => [path, kindOf(path)] as const).find(([, kind]) => kind !== 'missing');
  if (other !== undefined) return { failed: `NotExecutable: ${JSON.stringify(other[0])} ${other[1] === 'folder' ? 'is a folder' : 'may not be executed'}` };
  const where = word.includes('/') ? '' : ` (PATH: ${searched})`;
  if (asInterpreter) return { failed: `InterpreterNotFound: no program is named ${JSON.stringify(word)}${where}` };
  const advice = /\s/.test(word) ? '; a program and its arguments are words of their own, and a text for a shell stands without "--"' : '';
  return { failed: `ProgramNotFound: no program is named ${JSON.stringify(word)}${where}${advice}` };
}

type Kind = 'executable' | 'file' | 'folder' | 'missing';

function kindOf(path: string): Kind {
  const facts = factsOf(path);
  if (facts === undefined) return 'missing';
  if (facts.isDirectory()) return 'folder';
  try {
    accessSync(path, constants.X_OK);
    return 'executable';
  } catch {
    return 'file';
  }
}

/** A link to itself, a folder that may not be looked into, a name that is too long: whatever it is, no program is there. */
function factsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The first line of a script names another program: `#!/usr/bin/env python3`. */
function checkInterpreter(path: string, environment: Readonly<Record<string, string | undefined>>, workingDirectory: string): FoundProgram {
  const [interpreter, ...words] = firstLine(path);
  if (interpreter === undefined) return { path };
  const missing = { failed: `InterpreterNotFound: the first line of ${JSON.stringify(path)} names ${JSON.stringify(interpreter)}, which is not there` };
  if (kindOf(resolve(workingDirectory, interpreter)) !== 'executable') return missing;
  const named = basename(interpreter) === 'env' ? words.find((word) => !word.startsWith('-') && !word.includes('=')) : undefined;
  if (named === undefined) return { path };
  const folders = (environment['PATH'] ?? DEFAULT_PATH).split(':');
  const isThere = named.includes('/') ? kindOf(resolve(workingDirectory, named)) === 'executable' : folders.some((folder) => kindOf(join(folder, named)) === 'executable');
  return isThere ? { path } : { failed: missing.failed.replace(JSON.stringify(interpreter), JSON.stringify(named)) };
}

function firstLine(path: string): string[] {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // Executable but not readable: the system can start it, and it is no script.
    return [];
  }
  try {
    const bytes = Buffer.alloc(256);
    const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
    return text.startsWith('#!') ? (text.slice(2).split('\n')[0] as string).split(/[ \t]+/).filter((word) => word !== '') : [];
  } finally {
    closeSync(file);
  }
}
