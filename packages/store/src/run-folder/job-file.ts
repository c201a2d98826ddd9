import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { guarded } from '../errors.ts';
import { originOf } from '../row-shapes.ts';
import { attemptFolder } from './layout.ts';
import { makeFolders } from './make-folders.ts';

/** The file with a job's identity in its run folder. */
export const JOB_FILE = 'job.json';

/** What `job.json` says: enough to build the rows of the index anew. */
export interface JobFile {
  readonly version: 1;
  /** The job that get-job lists, then its child where the run is the child's. */
  readonly instances: readonly Instance[];
}

/**
 * Makes a run folder with the folder of its first attempt and, last and in one step, its identity: a folder with a job.json
 * has everything that a start needs, and one without never was a job's. Private to the user. `synced`: it survives a power
 * cut. Throws `StoreFull` and its like; leaves nothing behind then.
 */
export function makeRunFolder(folder: string, instances: readonly Instance[], synced: boolean): void {
  guarded(folder, () => {
    makeFolders(dirname(folder));
    // By itself: what lies there already is another job's, and neither taken nor removed.
    mkdirSync(folder, { mode: 0o700 });
    try {
      mkdirSync(attemptFolder(folder, 1), { mode: 0o700 });
      failpoint('folder.made');
      writeJobFile(folder, instances, synced);
      if (synced) for (const path of [folder, dirname(folder)]) syncFolder(path);
    } catch (cause) {
      rmSync(folder, { recursive: true, force: true });
      throw cause;
    }
  });
}

/** Writes the identity, in one step; one that is there is replaced. `beside`: the ending of the file that it is at first. */
export function writeJobFile(folder: string, instances: readonly Instance[], synced: boolean, beside = '.new'): void {
  const target = join(folder, JOB_FILE);
  const file: JobFile = { version: 1, instances };
  writeFileSync(`${target}${beside}`, JSON.stringify(file), { mode: 0o600, flush: synced });
  failpoint('folder.written');
  renameSync(`${target}${beside}`, target);
}

/** The identity in a run folder; undefined when the file is missing or torn: such a folder was never a job's. */
export function readJobFile(folder: string): JobFile | undefined {
  try {
    const file = JSON.parse(readFileSync(join(folder, JOB_FILE), 'utf8')) as JobFile;
    if (file.version !== 1 || !Array.isArray(file.instances) || file.instances.length === 0) return undefined;
    return { version: 1, instances: file.instances.map(revived) };
  } catch {
    return undefined;
  }
}

/** JSON has no moments. */
function revived(instance: Instance): Instance {
  const { notBefore } = instance;
  return { ...instance, origin: originOf({ ...instance.origin }), ...(notBefore === undefined ? {} : { notBefore: new Date(notBefore) }) };
}

export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
