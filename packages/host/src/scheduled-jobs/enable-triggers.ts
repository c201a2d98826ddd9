import { entriesIn, viewsAfter } from './current-triggers.ts';
import { eachDefinition } from './each-definition.ts';
import { editDefinition, type Current, type Edit } from './edit-definition.ts';
import { meantOf, selectTriggers, type MeantTriggers } from './select-triggers.ts';
import { inOrder, type TriggerChange, type TriggerParts, type TriggersAnswer } from './trigger-request.ts';
import { idOf } from './trigger-view.ts';

export const UNWRITABLE_TRIGGER = { io: 'CantSetPropertiesOnJobTrigger', access: 'CantSetPropertiesOnJobTrigger' } as const;

/** Answers with all that were meant, as they are now. What is so already is left alone. */
export async function enableTriggers(parts: TriggerParts, request: TriggerChange & { readonly enabled: boolean }): Promise<TriggersAnswer> {
  const { enabled, approve } = request;
  const { selected, problems } = await selectTriggers(parts, request, enabled ? 'enable-job-trigger' : 'disable-job-trigger');
  const changed = await eachDefinition(selected.map(({ definition }) => definition), async (definition) => {
    const meant = inOrder(meantOf(selected.find((one) => one.definition === definition) as MeantTriggers));
    const ids = meant.filter((trigger) => trigger.enabled !== enabled && approve?.(trigger) !== false).map(({ id }) => id);
    if (ids.length === 0) return meant;
    const edited = await editDefinition(parts, definition, (current) => editsFor(current, ids, enabled), UNWRITABLE_TRIGGER);
    return inOrder(viewsAfter(edited)).filter(({ id }) => meant.some((trigger) => trigger.id === id));
  });
  return { triggers: changed.done, problems: [...problems, ...changed.problems], warnings: [] };
}

function editsFor(current: Current, ids: readonly number[], enabled: boolean): readonly Edit[] {
  const wanted = entriesIn(current).map((entry, index) => ({ index, id: idOf(entry, index), isEnabled: entry['enabled'] !== false }));
  return wanted.filter(({ id, isEnabled }) => ids.includes(id) && isEnabled !== enabled).map(({ index }) => ({ path: ['triggers', index, 'enabled'], value: enabled }));
}
