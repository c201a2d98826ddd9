import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { shownPath } from '@nightshift/definitions';
import { JobError } from '@nightshift/sdk';

const CODES: Readonly<Record<string, readonly [code: string, because: string]>> = {
  ENOSPC: ['StoreFull', 'no space is left on the device'],
  EDQUOT: ['StoreFull', 'the disk quota is used up'],
  EROFS: ['ReadOnlyFileSystem', 'the file system is read-only'],
  EACCES: ['UnauthorizedAccessToRegisterScheduledJobDefinition', 'permission denied'],
  EPERM: ['UnauthorizedAccessToRegisterScheduledJobDefinition', 'permission denied'],
  EEXIST: ['DirectoryNotFoundException', 'a file is in its place'],
  ENOTDIR: ['DirectoryNotFoundException', 'a file is in its place'],
};

/**
 * Makes a folder that people own, and those above it, of mode 0755 less their umask. `made` is told of each that was missing,
 * outermost first, so that they can be taken back. Throws `StoreFull`, `ReadOnlyFileSystem`,
 * `UnauthorizedAccessToRegisterScheduledJobDefinition`, `DirectoryNotFoundException`, `InputOutputError`.
 */
export async function makeFolder(folder: string, umask: number, made: (folder: string) => void): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder), umask, made);
  try {
    await mkdir(folder);
    made(folder);
    // Our own umask is stricter: most that we make is for nobody else.
    await chmod(folder, 0o755 & ~umask);
  } catch (cause) {
    const system = (cause as NodeJS.ErrnoException).code ?? '';
    // Somebody else made it at this very moment.
    if (system === 'EEXIST' && (await isFolder(folder))) return;
    const [code, because] = CODES[system] ?? ['InputOutputError', system];
    throw new JobError({ code, message: `the folder ${JSON.stringify(shownPath(folder))} cannot be made: ${because}` }, { cause });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
