import { isJobError, JobError, type Instance } from '@nightshift/sdk';

/** The store at `path` cannot be read: not a database, damaged, or locked away. */
export function storeUnavailable(path: string, cause: unknown): JobError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new JobError(
    { code: 'StoreUnavailable', message: `the store cannot be read: ${detail}`, file: path, hint: 'nightshift doctor --repair keeps the damaged file and builds a new index from the run folders' },
    { cause },
  );
}

export function storeNewerSchema(path: string, found: number, known: number): JobError {
  return new JobError({
    code: 'StoreNewerSchema',
    message: `the store has schema ${found}; this version of Nightshift knows schemas up to ${known}`,
    file: path,
    hint: 'install the newer version of Nightshift that wrote it',
  });
}

const BY_SYSTEM_CODE: Readonly<Record<string, { code: string; text: string }>> = {
  ENOSPC: { code: 'StoreFull', text: 'the disk is full' },
  EDQUOT: { code: 'StoreFull', text: 'the disk quota is used up' },
  EROFS: { code: 'ReadOnlyFileSystem', text: 'the file system is read-only' },
  EIO: { code: 'InputOutputError', text: 'the disk reported an input/output error' },
};

// SQLite's primary result codes (sqlite.org/rescode.html).
const BY_SQLITE_CODE: Readonly<Record<number, { code: string; text: string }>> = {
  5: { code: 'StoreLocked', text: 'another process has held the store for more than five seconds' },
  8: { code: 'ReadOnlyFileSystem', text: 'the store cannot be written' },
  10: { code: 'InputOutputError', text: 'the disk reported an input/output error' },
  13: { code: 'StoreFull', text: 'the disk is full' },
};

/** SQLITE_IOERR_SHORT_READ. */
const SHORT_READ = 522;

/** A failed write or read at `path` as one of our codes; anything else comes back as it was. */
export function storeTrouble(path: string, cause: unknown): unknown {
  const { code, errcode } = cause as { code?: string; errcode?: number };
  // A file that is shorter than its own first page says is damaged, not the disk.
  if (errcode === SHORT_READ) return storeUnavailable(path, cause);
  const known = BY_SYSTEM_CODE[code ?? ''] ?? (errcode === undefined ? undefined : BY_SQLITE_CODE[errcode & 0xff]);
  if (known !== undefined) return new JobError({ code: known.code, message: known.text, file: path }, { cause });
  if (code === 'EACCES' || code === 'EPERM') return storeUnavailable(path, cause);
  return errcode === undefined ? cause : storeUnavailable(path, cause);
}

/** A reader of a run cannot say so. Throws a mistake of ours on. */
export function cannotMark(path: string, cause: unknown): JobError {
  const { code = '', syscall, message } = cause as NodeJS.ErrnoException;
  if (syscall === undefined) throw cause;
  return new JobError({ code: BY_SYSTEM_CODE[code]?.code ?? 'InputOutputError', message: `nobody can be told that the run is being read, and it may be pruned meanwhile: ${message}`, file: path }, { cause });
}

/** As every reader tells it. Source: scheduled-jobs.md 9.4. */
export function unreadableRun(id: number, name: string, { file, why }: { readonly file: string; readonly why: string }, keptAt: string): JobError {
  return new JobError({ code: 'CantLoadScheduledJobDefinitionFromStore', message: `the run of ${name} (${id}) cannot be read: ${why}`, file, hint: `what there is of it is kept as ${keptAt}` });
}

/** A job that has ended, or is to end, starts nothing any more. */
export function takesNoChildren(instanceId: string, parent: Instance | undefined): JobError {
  const why = parent === undefined ? `no job has the instance id ${instanceId}` : `${parent.name} (${parent.id}) is ${parent.state} and starts no children any more`;
  return new JobError({ code: 'InvalidJobState', message: why });
}

/** Nothing can be written here at all. */
export function readOnly(path: string, consequence = ''): JobError {
  return new JobError({ code: 'ReadOnlyFileSystem', message: `the file system is read-only${consequence}`, file: path });
}

export function isReadOnly(cause: unknown): boolean {
  return isJobError(cause) && cause.code === 'ReadOnlyFileSystem';
}

/** Runs `act` and words its failure as store trouble. */
export function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw storeTrouble(path, cause);
  }
}

/** The same for what reads piece by piece. */
export async function guardedRead<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw storeTrouble(path, cause);
  }
}
