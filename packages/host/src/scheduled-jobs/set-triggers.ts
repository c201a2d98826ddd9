import { JobError, type JobErrorFacts } from '@nightshift/sdk';
import { entriesIn, viewsAfter } from './current-triggers.ts';
import { eachDefinition, soundDefinition } from './each-definition.ts';
import { editDefinition, type Current, type Edit } from './edit-definition.ts';
import { UNWRITABLE_TRIGGER } from './enable-triggers.ts';
import { meantOf, noSuchTrigger, selectTriggers, type MeantTriggers } from './select-triggers.ts';
import type { TriggerEntry } from './trigger-entry.ts';
import { changedEntry, type ReadEntry, type TypedTrigger } from './trigger-flags.ts';
import { contextOf, inOrder, type TriggerChange, type TriggerParts, type TriggersAnswer } from './trigger-request.ts';
import { idOf, triggerView } from './trigger-view.ts';

/**
 * Changes triggers as they were told to. Of a definition with several triggers the id must be said. Answers with those that
 * were meant, as they are now; a mistake in what was typed leaves the file as it was.
 */
export async function setTriggers(parts: TriggerParts, request: TriggerChange & { readonly typed: TypedTrigger }): Promise<TriggersAnswer> {
  const { selected, problems } = await selectTriggers(parts, request, 'set-job-trigger');
  const warnings: JobErrorFacts[] = [];
  const changed = await eachDefinition(selected.map(({ definition }) => definition), async (definition) => {
    const one = selected.find((candidate) => candidate.definition === definition) as MeantTriggers;
    const meant = oneTrigger(one);
    const change = (entry: TriggerEntry): ReadEntry => changedEntry(entry, request.typed, contextOf(parts, entry['timeZone'] ?? soundDefinition(definition).timeZone));
    const ids = approvedIds(one, meant, change, request, warnings);
    if (ids.length === 0) return [];
    const edited = await editDefinition(parts, definition, (current) => editsFor(current, ids, change), UNWRITABLE_TRIGGER);
    return inOrder(viewsAfter(edited)).filter(({ id }) => ids.includes(id));
  });
  return { triggers: changed.done, problems: [...problems, ...changed.problems], warnings };
}

/** Nobody means all of several by saying nothing. */
function oneTrigger(one: MeantTriggers): readonly number[] {
  const { definition, triggers, ids } = one;
  if (ids !== undefined) return meantOf(one).map(({ id }) => id);
  if (triggers.length === 1) return [triggers[0]?.id as number];
  if (triggers.length === 0) throw noSuchTrigger(definition.name, undefined, triggers);
  throw new JobError({ code: 'MissingMandatoryParameter', message: `${definition.name} has several triggers; say which with --trigger-id`, hint: `there are ${triggers.map(({ id }) => id).join(', ')}: get-job-trigger ${definition.name}` });
}

/** Every change is tried before somebody is asked, and before anything is written. */
function approvedIds({ definition }: MeantTriggers, ids: readonly number[], change: (entry: TriggerEntry) => ReadEntry, { approve }: TriggerChange, warnings: JobErrorFacts[]): readonly number[] {
  const entries = (soundDefinition(definition).triggers ?? []) as readonly TriggerEntry[];
  const tried = entries.map((entry, index) => ({ entry, id: idOf(entry, index) })).filter(({ id }) => ids.includes(id)).map(({ entry, id }) => ({ id, ...change(entry) }));
  const approved = tried.filter(({ entry, id }) => approve?.(triggerView(entry, id, definition.name)) !== false);
  warnings.push(...approved.flatMap((one) => one.warnings));
  return approved.map(({ id }) => id);
}

function editsFor(current: Current, ids: readonly number[], change: (entry: TriggerEntry) => ReadEntry): readonly Edit[] {
  const wanted = entriesIn(current).map((entry, index) => ({ entry, index, id: idOf(entry, index) }));
  return wanted.filter(({ id }) => ids.includes(id)).map(({ entry, index }) => ({ path: ['triggers', index], value: change(entry).entry }));
}
