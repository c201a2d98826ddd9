/** What goes to every computer alike: the file that is run there, and the lines of its input. Made once, before any child begins. */
import { accessSync, constants, copyFileSync, createWriteStream, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { once } from 'node:events';
import { type JobContext, JobError } from '@nightshift/sdk';
import { OWN_FILE, type RemoteOrder, type Sent } from './client/order.ts';
import type { RemoteSpec } from './spec.ts';

/** What stands before a file over there, by its extension; programs are looked up there. Source: jobs.md 8.3. */
const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['node'], '.mjs': ['node'], '.cjs': ['node'], '.ts': ['node'],
  '.sh': ['sh'], '.bash': ['bash', '--noprofile', '--norc'], '.py': ['python3'], '.ps1': ['pwsh', '-NoProfile', '-File'],
};

/** The words over there, and the file among them. Throws `FilePathNotFound` and `InvalidFilePathParameter`. */
export function programOf({ spec, workingDirectory, argumentList, folder }: Pick<JobContext<RemoteSpec>, 'spec' | 'workingDirectory' | 'argumentList' | 'folder'>): Pick<RemoteOrder, 'words' | 'file'> {
  const words = [...spec.argumentList, ...argumentList.map(String)];
  if (spec.command !== undefined) return { words: [...spec.command, ...words] };
  // As a file, so that nobody sees the text among the processes there, and it may be of any length.
  if (spec.scriptBlock !== undefined) return { words: ['sh', OWN_FILE, ...words], file: { name: 'script', bytes: inline(Buffer.from(spec.scriptBlock)) } };
  const path = resolve(workingDirectory, spec.filePath as string);
  const bytes = copyOf(path, folder);
  return { words: [...interpreterOf(path), OWN_FILE, ...words] as [string, ...string[]], file: { name: basename(path), bytes } };
}

/** What stands before a file over there; empty: the file is run itself. Throws `InvalidFilePathParameter`. */
export function interpreterOf(path: string): readonly string[] {
  const interpreter = INTERPRETERS[extname(path).toLowerCase()];
  if (interpreter !== undefined) return interpreter;
  try {
    accessSync(path, constants.X_OK);
    return [];
  } catch {
    throw new JobError({ code: 'InvalidFilePathParameter', path: ['filePath'], message: `"${path}" cannot be run: no interpreter is known for its name and it is not executable`, hint: `make it executable (chmod +x), or give it one of the extensions ${Object.keys(INTERPRETERS).join(' ')}` });
  }
}

/** All computers get the same, also those whose turn comes when the file is another one. */
function copyOf(path: string, folder: string | undefined): Sent {
  const copy = folder === undefined ? undefined : join(folder, 'file');
  if (copy !== undefined && existsSync(copy)) return { path: copy };
  try {
    if (copy === undefined) return inline(readFileSync(path));
    copyFileSync(path, `${copy}.new`);
    renameSync(`${copy}.new`, copy);
    return { path: copy };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') throw new JobError({ code: 'FilePathNotFound', path: ['filePath'], message: `"${path}" is no file` }, { cause });
    throw new JobError({ code: 'InvalidFilePathParameter', path: ['filePath'], message: `"${path}" cannot be read: ${message}` }, { cause });
  }
}

/** Undefined: the input is empty. A standard input goes as it came: it need not be text. */
export async function inputOf({ spec, input, inputFile, folder }: Pick<JobContext<RemoteSpec>, 'spec' | 'input' | 'inputFile' | 'folder'>): Promise<Sent | undefined> {
  const path = folder === undefined ? undefined : join(folder, 'input');
  if (path !== undefined && existsSync(path)) return { path };
  if (spec.inputObject !== undefined) return kept(Buffer.from(linesOf(spec.inputObject)), path);
  if (inputFile !== undefined) return { path: inputFile };
  if (path === undefined) return collected(input);
  return (await spooled(input, `${path}.new`)) ? renamed(path) : undefined;
}

function kept(bytes: Buffer, path: string | undefined): Sent {
  if (path === undefined) return inline(bytes);
  writeFileSync(`${path}.new`, bytes, { mode: 0o600 });
  return renamed(path);
}

function renamed(path: string): Sent {
  renameSync(`${path}.new`, path);
  return { path };
}

async function collected(input: AsyncIterable<unknown>): Promise<Sent | undefined> {
  const values: unknown[] = [];
  for await (const value of input) values.push(value);
  return values.length === 0 ? undefined : inline(Buffer.from(linesOf(values)));
}

/** False: there was nothing. In constant memory. */
async function spooled(input: AsyncIterable<unknown>, path: string): Promise<boolean> {
  const file = createWriteStream(path, { mode: 0o600 });
  let isEmpty = true;
  for await (const value of input) {
    isEmpty = false;
    if (!file.write(linesOf([value]))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return !isEmpty;
}

function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');
}

function inline(bytes: Buffer): Sent {
  return { base64: bytes.toString('base64') };
}
