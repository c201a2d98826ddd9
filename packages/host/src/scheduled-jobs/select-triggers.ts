/** Which triggers of which definitions a verb means. */
import { asciiLower, JobError } from '@nightshift/sdk';
import { eachDefinition, isNamed, soundDefinition } from './each-definition.ts';
import { selectDefinitions, type SelectedDefinition, type SelectParts } from './select.ts';
import type { TriggerEntry } from './trigger-entry.ts';
import type { TriggerRequest, TriggerSelector } from './trigger-request.ts';
import { triggerViews, type TriggerView } from './trigger-view.ts';

/** A definition with all its triggers, and the ids that were asked for; undefined: every one. */
export interface MeantTriggers {
  readonly definition: SelectedDefinition;
  readonly triggers: readonly TriggerView[];
  readonly ids: readonly number[] | undefined;
}

export interface TriggerSelection {
  readonly selected: readonly MeantTriggers[];
  readonly problems: readonly JobError[];
}

/**
 * An id that a named definition does not have, or none of those that a pattern fits, is `ScheduledJobTriggerNotFound`; a file
 * with mistakes is reported with all of them. The others are found all the same.
 */
export async function selectTriggers(parts: SelectParts, { selector, path }: TriggerRequest, verb: string): Promise<TriggerSelection> {
  const whose = selector.triggers === undefined ? selector : { names: [...new Set(selector.triggers.map(({ definition }) => definition))] };
  const { definitions, problems } = await selectDefinitions(parts, whose, path, verb);
  const { done: selected, problems: broken } = await eachDefinition(definitions, async (definition) => [
    { definition, triggers: triggerViews((soundDefinition(definition).triggers ?? []) as readonly TriggerEntry[], definition.name), ids: idsFor(definition, selector) },
  ]);
  return { selected, problems: [...problems, ...broken, ...missingIn(selected, whose)] };
}

export function meantOf({ triggers, ids }: MeantTriggers): readonly TriggerView[] {
  return ids === undefined ? triggers : triggers.filter(({ id }) => ids.includes(id));
}

function idsFor({ name }: SelectedDefinition, { triggers, triggerIds }: TriggerSelector): readonly number[] | undefined {
  return triggers?.filter(({ definition }) => asciiLower(definition) === asciiLower(name)).map(({ id }) => id) ?? triggerIds;
}

function missingIn(selected: readonly MeantTriggers[], whose: Parameters<typeof isNamed>[1]): readonly JobError[] {
  const named = selected.filter(({ definition }) => isNamed(definition, whose));
  const ofNamed = named.flatMap(({ definition, triggers, ids = [] }) => ids.filter((id) => !has(triggers, id)).map((id) => noSuchTrigger(definition.name, id, triggers)));
  const others = selected.filter((one) => !named.includes(one));
  const nowhere = [...new Set(others.flatMap(({ ids = [] }) => ids))].filter((id) => !selected.some(({ triggers }) => has(triggers, id)));
  return [...ofNamed, ...nowhere.map((id) => new JobError({ code: 'ScheduledJobTriggerNotFound', message: `none of the definitions has a trigger ${id}` }))];
}

function has(triggers: readonly TriggerView[], wanted: number): boolean {
  return triggers.some(({ id }) => id === wanted);
}

/** `id` undefined: it has none at all, and one was needed. */
export function noSuchTrigger(name: string, id: number | undefined, triggers: readonly TriggerView[]): JobError {
  const hint = triggers.length === 0 ? `add-job-trigger ${name} adds one` : `there ${triggers.length === 1 ? 'is' : 'are'} ${triggers.map((trigger) => trigger.id).join(', ')}`;
  return new JobError({ code: 'ScheduledJobTriggerNotFound', message: `${name} has no ${id === undefined ? 'triggers' : `trigger ${id}`}`, hint });
}
