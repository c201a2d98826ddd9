import type { JobErrorFacts } from '@nightshift/sdk';
import { entriesIn, idsIn, viewsAfter } from './current-triggers.ts';
import { eachDefinition, soundDefinition } from './each-definition.ts';
import { editDefinition, type Current, type Edit } from './edit-definition.ts';
import { selectDefinitions, type SelectedDefinition } from './select.ts';
import type { TriggerEntry } from './trigger-entry.ts';
import { contextOf, type TriggerChange, type TriggerParts, type TriggersAnswer } from './trigger-request.ts';
import { readTriggerText } from './trigger-text.ts';
import { triggerView, type TriggerView } from './trigger-view.ts';

const UNWRITABLE = 'CantAddJobTriggersToScheduledJobDefinition';

/**
 * Adds a copy of each trigger to each definition, with ids of its own. Answers with the new ones. Throws what is wrong with a
 * text before anything is changed.
 */
export async function addTriggers(parts: TriggerParts, { selector, path, approve, texts }: TriggerChange & { readonly texts: readonly string[] }): Promise<TriggersAnswer> {
  const read = (zone?: unknown) => texts.flatMap((text) => readTriggerText(text, contextOf(parts, zone)));
  read();
  const { definitions, problems } = await selectDefinitions(parts, selector, path, 'add-job-trigger');
  const warnings: JobErrorFacts[] = [];
  const added = await eachDefinition(definitions, async (definition) => {
    // The zone of the file says what has passed.
    const found = read(soundDefinition(definition).timeZone);
    const approved = found.filter(({ entry }) => approve?.(triggerView(entry, 0, definition.name)) !== false);
    warnings.push(...approved.flatMap((one) => one.warnings));
    return approved.length === 0 ? [] : addTo(parts, definition, approved.map(({ entry }) => entry));
  });
  return { triggers: added.done, problems: [...problems, ...added.problems], warnings: distinct(warnings) };
}

async function addTo(parts: TriggerParts, definition: SelectedDefinition, entries: readonly TriggerEntry[]): Promise<readonly TriggerView[]> {
  let ids: readonly number[] = [];
  const edits = async (current: Current): Promise<readonly Edit[]> => {
    const there = entriesIn(current);
    ids = await parts.ids.next(definition.key, idsIn(there), entries.length);
    const numbered = entries.map((entry, index) => withId(entry, ids[index] as number, there.length + index));
    if (there.length === 0) return [{ path: ['triggers'], value: numbered }];
    return numbered.map((value, index) => ({ path: ['triggers', there.length + index], value }));
  };
  const edited = await editDefinition(parts, definition, edits, { io: UNWRITABLE, access: UNWRITABLE });
  return viewsAfter(edited).filter(({ id }) => ids.includes(id));
}

/** The position says most ids by itself. Source: scheduled-jobs.md 12.2. */
function withId(entry: TriggerEntry, id: number, index: number): TriggerEntry {
  return id === index + 1 ? entry : { ...entry, id };
}

/** Several definitions get the same triggers: one warning is enough. */
function distinct(warnings: readonly JobErrorFacts[]): readonly JobErrorFacts[] {
  return warnings.filter(({ message }, index) => warnings.findIndex((other) => other.message === message) === index);
}
