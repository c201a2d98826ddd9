import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { outputLost } from '../errors.ts';
import { checkKey, type ObjectStore } from './object-store.ts';

/** Objects as files of a folder that every machine sees at the same path. */
export function folderStore(folder: string): ObjectStore {
  const pathOf = (key: string): string => join(folder, checkKey(key));
  let written = 0;
  return {
    async put(key, bytes) {
      const path = pathOf(key);
      // Beside it and then in its place: nobody reads half an object, and a name that is there is whole.
      const beside = `${path}.${process.pid}-${++written}.new`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeSynced(beside, bytes);
        await rename(beside, path);
        await sync(dirname(path));
      } catch (cause) {
        await rm(beside, { force: true }).catch(() => {});
        throw trouble(folder, cause);
      }
    },
    async get(key, offset, length) {
      const bytes = await readPart(pathOf(key), offset, length).catch((cause: unknown) => {
        throw outputLost(key, cause);
      });
      if (bytes.length < length) throw outputLost(`${key}: ${length - bytes.length} bytes are missing`);
      return bytes;
    },
    async remove(key) {
      await rm(pathOf(key), { recursive: true, force: true }).catch((cause: unknown) => {
        throw trouble(folder, cause);
      });
    },
  };
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'w', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}

/** Of a file system that cannot do so for a folder, the name is as safe as it gets. */
async function sync(folder: string): Promise<void> {
  await using file = await open(folder, 'r');
  await file.sync().catch((cause: NodeJS.ErrnoException) => {
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(cause.code ?? '')) throw cause;
  });
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

const BY_SYSTEM_CODE: Readonly<Record<string, string>> = { ENOSPC: 'StoreFull', EDQUOT: 'StoreFull', EROFS: 'ReadOnlyFileSystem', EACCES: 'StoreUnavailable', EPERM: 'StoreUnavailable' };

function trouble(folder: string, cause: unknown): JobError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new JobError({ code: BY_SYSTEM_CODE[code] ?? 'InputOutputError', message: `the folder for output cannot be written: ${message}`, file: folder }, { cause });
}
