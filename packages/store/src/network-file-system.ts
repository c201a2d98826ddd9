import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** What statfs(2) gives as the type of a file system whose disk is elsewhere. Source: the headers of Linux, `linux/magic.h`. */
const ELSEWHERE: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xfe534d42, // SMB 2
  0xff534d42, // CIFS
  0x5346414f, // AFS
  0x6b414653, // kAFS
  0x73757245, // Coda
  0x01021997, // 9p
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x7461636f, // OCFS2
  0x01161970, // GFS2
]);

/**
 * Whether `path`, or the nearest folder above it that exists, lies on a network file system: there neither SQLite's locks nor
 * its shared memory hold. FUSE counts as local, since nothing tells sshfs from an encrypted home; so does everything on
 * systems other than Linux but a Windows path that begins with a server's name. Source: reliability specification, section 6.
 */
export function isNetworkFileSystem(path: string): boolean {
  if (process.platform === 'win32') return /^[\\/]{2}[^?.\\/]/.test(path);
  if (process.platform !== 'linux') return false;
  return isNetworkType(statfsSync(nearest(path)).type);
}

/** Some systems give 32 bits with a sign. */
export function isNetworkType(type: number): boolean {
  return ELSEWHERE.has(type >>> 0);
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
