/** A definition gets another name: its file, its output folder, and what is kept of it. Source: scheduled-jobs.md section 11, `--new-name`. */
import { dirname, extname, join } from 'node:path';
import { definitionKey, isSameFile, moveFile } from '@nightshift/definitions';
import { asciiLower, checkName, isJobError, JobError } from '@nightshift/sdk';
import type { Config } from '../config/read-config.ts';
import { namesake } from '../free-name.ts';
import type { EditLock } from './edit-lock.ts';
import { keptRuns, type RunsParts } from './runs-of-definition.ts';
import type { SelectedDefinition } from './select.ts';

export interface RenameParts extends RunsParts {
  readonly lock: EditLock;
  readonly config: Pick<Config, 'folders'>;
}

const TAKEN = 'CantSetPropertiesToScheduledJobDefinition';

/** Throws `InvalidDefinitionName`, and `CantSetPropertiesToScheduledJobDefinition` where another definition has the name. */
export async function refuseName({ config }: RenameParts, { name, file }: SelectedDefinition, newName: string): Promise<void> {
  checkName(newName);
  // Other capitals are another file of the same name.
  if (asciiLower(newName) === asciiLower(name)) return;
  const taken = await namesake({ name: newName, folder: dirname(file), folders: config.folders });
  if (taken !== undefined && !(await isSameFile(file, taken.file))) throw isTaken(name, newName, `a definition "${taken.name}" is there already`);
}

/**
 * Safe against a kill at any point: the same call again goes on. Answers with the new file. Throws
 * `CantSetPropertiesToScheduledJobDefinition` where something is in the way or is remembered under that name,
 * `NoAccessFailureOnSetJobDefinition`, `IOFailureOnSetJobDefinition`; everything is as it was then.
 */
export async function rename(parts: RenameParts, definition: SelectedDefinition, newName: string): Promise<string> {
  const { key, name, file } = definition;
  const target = targetOf(file, newName);
  const move = (): Promise<void> => moved(file, target);
  await parts.lock.alone(async () => {
    // Somebody may have taken it meanwhile.
    await refuseName(parts, definition, newName);
    const kept = keptRuns(parts);
    if (kept === undefined) return move();
    const to = { key: definitionKey(key.slice(0, key.indexOf('/')), newName), name: newName };
    const result = await kept.definitions.renameDefinition({ from: { key, name }, to }, move);
    if (result.is === 'taken') throw isTaken(name, newName, `of an earlier definition of that name ${result.by.finishedRuns + result.by.unfinishedRuns} runs and ${result.by.firings} due times are kept`);
  });
  return target;
}

function targetOf(file: string, newName: string): string {
  return join(dirname(file), `${newName}${extname(file)}`);
}

function isTaken(name: string, newName: string, because: string): JobError {
  return new JobError({ code: TAKEN, message: `${name} cannot be renamed to ${newName}: ${because}; nothing was changed`, hint: 'choose another name' });
}

async function moved(from: string, to: string): Promise<void> {
  try {
    await moveFile(from, to, TAKEN);
  } catch (cause) {
    if (!isJobError(cause) || cause.code === TAKEN) throw cause;
    throw new JobError({ code: cause.code === 'UnauthorizedAccessToRegisterScheduledJobDefinition' ? 'NoAccessFailureOnSetJobDefinition' : 'IOFailureOnSetJobDefinition', message: `${cause.message}; nothing was renamed` }, { cause });
  }
}
