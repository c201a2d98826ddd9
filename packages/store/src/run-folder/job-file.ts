import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { guarded } from '../errors.ts';
import { originOf } from '../row-shapes.ts';
import { attemptFolder, RUN_FILES } from './layout.ts';
import { makeFolders } from './make-folders.ts';
import { faultOf, type Fault } from './unreadable.ts';

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
    const above = makeFolders(dirname(folder));
    // By itself: what lies there already is another job's, and neither taken nor removed.
    mkdirSync(folder, { mode: 0o700 });
    try {
      mkdirSync(attemptFolder(folder, 1), { mode: 0o700 });
      failpoint('folder.made');
      writeJobFile(folder, instances, synced);
      if (synced) for (const path of [folder, dirname(folder), ...above]) syncFolder(path);
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
    return parsed(readFileSync(join(folder, JOB_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Why the identity of a run cannot be read. Undefined: it can, it never was a job's, or a newer version has written it. Throws what may pass. */
export function identityFault(folder: string): Fault | undefined {
  const file = join(folder, JOB_FILE);
  try {
    return isIdentity(readFileSync(file, 'utf8')) || !hasRun(folder) ? undefined : { file, why: 'it does not say whose it is' };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const fault = faultOf(cause, folder);
    if (fault === undefined) throw cause;
    return fault;
  }
}

/** Of this version or of a newer one. */
function isIdentity(text: string): boolean {
  try {
    const { version } = JSON.parse(text) as Partial<JobFile>;
    return parsed(text) !== undefined || (typeof version === 'number' && version > 1);
  } catch {
    return false;
  }
}

/** Somebody has claimed one of its attempts. */
function hasRun(folder: string): boolean {
  return readdirSync(folder).some((name) => /^[1-9]\d*$/.test(name) && existsSync(join(folder, name, RUN_FILES.claim)));
}

function parsed(text: string): JobFile | undefined {
  const file = JSON.parse(text) as JobFile;
  if (file.version !== 1 || !Array.isArray(file.instances) || file.instances.length === 0) return undefined;
  return { version: 1, instances: file.instances.map(revived) };
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
