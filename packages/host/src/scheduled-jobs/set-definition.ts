/** Changes a definition: only what is given. Source: scheduled-jobs.md section 11, set-scheduled-job. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Edit } from '@nightshift/definitions';
import { JobError, type DefinitionStore } from '@nightshift/sdk';
import { openBook } from '../durable-book.ts';
import { editsOf } from './changes.ts';
import { editDefinition, type Current, type EditCodes } from './edit-definition.ts';
import type { ReadValues } from './read-values.ts';
import { refuseName, rename } from './rename.ts';
import { endStraysOf, keptRuns, unfinishedRuns } from './runs-of-definition.ts';
import type { ScheduledJobsParts } from './scheduled-jobs-parts.ts';
import type { SelectedDefinition } from './select.ts';
import { idOf } from './trigger-view.ts';

export const SET_CODES: EditCodes = { io: 'IOFailureOnSetJobDefinition', access: 'NoAccessFailureOnSetJobDefinition' };

/** What one definition is to become. */
export interface SetRequest {
  readonly read: ReadValues;
  readonly newName?: string | undefined;
}

/** Answers with the file. All of it is done or nothing: where the new name is refused, the text is as it was. */
export async function setDefinition(parts: ScheduledJobsParts, definition: SelectedDefinition, { read, newName }: SetRequest): Promise<string> {
  if (newName !== undefined) await refuseName(parts, definition, newName);
  const before = await readFile(definition.file, 'utf8').catch(() => undefined);
  const { isChanged } = await editDefinition(parts, definition, (current) => wanted(parts, definition, read, current), SET_CODES);
  // Numbering begins at 1 again; where nothing was ever kept it has not begun.
  if (read.values.triggers !== undefined) await keptRuns(parts)?.definitions.forgetTriggerIds(definition.key);
  if (newName === undefined || newName === definition.name) return definition.file;
  try {
    return await rename(parts, definition, newName);
  } catch (cause) {
    if (isChanged && before !== undefined) await parts.authoring.replaceFile(definition.file, before);
    throw cause;
  }
}

async function wanted(parts: ScheduledJobsParts, { file, key }: SelectedDefinition, { values, everySo }: ReadValues, { values: old }: Current): Promise<readonly Edit[]> {
  if (everySo === undefined) return editsOf(values, dirname(file), old);
  if (values.triggers !== undefined) return editsOf({ ...values, triggers: [...values.triggers, everySo] }, dirname(file), old);
  const others = listOf(old['triggers']);
  const [id = 0] = await remembered(parts).nextTriggerIds(key, others.map(idOf), 1);
  // What position says need not be written.
  const entry = id === others.length + 1 ? everySo : { id, ...everySo };
  return [...editsOf(values, dirname(file), old), { path: ['triggers', others.length], value: entry }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function remembered({ stores }: ScheduledJobsParts): DefinitionStore {
  return openBook(stores).definitions;
}

/** Removes the finished runs with their output, and nothing else. Those in progress stay. */
export async function clearExecutionHistory(parts: ScheduledJobsParts, { key }: SelectedDefinition): Promise<number> {
  const runs = keptRuns(parts);
  if (runs === undefined) return 0;
  await unfinishedRuns(parts, runs, key);
  await endStraysOf(parts, runs, key);
  return runs.definitions.clearExecutionHistory(key);
}

/** Before anybody is asked. Throws `AmbiguousParameterSet` where a new name would be for several, and what `refuseName` throws. */
export async function refuseRename(parts: ScheduledJobsParts, newName: string, definitions: readonly SelectedDefinition[]): Promise<void> {
  if (definitions.length > 1) throw new JobError({ code: 'AmbiguousParameterSet', message: `the new name "${newName}" is for one definition; ${definitions.length} are meant`, hint: 'name one of them' });
  for (const definition of definitions) await refuseName(parts, definition, newName);
}
