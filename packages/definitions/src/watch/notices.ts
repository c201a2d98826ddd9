import { type FSWatcher, realpathSync, statfsSync, statSync, watch as watchFolder } from 'node:fs';
import { basename } from 'node:path';
import { errorCodeOf } from '../errors.ts';

/** How Node is asked for notices of a folder. */
export type WatchFolder = (folder: string, listener: (event: string, fileName: string | null) => void) => Pick<FSWatcher, 'on' | 'close'>;

export const systemWatch: WatchFolder = (folder, listener) => watchFolder(folder, listener);

/** Notices of what happens to the files of a folder, as the system gives them. */
export interface Notices {
  /** Which folder it is that is watched, whatever bears its name by now. */
  readonly identity: string;
  /** Whether its path leads over a link, which may lead elsewhere one day without a notice. */
  readonly overLink: boolean;
  close(): void;
}

export interface NoticeListener {
  /** Something happened to a file of this name. */
  file(fileName: string): void;
  /** Something happened to the folder itself, or to nobody knows what; `cut`: there may be no further notices. */
  folder(cut: boolean): void;
}

/** Notices, why they are none or not enough, or neither where the folder is not there. */
export interface Opened {
  readonly notices?: Notices;
  readonly hindrance?: string;
}

export function openNotices(folder: string, listener: NoticeListener, watch: WatchFolder): Opened {
  try {
    const identity = identityOf(folder);
    if (identity === undefined) return {};
    const remote = REMOTE.get(statfsSync(folder).type);
    const own = basename(folder);
    const notices = watch(folder, (event, fileName) => {
      // What happens to the folder itself comes under its own name: removed, it gives no further notices.
      if (fileName === null || (fileName === own && event === 'rename')) listener.folder(fileName !== null);
      if (fileName !== null) listener.file(fileName);
    });
    notices.on('error', () => listener.folder(true));
    const opened = { identity, overLink: realpathSync(folder) !== folder, close: () => notices.close() };
    return { notices: opened, ...(remote === undefined ? {} : { hindrance: `it is on ${remote}, where others change files without a notice` }) };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    return code === 'ENOENT' || code === 'ENOTDIR' ? {} : { hindrance: REASONS[code] ?? code };
  }
}

/** Undefined where there is no such folder. */
export function identityOf(folder: string): string | undefined {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stats?.isDirectory() === true ? `${stats.dev} ${stats.ino}` : undefined;
}

/** By their magic numbers, `man 2 statfs`. */
const REMOTE: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'SMB'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x786f4256, 'a folder of VirtualBox'],
]);

const REASONS: Readonly<Record<string, string | undefined>> = {
  ENOSPC: 'all watches of this user are in use (Linux: sysctl fs.inotify.max_user_watches)',
  EMFILE: 'all watchers or open files of this user are in use (Linux: sysctl fs.inotify.max_user_instances; ulimit -n)',
  EACCES: 'permission denied',
};
