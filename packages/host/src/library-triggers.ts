/** The verbs for triggers and options of definitions, in a program. Files change as they do on the command line: comments and order stay. */
import { JobError, type JobErrorFacts } from '@nightshift/sdk';
import type { Host } from './create-host.ts';
import { checkOptions, isMap, listOf, refused, text, wholeNumber, wrongForm, type Checks } from './option-kinds.ts';
import { expandFolder } from './paths.ts';
import type { OptionView } from './scheduled-jobs/options-view.ts';
import type { DefinitionSelector } from './scheduled-jobs/select.ts';
import type { TriggersAnswer } from './scheduled-jobs/trigger-request.ts';
import type { TriggerView } from './scheduled-jobs/trigger-view.ts';

/** Which definitions: a name (wildcards `* ? [ ]`), an id, or several of them. */
export type Definitions = number | string | readonly (number | string)[];

/** A trigger: an entry of a file as in `{ daily: { at: '03:00' } }`, what these verbs answer with, or PowerShell's hash table. */
export type Trigger = Readonly<Record<string, unknown>> | TriggerView;

/** New values by the keys of a trigger; those of another kind with `kind`. */
export type TriggerChanges = Partial<Record<Exclude<keyof TriggerView, 'id' | 'enabled' | 'definition' | 'dayMatch' | 'daysOfWeek'>, string | number | boolean>> & { readonly daysOfWeek?: string | readonly (string | number)[]; readonly dayMatch?: 'or' | 'and' };

/** Which folder, and which triggers there; by default the configured one, and all. */
export interface Where {
  readonly definitionPath?: string;
}
interface WhichTriggers extends Where {
  readonly triggerIds?: readonly number[];
}

/** Each throws a `JobError` with the code of the command line (an `AggregateError` of several) for what could not be done; the rest is done. */
export interface TriggerVerbs {
  /** The trigger with its defaults, attached to nothing. */
  newJobTrigger(trigger: Trigger): Promise<TriggerView>;
  /** The new ones, with their ids. */
  addJobTrigger(definitions: Definitions, triggers: Trigger | readonly Trigger[], options?: Where): Promise<readonly TriggerView[]>;
  /** By default those of all definitions. */
  getJobTriggers(definitions?: Definitions, options?: WhichTriggers): Promise<readonly TriggerView[]>;
  /** Of a definition with several triggers the ids must be said. Those that were meant, as they are now. */
  setJobTrigger(definitions: Definitions, changes: TriggerChanges, options?: WhichTriggers): Promise<readonly TriggerView[]>;
  enableJobTrigger(definitions: Definitions, options?: WhichTriggers): Promise<readonly TriggerView[]>;
  disableJobTrigger(definitions: Definitions, options?: WhichTriggers): Promise<readonly TriggerView[]>;
  /** Those that were removed. The others keep their ids. */
  removeJobTrigger(definitions: Definitions, options?: WhichTriggers): Promise<readonly TriggerView[]>;
  /** Every option, with the defaults of those that are not given. */
  newScheduledJobOption(options?: Readonly<Record<string, unknown>>): Promise<OptionView>;
  /** One per definition, in the order of their names. By default of all. */
  getScheduledJobOptions(definitions?: Definitions, options?: Where): Promise<readonly OptionView[]>;
  /** Only what is given changes. */
  setScheduledJobOption(definitions: Definitions, options: Readonly<Record<string, unknown>>, where?: Where): Promise<readonly OptionView[]>;
}

interface Surroundings {
  /** Where relative paths begin. Absolute. */
  folder(): string;
  readonly warn: (warning: JobError) => void;
}

const WHERE: Checks<Where> = { definitionPath: text };
const WHICH: Checks<WhichTriggers> = { ...WHERE, triggerIds: listOf(wholeNumber(1)) };

