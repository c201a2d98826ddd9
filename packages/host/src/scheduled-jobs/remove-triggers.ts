import { entriesIn, idsIn } from './current-triggers.ts';
import { eachDefinition } from './each-definition.ts';
import { editDefinition, type Current, type Edit } from './edit-definition.ts';
import { meantOf, selectTriggers, type MeantTriggers } from './select-triggers.ts';
import type { TriggerEntry } from './trigger-entry.ts';
import { inOrder, type TriggerChange, type TriggerParts, type TriggersAnswer } from './trigger-request.ts';
import { idOf, type TriggerView } from './trigger-view.ts';

const UNWRITABLE = 'CantRemoveTriggersFromScheduledJobDefinition';

/** Answers with those that were removed. The others keep their ids. */
export async function removeTriggers(parts: TriggerParts, request: TriggerChange): Promise<TriggersAnswer> {
  const { selected, problems } = await selectTriggers(parts, request, 'remove-job-trigger');
  const removed = await eachDefinition(selected.map(({ definition }) => definition), async (definition) => {
    const meant = inOrder(meantOf(selected.find((one) => one.definition === definition) as MeantTriggers));
    const approved = meant.filter((trigger) => request.approve?.(trigger) !== false);
    if (approved.length > 0) await removeFrom(parts, definition, approved);
    return approved;
  });
  return { triggers: removed.done, problems: [...problems, ...removed.problems], warnings: [] };
}

async function removeFrom(parts: TriggerParts, definition: MeantTriggers['definition'], gone: readonly TriggerView[]): Promise<void> {
  const ids = gone.map(({ id }) => id);
  let isEmpty = false;
  const edits = async (current: Current): Promise<readonly Edit[]> => {
    const entries = entriesIn(current);
    isEmpty = idsIn(entries).every((id) => ids.includes(id));
    // Before they are gone from the file: nobody would know their ids then.
    if (!isEmpty) await parts.ids.remember(definition.key, idsIn(entries));
    return isEmpty ? [{ path: ['triggers'], value: [] }] : removals(entries, ids);
  };
  await editDefinition(parts, definition, edits, { io: UNWRITABLE, access: UNWRITABLE });
  if (isEmpty) await parts.ids.forget(definition.key);
}

/** Ids first, where the position will say another one; then away with them, the last one first, so that places stay right. */
export function removals(entries: readonly TriggerEntry[], ids: readonly number[]): readonly Edit[] {
  const all = entries.map((entry, index) => ({ index, id: idOf(entry, index), isWritten: entry['id'] !== undefined }));
  const staying = all.filter(({ id }) => !ids.includes(id));
  const moved = staying.filter(({ id, isWritten }, position) => !isWritten && id !== position + 1);
  const going = all.filter(({ id }) => ids.includes(id)).toReversed();
  return [...moved.map(({ index, id }) => ({ path: ['triggers', index, 'id'], value: id })), ...going.map(({ index }) => ({ path: ['triggers', index], value: undefined }))];
}
