/** A definition goes, with its runs, its due times and its clocks. Source: scheduled-jobs.md section 11, unregister-scheduled-job. */
import { constants, rmdirSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeFile, shownPath } from '@nightshift/definitions';
import { isJobError, JobError, type Instance } from '@nightshift/sdk';
import type { EditLock } from './edit-lock.ts';
import { endStraysOf, keptRuns, stopRuns, unfinishedRuns, type Kept, type RunsParts } from './runs-of-definition.ts';
import type { SelectedDefinition } from './select.ts';

export interface UnregisterParts extends RunsParts {
  readonly lock: EditLock;
}

/**
 * What is kept goes first and the file last: cut off in between, the definition is there to be unregistered again. `force`
 * stops runs in progress. Throws `CantUnregisterScheduledJobDefinition` for them otherwise, with nothing changed; `StopJobError`;
 * `NoAccessFailureOnSetJobDefinition` and `IOFailureOnSetJobDefinition` where the file cannot go.
 */
export async function unregister(parts: UnregisterParts, definition: SelectedDefinition, force: boolean): Promise<void> {
  await parts.lock.alone(async () => {
    const kept = keptRuns(parts);
    const jobs = kept === undefined ? [] : await unfinishedRuns(parts, kept, definition.key);
    if (jobs.length > 0 && !force) throw inProgress(definition.name, jobs);
    await refuseUnwritable(definition.file);
    if (kept !== undefined) await forget(parts, kept, definition.key, jobs);
    await remove(definition.file);
    if (kept === undefined) return;
    // A scheduler may have started something before its clocks went; now it begins nothing any more (scheduler/src/load.ts).
    await forget(parts, kept, definition.key, await unfinishedRuns(parts, kept, definition.key));
    removeEmptyFolder(kept, definition);
  });
}

function inProgress(name: string, jobs: readonly Instance[]): JobError {
  const [first] = jobs as readonly [Instance];
  const said = jobs.length === 1 ? `job ${first.id} is ${first.state}` : `jobs ${jobs.map(({ id }) => id).join(', ')} are not finished`;
  return new JobError({ code: 'CantUnregisterScheduledJobDefinition', message: `${name} has a run in progress: ${said}; nothing was changed`, hint: `unregister-scheduled-job ${name} --force stops it first` });
}

/** Before anything goes that cannot be brought back. */
async function refuseUnwritable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (cause) {
    const isReadOnly = (cause as NodeJS.ErrnoException).code === 'EROFS';
    throw new JobError({ code: isReadOnly ? 'IOFailureOnSetJobDefinition' : 'NoAccessFailureOnSetJobDefinition', message: `${JSON.stringify(shownPath(file))} cannot be removed: ${isReadOnly ? 'the file system is read-only' : 'permission denied'}; nothing was changed` }, { cause });
  }
}

async function forget(parts: RunsParts, kept: Kept, key: string, jobs: readonly Instance[]): Promise<void> {
  await stopRuns(parts, kept, jobs);
  await endStraysOf(parts, kept, key);
  await kept.definitions.forgetDefinition(key);
}

/** The folder of its runs, unless something else lies in it. */
function removeEmptyFolder({ root }: Kept, { key, name }: SelectedDefinition): void {
  if (root === undefined) return;
  try {
    rmdirSync(join(root, 'output', key.slice(0, key.indexOf('/')), name));
  } catch {
    // There was none, or it holds what is no run of ours.
  }
}

async function remove(file: string): Promise<void> {
  try {
    await removeFile(file);
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    throw new JobError({ code: cause.code === 'UnauthorizedAccessToRegisterScheduledJobDefinition' ? 'NoAccessFailureOnSetJobDefinition' : 'IOFailureOnSetJobDefinition', message: `${JSON.stringify(shownPath(file))} could not be removed` }, { cause });
  }
}