export function triggerVerbs(host: Host, { folder, warn }: Surroundings): TriggerVerbs {
  const verbs = (): ReturnType<Host['scheduledJobs']> => host.scheduledJobs();
  const pathOf = ({ definitionPath }: Where): string | undefined => (definitionPath === undefined ? undefined : expandFolder(definitionPath, folder()));
  const requestOf = (definitions: Definitions | undefined, which: WhichTriggers, verb: string): { selector: DefinitionSelector & { triggerIds?: readonly number[] | undefined }; path: string | undefined } => {
    checkOptions(which, WHICH, verb);
    return { selector: { ...selectorOf(definitions), triggerIds: which.triggerIds }, path: pathOf(which) };
  };
  const told = ({ triggers, problems, warnings }: TriggersAnswer): readonly TriggerView[] => {
    say(warnings);
    raiseAll(problems);
    return triggers;
  };
  const say = (warnings: readonly JobErrorFacts[]): void => warnings.forEach((warning) => warn(new JobError(warning)));
  return {
    async newJobTrigger(trigger) {
      const { triggers, warnings } = (await verbs()).readJobTriggers(textOf(trigger, 'a trigger'));
      say(warnings);
      return triggers[0] as TriggerView;
    },
    async addJobTrigger(definitions, triggers, where = {}) {
      checkOptions(where, WHERE, 'addJobTrigger');
      const texts = [triggers as Trigger | readonly Trigger[]].flat().map((trigger) => textOf(trigger, 'a trigger'));
      if (texts.length === 0) throw refused('MissingMandatoryParameter', 'say which trigger');
      return told(await (await verbs()).addJobTriggers({ selector: neededOf(definitions), path: pathOf(where), texts }));
    },
    getJobTriggers: async (definitions, which = {}) => told(await (await verbs()).getJobTriggers(requestOf(definitions, which, 'getJobTriggers'))),
    async setJobTrigger(definitions, changes, which = {}) {
      if (!isMap(changes)) throw wrongForm('what setJobTrigger is told', 'an object', changes);
      return told(await (await verbs()).setJobTriggers({ ...requestOf(needed(definitions), which, 'setJobTrigger'), changes }));
    },
    enableJobTrigger: async (definitions, which = {}) => told(await (await verbs()).enableJobTriggers({ ...requestOf(needed(definitions), which, 'enableJobTrigger'), enabled: true })),
    disableJobTrigger: async (definitions, which = {}) => told(await (await verbs()).enableJobTriggers({ ...requestOf(needed(definitions), which, 'disableJobTrigger'), enabled: false })),
    removeJobTrigger: async (definitions, which = {}) => told(await (await verbs()).removeJobTriggers(requestOf(needed(definitions), which, 'removeJobTrigger'))),
    newScheduledJobOption: async (options = {}) => (await verbs()).newScheduledJobOption(textOf(options, 'the options')),
    async getScheduledJobOptions(definitions, where = {}) {
      checkOptions(where, WHERE, 'getScheduledJobOptions');
      const { options, problems } = await (await verbs()).getScheduledJobOptions({ selector: selectorOf(definitions), path: pathOf(where) });
      raiseAll(problems);
      return options;
    },
    async setScheduledJobOption(definitions, options, where = {}) {
      checkOptions(where, WHERE, 'setScheduledJobOption');
      const answer = await (await verbs()).setScheduledJobOptions({ selector: neededOf(definitions), path: pathOf(where), typed: textOf(options, 'the options') });
      raiseAll(answer.problems);
      return answer.options;
    },
  };
}

/** The readers of texts know every form. */
function textOf(value: unknown, what: string): string {
  if (!isMap(value)) throw wrongForm(what, 'an object', value);
  return JSON.stringify(value);
}

export function selectorOf(definitions: Definitions | undefined): DefinitionSelector {
  if (definitions === undefined) return {};
  const all = [definitions].flat() as readonly unknown[];
  for (const one of all) if (typeof one === 'number') wholeNumber(1)(one, 'the id of a definition'); else text(one, 'the name of a definition');
  return { ids: all.filter((one) => typeof one === 'number'), names: all.filter((one) => typeof one === 'string') };
}

/** Nobody changes every definition by leaving something out. */
function needed(definitions: Definitions): Definitions {
  if (definitions === undefined || definitions === null) throw refused('MissingMandatoryParameter', 'say which definitions: a name, a pattern, an id, or several of them');
  return definitions;
}

export function neededOf(definitions: Definitions): DefinitionSelector {
  return selectorOf(needed(definitions));
}

export function raiseAll(problems: readonly JobError[]): void {
  const [first, ...others] = problems;
  if (first !== undefined) throw others.length === 0 ? first : new AggregateError(problems, problems.map(({ message }) => message).join('; '));
}
