import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Authoring } from '@nightshift/host';
import { asciiLower, JobError } from '@nightshift/sdk';
import type { Settled } from './settle.ts';

/** As many names as a reader would look at. */
const SHOWN = 5;

/**
 * Refuses names that a definition in one of these folders has already, whatever the extension and the case.
 * Throws `CantRegisterScheduledJobDefinition`.
 */
export function refuseTaken(definitions: readonly Settled[], folders: readonly string[]): void {
  const there = new Map(folders.flatMap((folder) => namesIn(folder).map((file) => [asciiLower(file.slice(0, -extname(file).length)), join(folder, file)] as const)));
  const taken = definitions.flatMap(({ name }) => there.get(asciiLower(name)) ?? []);
  if (taken.length === 0) return;
  const more = taken.length > SHOWN ? ` and ${taken.length - SHOWN} more` : '';
  throw new JobError({
    code: 'CantRegisterScheduledJobDefinition',
    message: `nothing was written: ${taken.slice(0, SHOWN).map((path) => `"${path}"`).join(', ')}${more} ${taken.length === 1 ? 'is' : 'are'} there already`,
    hint: 'put a --prefix before the new names, or move the old files away',
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((file) => ['.yaml', '.yml', '.json'].includes(extname(file)));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw trouble(folder, cause);
  }
}

/** All or nothing: what is made already goes when a later file fails. The folder is made where it is missing. */
export async function writeAll(definitions: readonly Settled[], folder: string, { makeFolder, replaceFile }: Pick<Authoring, 'makeFolder' | 'replaceFile'>): Promise<void> {
  const folders = await makeFolder(folder);
  const written: string[] = [];
  try {
    for (const { path, text } of definitions) {
      await replaceFile(path, text, { create: true });
      written.push(path);
    }
  } catch (cause) {
    for (const path of written) rmSync(path, { force: true });
    // A folder in which somebody else has put something meanwhile is theirs.
    for (const path of folders.toReversed()) if (readdirSync(path).length === 0) rmdirSync(path);
    throw cause;
  }
}

const CODES: Readonly<Record<string, string>> = { EACCES: 'UnauthorizedAccessToRegisterScheduledJobDefinition', EPERM: 'UnauthorizedAccessToRegisterScheduledJobDefinition', ENOTDIR: 'DirectoryNotFoundException' };

function trouble(folder: string, cause: unknown): JobError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new JobError({ code: CODES[code] ?? 'InputOutputError', message: `the folder "${folder}" cannot be used: ${message}` }, { cause });
}
