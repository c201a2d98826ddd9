/**
 * Writes a file that people own, so that whoever looks sees the old text or the new one and never half of either: into a
 * file beside it, to the disk, and into its place in one step. Nothing is left behind by a failure.
 */
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, realpath, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { errorCodeOf, shown } from './errors.ts';
import { shownPath } from './inside.ts';

export interface ReplaceOptions {
  /** Refuses a file that is there already. Default false. */
  readonly create?: boolean;
  /** Code of that refusal. Default `CantRegisterScheduledJobDefinition`. */
  readonly existsCode?: string;
  /** Of the person who called; a new file has mode 0644 less it. Default: this process's. */
  readonly umask?: number;
}

/**
 * The file at `path` with this text. An existing one keeps its mode, and its owner where we may give files away; a symbolic
 * link stays one. Throws `StoreFull`, `ReadOnlyFileSystem`, `UnauthorizedAccessToRegisterScheduledJobDefinition`,
 * `DirectoryNotFoundException`, else `InputOutputError`; the old file is untouched then.
 */
export async function replaceFile(path: string, text: string, options: ReplaceOptions = {}): Promise<void> {
  try {
    if (options.create === true) await create(path, text, options);
    else await replace(await realpath(path).catch(() => path), text, options);
  } catch (cause) {
    throw explained(path, cause, options);
  }
}

async function create(path: string, text: string, options: ReplaceOptions): Promise<void> {
  const temporary = await writeBeside(path, text, (file) => file.chmod(0o644 & ~umaskOf(options)));
  try {
    // Unlike a rename, a link fails where something is: no moment between a look and the act.
    await link(temporary, path);
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dirname(path));
}

async function replace(path: string, text: string, options: ReplaceOptions): Promise<void> {
  const old = await lstat(path).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  const temporary = await writeBeside(path, text, async (file) => {
    if (old !== undefined && process.geteuid?.() === 0) await file.chown(old.uid, old.gid);
    await file.chmod(old === undefined ? 0o644 & ~umaskOf(options) : old.mode & 0o7777);
  });
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
}

function umaskOf({ umask }: ReplaceOptions): number {
  return umask ?? process.umask();
}

/** A name that no listing of definitions looks at. */
async function writeBeside(path: string, text: string, finish: (file: FileHandle) => Promise<void>): Promise<string> {
  const { randomBytes } = await import('node:crypto');
  const temporary = join(dirname(path), `.nightshift-${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    await file.writeFile(text);
    await finish(file);
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(temporary);
    throw error;
  }
  return temporary;
}

/** So that the new name outlives a power cut as well. Windows opens no folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const CODES: Readonly<Record<string, readonly [code: string, because: string]>> = {
  ENOSPC: ['StoreFull', 'no space is left on the device'],
  EDQUOT: ['StoreFull', 'the disk quota is used up'],
  EROFS: ['ReadOnlyFileSystem', 'the file system is read-only'],
  EACCES: ['UnauthorizedAccessToRegisterScheduledJobDefinition', 'permission denied'],
  EPERM: ['UnauthorizedAccessToRegisterScheduledJobDefinition', 'permission denied'],
  ENOENT: ['DirectoryNotFoundException', 'its folder does not exist'],
  ENOTDIR: ['DirectoryNotFoundException', 'its folder is a file'],
};

export function explained(path: string, cause: unknown, { existsCode = 'CantRegisterScheduledJobDefinition' }: ReplaceOptions): unknown {
  const system = errorCodeOf(cause);
  if (system === undefined) return cause;
  if (system === 'EEXIST') return new JobError({ code: existsCode, message: `${shown(path)} exists already`, file: shownPath(path) }, { cause });
  const [code, because] = CODES[system] ?? ['InputOutputError', system];
  return new JobError({ code, message: `${shown(path)} cannot be written: ${because}`, file: shownPath(path) }, { cause });
}
