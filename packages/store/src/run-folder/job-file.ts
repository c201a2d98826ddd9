import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { guarded } from '../errors.ts';
import { originOf } from '../row-shapes.ts';
import { attemptFolder } from './layout.ts';

/** What `job.json` says: enough to build the rows of the index anew. */
export interface JobFile {
  readonly version: 1;
  /** The job that get-job lists, then its child where the run is the child's. */
  readonly instances: readonly Instance[];
}

/**
 * Makes a run folder with its identity and the folder of the first attempt, private to the user.
 * `synced`: the folder itself survives a power cut. Throws `StoreFull` and its like; leaves nothing behind then.
 */
export function makeRunFolder(folder: string, instances: readonly Instance[], synced: boolean): void {
  guarded(folder, () => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file: JobFile = { version: 1, instances };
      writeFileSync(join(folder, 'job.json'), JSON.stringify(file), { flag: 'wx', mode: 0o600, flush: synced });
      mkdirSync(attemptFolder(folder, 1), { mode: 0o700 });
      if (synced) syncFolder(dirname(folder));
    } catch (cause) {
      rmSync(folder, { recursive: true, force: true });
      throw cause;
    }
  });
}

/** The identity in a run folder; undefined when the file is missing or torn: such a folder was never a job's. */
export function readJobFile(folder: string): JobFile | undefined {
  try {
    const file = JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8')) as JobFile;
    if (file.version !== 1 || !Array.isArray(file.instances) || file.instances.length === 0) return undefined;
    return { version: 1, instances: file.instances.map((instance) => ({ ...instance, origin: originOf({ ...instance.origin }) })) };
  } catch {
    return undefined;
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
