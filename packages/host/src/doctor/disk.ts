import { existsSync, realpathSync, statfsSync } from 'node:fs';
import { bad, doubtful, well, type Finding } from './finding.ts';
import { nearestAbove } from './folders.ts';
import { systemText, type Surroundings } from './surroundings.ts';

/** How full a file system is, in bytes and files; 0 files in all: it does not count them. */
export interface Space {
  readonly free: number;
  readonly total: number;
  readonly freeFiles: number;
  readonly totalFiles: number;
}

export function diskSpace({ stores, environment }: Surroundings): Finding {
  const { bavail, blocks, bsize, ffree, files } = statfsSync(standsOn(stores.state));
  return judgeSpace({ free: bavail * bsize, total: blocks * bsize, freeFiles: ffree, totalFiles: files }, environment['NIGHTSHIFT_MIN_FREE']);
}

const MEGABYTE = 1_000_000;
/** Not even the books of a run are sure to fit. */
const NOTHING_LEFT = 10 * MEGABYTE;

/** Below max(200 MB, 1 %) due jobs wait; `bound`, in bytes, replaces it. Source: reliability.md section 10. */
export function judgeSpace({ free, total, freeFiles, totalFiles }: Space, bound?: string): Finding {
  const subject = 'disk space';
  const least = bound !== undefined && /^\d+$/.test(bound) ? Number(bound) : Math.max(200 * MEGABYTE, total / 100);
  const text = `${size(free)} of ${size(total)} free under the state folder`;
  const fix = 'remove-job --state Completed';
  if (totalFiles > 0 && freeFiles === 0) return bad(subject, 'no further file can be made under the state folder: all inodes are used', fix);
  if (free < NOTHING_LEFT) return bad(subject, text, fix);
  return free < least ? doubtful(subject, `${text}; below ${size(least)} due jobs wait`, fix) : well(subject, text);
}

function size(bytes: number): string {
  return bytes >= 1_000 * MEGABYTE ? `${(bytes / (1_000 * MEGABYTE)).toFixed(1)} GB` : `${Math.floor(bytes / MEGABYTE)} MB`;
}

export function fileSystem(surroundings: Surroundings): Finding {
  const mount = mountOf(systemText(surroundings, '/proc/self/mountinfo') ?? '', standsOn(surroundings.stores.state));
  return mount === undefined ? well('file system', 'of a kind that cannot be told here') : judgeMount(mount);
}

export interface Mount {
  readonly at: string;
  readonly type: string;
  readonly readOnly: boolean;
}

/** Databases need locks and shared memory, which these do not give reliably. */
const NETWORK = /^(?:nfs\d?|cifs|smb\d?|smbfs|afs|ceph|coda|ncpfs|lustre|beegfs|glusterfs|gfs2|ocfs2|fuse\.(?:sshfs|glusterfs|ceph|s3fs|rclone|goofys|gcsfuse|davfs2?))$/;
/** Of a host that shares a folder with this machine. */
const SHARED = /^(?:9p|virtiofs|vboxsf|prl_fs|fuse\.vmhgfs-fuse|drvfs)$/;
const MEMORY = /^(?:tmpfs|ramfs)$/;

export function judgeMount({ at, type, readOnly }: Mount): Finding {
  const subject = 'file system';
  const text = `${type} at ${at}`;
  const fix = 'export NIGHTSHIFT_STATE_DIR=FOLDER';
  if (NETWORK.test(type)) return bad(subject, `${text} is a network file system: the stores may be damaged on it, and the scheduler refuses it`, fix);
  if (readOnly) return bad(subject, `${text} is read-only: no job can be started`, fix);
  if (SHARED.test(type)) return doubtful(subject, `${text} is shared with another system: the stores may be damaged when both use them`, fix);
  if (MEMORY.test(type)) return doubtful(subject, `${text} is memory: what is kept is gone when the machine is switched off`, fix);
  return well(subject, text);
}

/** The mount that holds a real path: the last of the deepest ones. Source: proc_pid_mountinfo(5). */
export function mountOf(mountinfo: string, path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , , at, options = ''] = left.split(' ');
    const [type, , more = ''] = right.split(' ');
    if (at === undefined || type === undefined) continue;
    const folder = unescaped(at);
    const holds = path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
    if (holds && folder.length >= (found?.at.length ?? 0)) found = { at: folder, type, readOnly: [options, more].some((list) => list.split(',').includes('ro')) };
  }
  return found;
}

/** Blanks and their like are written as octal numbers. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** The state folder, or what it would be made in. */
function standsOn(state: string): string {
  return realpathSync(existsSync(state) ? state : nearestAbove(state));
}
