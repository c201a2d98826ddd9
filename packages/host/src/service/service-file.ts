import { lstatSync, readFileSync } from 'node:fs';
import { rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '@nightshift/definitions';
import { JobError } from '@nightshift/sdk';
import { makeFolder } from '../make-folder.ts';
import { isOurs } from './service-facts.ts';

/** Larger than any that we write, in bytes. */
const LARGEST = 1_048_576;

/** The text of our file; undefined where nothing is. Throws `ServiceNameTaken` for whatever else is there. */
export function ownText(file: string): string | undefined {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  // A link is somebody's arrangement, such as a unit that is masked.
  const text = facts.isFile() && facts.size <= LARGEST ? readFileSync(file, 'utf8') : '';
  if (isOurs(text)) return text;
  throw new JobError({ code: 'ServiceNameTaken', message: `${file} was not written by Nightshift`, hint: 'take another name: --name NAME' });
}

/** A change of a file that can be taken back. */
export interface FileChange {
  undo(): Promise<void>;
}

/** Puts the text in its place, in one step; the folders above are made. */
export async function putText(file: string, text: string, umask: number): Promise<FileChange> {
  const before = ownText(file);
  const made: string[] = [];
  const undo = async (): Promise<void> => {
    if (before === undefined) await unlink(file).catch(unlessGone);
    else await replaceFile(file, before, { umask });
    // Somebody may have put something into one of them.
    for (const folder of made.toReversed()) await rmdir(folder).catch(() => {});
  };
  try {
    await makeFolder(dirname(file), umask, (folder) => made.push(folder));
    // What is new takes nobody's place: a link that was planted since must not be followed.
    await replaceFile(file, text, before === undefined ? { umask, create: true, existsCode: 'ServiceNameTaken' } : { umask });
  } catch (cause) {
    for (const folder of made.toReversed()) await rmdir(folder).catch(() => {});
    throw cause;
  }
  return { undo };
}

export async function removeFile(file: string): Promise<void> {
  try {
    await unlink(file).catch(unlessGone);
  } catch (cause) {
    throw new JobError({ code: 'InputOutputError', message: `${file} cannot be removed: ${(cause as Error).message}` }, { cause });
  }
}

function unlessGone(cause: unknown): void {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
}
