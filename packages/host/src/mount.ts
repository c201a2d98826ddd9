import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file system that is mounted somewhere. */
export interface Mount {
  readonly at: string;
  readonly type: string;
  readonly readOnly: boolean;
}

/** Databases need locks and shared memory, which these do not give reliably. */
export const NETWORK: RegExp = /^(?:nfs\d?|cifs|smb\d?|smbfs|afs|ceph|coda|ncpfs|lustre|beegfs|glusterfs|gfs2|ocfs2|fuse\.(?:sshfs|glusterfs|ceph|s3fs|rclone|goofys|gcsfuse|davfs2?))$/;
/** The network file system that a state folder lies on, or will; undefined for any other. `system` is the root of the file system. */
export function networkFileSystem(state: string, system: string): Mount | undefined {
  const mount = mountOf(mountinfoIn(system), standsOn(state));
  return mount !== undefined && NETWORK.test(mount.type) ? mount : undefined;
}

/** What the kernel says of all mounts; empty where it says nothing. */
function mountinfoIn(system: string): string {
  try {
    return readFileSync(join(system, '/proc/self/mountinfo'), 'utf8');
  } catch {
    return '';
  }
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
export function standsOn(state: string): string {
  return realpathSync(existsSync(state) ? state : nearestAbove(state));
}

/** The nearest folder upward that exists; what lies on the way and is no folder counts as well. */
export function nearestAbove(path: string): string {
  const above = dirname(path);
  try {
    return above === path || statSync(above, { throwIfNoEntry: false }) !== undefined ? above : nearestAbove(above);
  } catch {
    return nearestAbove(above);
  }
}
