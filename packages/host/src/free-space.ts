import { statfsSync } from 'node:fs';
import { JobError, type Clock } from '@nightshift/sdk';

/** How full a file system is, in bytes and files; 0 files in all: it does not count them. */
export interface Space {
  readonly free: number;
  readonly total: number;
  readonly freeFiles: number;
  readonly totalFiles: number;
}

export const MEGABYTE = 1_000_000;

/** Of the file system that a path stands on. */
export function spaceOf(path: string): Space {
  const { bavail, blocks, bsize, ffree, files } = statfsSync(path);
  return { free: bavail * bsize, total: blocks * bsize, freeFiles: ffree, totalFiles: files };
}

/** Below so many bytes due jobs wait: max(200 MB, 1 %); `bound`, the value of NIGHTSHIFT_MIN_FREE in bytes, replaces it. Source: reliability.md section 10. */
export function leastFree({ total }: Pick<Space, 'total'>, bound: string | undefined): number {
  return bound !== undefined && /^\d+$/.test(bound) ? Number(bound) : Math.max(200 * MEGABYTE, total / 100);
}

export function sizeText(bytes: number): string {
  return bytes >= 1_000 * MEGABYTE ? `${(bytes / (1_000 * MEGABYTE)).toFixed(1)} GB` : `${Math.floor(bytes / MEGABYTE)} MB`;
}

/** How long a look at the disk is believed, in milliseconds. */
const SPACE_LOOK = 1_000;

/** Throws nothing: says why nothing may be started while the disk of a folder is nearly full. */
export function lackOfSpace({ folder, clock, environment }: { readonly folder: string; readonly clock: Clock; readonly environment: NodeJS.ProcessEnv }): () => JobError | undefined {
  let looked = -Infinity;
  let found: JobError | undefined;
  return () => {
    const now = clock.monotonic();
    if (now - looked < SPACE_LOOK) return found;
    looked = now;
    const space = spaceOf(folder);
    const least = leastFree(space, environment['NIGHTSHIFT_MIN_FREE']);
    found = space.free >= least ? undefined : new JobError({ code: 'LowDiskSpace', message: `${sizeText(space.free)} are free under ${folder}, less than ${sizeText(least)}: due jobs wait`, hint: 'remove-job --state Completed' });
    return found;
  };
}
