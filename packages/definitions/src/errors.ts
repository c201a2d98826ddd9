import { isJobError, JobError, type JobErrorFacts } from '@nightshift/sdk';
import { shownPath } from './inside.ts';
import { LIMITS } from './limits.ts';
import { quoted } from './quoted.ts';

/** Complaints about folders and files as such; those about their text are made where they are found. */

export const folderMissing = (folder: string): JobError =>
  new JobError({ code: 'DirectoryNotFoundException', message: `there is no folder ${shown(folder)}`, hint: 'nightshift new NAME makes it with a first definition; --definition-path names another folder' });

export const notAFolder = (folder: string): JobError =>
  new JobError({ code: 'DirectoryNotFoundException', message: `${shown(folder)} is not a folder` });

export const unreadable = (path: string, cause: unknown): JobError =>
  new JobError({ code: 'DefinitionPathUnreadable', message: `${shown(path)} cannot be read: ${reasonOf(cause)}` }, { cause });

export const tooMany = (folder: string): JobError =>
  new JobError({ code: 'LimitExceeded', message: `the folder ${shown(folder)} has more than ${LIMITS.definitions.toLocaleString('en')} definitions` });

export const full = (folder: string): JobError =>
  new JobError({ code: 'LimitExceeded', message: `the folder ${shown(folder)} has ${LIMITS.definitions.toLocaleString('en')} definitions, as many as one may hold`, hint: 'list another folder beside it under definitionPath' });

export const fileMissing = (file: string): JobError => new JobError({ code: 'FilePathNotFound', message: `there is no file ${shown(file)}`, file: shownPath(file) });

export const unsafe = (file: string, fault: string, hint?: string): JobError =>
  new JobError({ code: 'DefinitionUnsafe', message: `${shown(file)} ${fault}`, file: shownPath(file), ...(hint === undefined ? {} : { hint }) });

export const sameName = (name: string, files: readonly string[]): JobErrorFacts => ({
  code: 'DefinitionNameConflict',
  message: `${quoted(name)} is defined ${files.length === 2 ? 'twice' : `${files.length} times`}: ${files.map(quoted).join(', ')}`,
  hint: 'names are compared without case and extension; rename or remove one of the files',
});

export const watchedSlowly = (folder: string, because: string): JobError =>
  new JobError({ code: 'DefinitionPathNotWatched', message: `${shown(folder)} is looked at about once a second instead of being watched: ${because}` });

/** A path in a sentence. */
export function shown(path: string): string {
  return quoted(shownPath(path));
}

/** A path in a command for a shell: whoever copies it must not run what a name says. */
export function typed(path: string): string {
  const text = shownPath(path);
  return /^[\w/][\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The facts of an error that a user can act upon; anything else is thrown again. */
export function factsOf(error: unknown, file: string): JobErrorFacts {
  if (!isJobError(error)) throw error;
  const { code, message, hint } = error;
  return { code, message, file, ...(hint === undefined ? {} : { hint }) };
}

export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  const code = errorCodeOf(error);
  return code === 'EACCES' || code === 'EPERM' ? 'permission denied' : (code ?? String(error));
}
