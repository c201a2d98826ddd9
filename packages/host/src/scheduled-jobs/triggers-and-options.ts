/** The verbs for triggers and options of definitions, over parts that all verbs of scheduled jobs share. */
import type { JobErrorFacts } from '@nightshift/sdk';
import { addTriggers } from './add-triggers.ts';
import { enableTriggers } from './enable-triggers.ts';
import { getTriggers } from './get-triggers.ts';
import { getOptions, setOptions, type OptionChange, type OptionRequest, type OptionsAnswer } from './option-verbs.ts';
import { readTypedOptions, type OptionChanges, type TypedOptions } from './options-flags.ts';
import { readOptionChanges } from './options-text.ts';
import { optionView, type OptionView } from './options-view.ts';
import { removeTriggers } from './remove-triggers.ts';
import { setTriggers } from './set-triggers.ts';
import { typedChanges, type TriggerValues } from './trigger-changes.ts';
import { newEntry, type TypedTrigger } from './trigger-flags.ts';
import { contextOf, type TriggerChange, type TriggerParts, type TriggerRequest, type TriggersAnswer } from './trigger-request.ts';
import { readTriggerText } from './trigger-text.ts';
import { triggerView, type TriggerView } from './trigger-view.ts';

export interface TriggersAndOptions {
  /** The trigger that was described, attached to nothing. Throws what is wrong with it. */
  newJobTrigger(typed: TypedTrigger): { readonly trigger: TriggerView; readonly warnings: readonly JobErrorFacts[] };
  /** The triggers of a text, attached to nothing. Throws what is wrong with it. */
  readJobTriggers(text: string): { readonly triggers: readonly TriggerView[]; readonly warnings: readonly JobErrorFacts[] };
  /** The triggers of texts (JSON, YAML, hash tables) to each definition. Throws what is wrong with a text. */
  addJobTriggers(request: TriggerChange & { readonly texts: readonly string[] }): Promise<TriggersAnswer>;
  getJobTriggers(request: TriggerRequest): Promise<TriggersAnswer>;
  setJobTriggers(request: TriggerChange & ({ readonly typed: TypedTrigger } | { readonly changes: TriggerValues })): Promise<TriggersAnswer>;
  enableJobTriggers(request: TriggerChange & { readonly enabled: boolean }): Promise<TriggersAnswer>;
  removeJobTriggers(request: TriggerChange): Promise<TriggersAnswer>;
  /** Options, typed or as text, with the defaults of what is not given. Throws what is wrong with them. */
  newScheduledJobOption(typed: TypedOptions | string): OptionView;
  getScheduledJobOptions(request: OptionRequest): Promise<OptionsAnswer>;
  /** Throws what is wrong with the options. */
  setScheduledJobOptions(request: Omit<OptionChange, 'changes'> & { readonly typed: TypedOptions | string }): Promise<OptionsAnswer>;
}

export function createTriggersAndOptions(parts: TriggerParts): TriggersAndOptions {
  return {
    newJobTrigger(typed) {
      const { entry, warnings } = newEntry(typed, contextOf(parts));
      return { trigger: triggerView(entry, 0, null), warnings };
    },
    readJobTriggers(text) {
      const read = readTriggerText(text, contextOf(parts));
      return { triggers: read.map(({ entry }) => triggerView(entry, 0, null)), warnings: read.flatMap(({ warnings }) => warnings) };
    },
    addJobTriggers: (request) => addTriggers(parts, request),
    getJobTriggers: (request) => getTriggers(parts, request),
    async setJobTriggers(request) {
      return setTriggers(parts, { ...request, typed: 'typed' in request ? request.typed : typedChanges(request.changes) });
    },
    enableJobTriggers: (request) => enableTriggers(parts, request),
    removeJobTriggers: (request) => removeTriggers(parts, request),
    newScheduledJobOption: (typed) => optionView(changesIn(typed)),
    getScheduledJobOptions: (request) => getOptions(parts, request),
    async setScheduledJobOptions({ typed, ...request }) {
      return setOptions(parts, { ...request, changes: changesIn(typed) });
    },
  };
}

function changesIn(typed: TypedOptions | string): OptionChanges {
  return typeof typed === 'string' ? readOptionChanges(typed) : readTypedOptions(typed);
}
