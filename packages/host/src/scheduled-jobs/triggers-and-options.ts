/** The verbs for triggers and options of definitions, over parts that all verbs of scheduled jobs share. */
import type { JobErrorFacts } from '@nightshift/sdk';
import { addTriggers } from './add-triggers.ts';
import { enableTriggers } from './enable-triggers.ts';
import { getTriggers } from './get-triggers.ts';
import { getOptions, setOptions, type OptionChange, type OptionRequest, type OptionsAnswer } from './option-verbs.ts';
import { readTypedOptions, type TypedOptions } from './options-flags.ts';
import { optionView, type OptionView } from './options-view.ts';
import { removeTriggers } from './remove-triggers.ts';
import { setTriggers } from './set-triggers.ts';
import { newEntry, type TypedTrigger } from './trigger-flags.ts';
import { contextOf, type TriggerChange, type TriggerParts, type TriggerRequest, type TriggersAnswer } from './trigger-request.ts';
import { triggerView, type TriggerView } from './trigger-view.ts';

export interface TriggersAndOptions {
  /** The trigger that was described, attached to nothing. Throws what is wrong with it. */
  newJobTrigger(typed: TypedTrigger): { readonly trigger: TriggerView; readonly warnings: readonly JobErrorFacts[] };
  /** The triggers of texts (JSON, YAML, hash tables) to each definition. Throws what is wrong with a text. */
  addJobTriggers(request: TriggerChange & { readonly texts: readonly string[] }): Promise<TriggersAnswer>;
  getJobTriggers(request: TriggerRequest): Promise<TriggersAnswer>;
  setJobTriggers(request: TriggerChange & { readonly typed: TypedTrigger }): Promise<TriggersAnswer>;
  enableJobTriggers(request: TriggerChange & { readonly enabled: boolean }): Promise<TriggersAnswer>;
  removeJobTriggers(request: TriggerChange): Promise<TriggersAnswer>;
  /** Options with the defaults of what is not given. Throws what is wrong with them. */
  newScheduledJobOption(typed: TypedOptions): OptionView;
  getScheduledJobOptions(request: OptionRequest): Promise<OptionsAnswer>;
  /** Throws what is wrong with the options. */
  setScheduledJobOptions(request: Omit<OptionChange, 'changes'> & { readonly typed: TypedOptions }): Promise<OptionsAnswer>;
}

export function createTriggersAndOptions(parts: TriggerParts): TriggersAndOptions {
  return {
    newJobTrigger(typed) {
      const { entry, warnings } = newEntry(typed, contextOf(parts));
      return { trigger: triggerView(entry, 0, null), warnings };
    },
    addJobTriggers: (request) => addTriggers(parts, request),
    getJobTriggers: (request) => getTriggers(parts, request),
    setJobTriggers: (request) => setTriggers(parts, request),
    enableJobTriggers: (request) => enableTriggers(parts, request),
    removeJobTriggers: (request) => removeTriggers(parts, request),
    newScheduledJobOption: (typed) => optionView(readTypedOptions(typed)),
    getScheduledJobOptions: (request) => getOptions(parts, request),
    async setScheduledJobOptions({ typed, ...request }) {
      return setOptions(parts, { ...request, changes: readTypedOptions(typed) });
    },
  };
}
