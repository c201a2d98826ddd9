/** The triggers of a definition at the moment of an edit, as they are written. */
import { isBroken, JobError } from '@nightshift/sdk';
import type { Current, Edited } from './edit-definition.ts';
import type { TriggerEntry } from './trigger-entry.ts';
import { idOf, triggerViews, type TriggerView } from './trigger-view.ts';

/** Throws everything that is wrong with the file where its triggers are no list of maps. */
export function entriesIn({ found, values }: Current): readonly TriggerEntry[] {
  const triggers = values['triggers'] ?? [];
  if (Array.isArray(triggers) && triggers.every((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry))) return triggers as readonly TriggerEntry[];
  throw new AggregateError((isBroken(found) ? found.errors : []).map((facts) => new JobError(facts)), 'triggers');
}

export function idsIn(entries: readonly TriggerEntry[]): readonly number[] {
  return entries.map(idOf);
}

/** After the edit; none of a file that had other mistakes before. */
export function viewsAfter({ found }: Pick<Edited, 'found'>): readonly TriggerView[] {
  return isBroken(found) ? [] : triggerViews((found.triggers ?? []) as readonly TriggerEntry[], found.name);
}
