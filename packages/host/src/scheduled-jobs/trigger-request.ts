/** What the trigger verbs are made of, are asked, and answer. */
import type { Clock, JobError, JobErrorFacts } from '@nightshift/sdk';
import type { EditParts } from './edit-definition.ts';
import type { DefinitionSelector, SelectParts } from './select.ts';
import type { TriggerContext } from './trigger-flags.ts';
import type { TriggerIds } from './trigger-ids.ts';
import type { TriggerView } from './trigger-view.ts';

export interface TriggerParts extends SelectParts, Omit<EditParts, 'yaml'> {
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: TriggerIds;
  /** Of definitions that name none. */
  timeZone(): string;
}

/** Which triggers of which definitions. */
export interface TriggerSelector extends DefinitionSelector {
  /** Default: all. */
  readonly triggerIds?: readonly number[] | undefined;
  /** Single triggers, in place of everything else. */
  readonly triggers?: readonly { readonly definition: string; readonly id: number }[] | undefined;
}

export interface TriggerRequest {
  readonly selector: TriggerSelector;
  /** One folder in place of the configured ones. */
  readonly path?: string | undefined;
}

export interface TriggerChange extends TriggerRequest {
  /** Asked before each change, with the trigger that is to be changed, added or removed. Default: yes. */
  readonly approve?: ((trigger: TriggerView) => boolean) | undefined;
}

export interface TriggersAnswer {
  /** By definition, then id. */
  readonly triggers: readonly TriggerView[];
  readonly problems: readonly JobError[];
  readonly warnings: readonly JobErrorFacts[];
}

/** In which zone the times of a definition's triggers are meant. */
export function contextOf({ clock, timeZone }: Pick<TriggerParts, 'clock' | 'timeZone'>, own?: unknown): TriggerContext {
  return { timeZone: typeof own === 'string' ? own : timeZone(), now: clock.now() };
}

export function inOrder(triggers: readonly TriggerView[]): readonly TriggerView[] {
  return triggers.toSorted((a, b) => (a.definition === b.definition ? a.id - b.id : 0));
}
