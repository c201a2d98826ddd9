/** The verbs of definitions, in a program. Files change as they do on the command line: comments and order stay. */
import { resolve } from 'node:path';
import { formatDuration, isJobError, JobError } from '@nightshift/sdk';
import type { Host } from './create-host.ts';
import { neededOf, raiseAll, selectorOf, type Definitions, type Trigger, type Where } from './library-triggers.ts';
import { checkOptions, duration, environment, filledFolder, flag, isMap, listOf, refused, text, wrongForm, type Check, type Checks } from './option-kinds.ts';
import { existingFolder, expandFolder, findScript } from './paths.ts';
import type { DefinitionView } from './scheduled-jobs/definition-view.ts';
import type { DefinitionSettings } from './scheduled-jobs/read-values.ts';
import { formOf, type What } from './what-to-run.ts';

/** What a definition runs. */
export type DefinitionWhat = Exclude<What, { readonly definitionName: string } | { readonly spec: unknown }>;

/** What stands in a definition besides what it runs. */
export interface DefinitionOptions {
  /** Of a text or a file. */
  readonly argumentList?: readonly (string | number | boolean)[];
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
  /** Empty: none. */
  readonly initializationScript?: string;
  /** Inside the project. Default: the folder of the definition. */
  readonly workingDirectory?: string;
  readonly description?: string;
  /** In which triggers are meant. Default: the configuration's, else the machine's. */
  readonly timeZone?: string;
  /** Finished runs that are kept. Default 32. */
  readonly maxResultCount?: number;
  /** In place of all that there are. */
  readonly triggers?: Trigger | readonly Trigger[];
  /** In place of all that there are: `options` of a file, or what `newScheduledJobOption` answers with. */
  readonly scheduledJobOption?: Readonly<Record<string, unknown>>;
  /** One more trigger: from now on, each time so much has passed; at least one minute, as milliseconds or text. */
  readonly runEvery?: number | string;
  /** Start it at once as well, as a trigger would. A refusal is thrown; what was written stays. Default false. */
  readonly runNow?: boolean;
  /** The user to run as. */
  readonly credential?: string;
}

/** What is to be changed; nothing else is. */
export interface DefinitionChanges extends DefinitionOptions {
  /** In place of what it runs; without `argumentList` the old arguments go as well. */
  readonly what?: DefinitionWhat;
  /** Another name: file, runs and history go with it. */
  readonly newName?: string;
  /** Remove the finished runs. Goes with nothing else. Default false. */
  readonly clearExecutionHistory?: boolean;
}

/** Each throws a `JobError` with the code of the command line (an `AggregateError` of several) for what could not be done; the rest is done. */
export interface ScheduledJobVerbs {
  /** Writes `<name>.yaml`, all or nothing. */
  registerScheduledJob(name: string, what: DefinitionWhat, options?: DefinitionOptions & Where): Promise<DefinitionView>;
  /** In the order of their names. By default all. */
  getScheduledJobs(definitions?: Definitions, options?: Where): Promise<readonly DefinitionView[]>;
  /** Those that were meant, as they are now. */
  setScheduledJob(definitions: Definitions, changes: DefinitionChanges, options?: Where): Promise<readonly DefinitionView[]>;
  enableScheduledJob(definitions: Definitions, options?: Where): Promise<readonly DefinitionView[]>;
  disableScheduledJob(definitions: Definitions, options?: Where): Promise<readonly DefinitionView[]>;
  /** `force`: stop runs in progress first. */
  unregisterScheduledJob(definitions: Definitions, options?: Where & { readonly force?: boolean }): Promise<void>;
}

interface Surroundings {
  /** Where relative paths begin. Absolute. */
  folder(): string;
}

export function scheduledJobVerbs(host: Host, { folder }: Surroundings): ScheduledJobVerbs {
  const pathOf = ({ definitionPath }: Where): string | undefined => (definitionPath === undefined ? undefined : expandFolder(definitionPath, folder()));
  const turned = async (act: 'enable' | 'disable', definitions: Definitions, where: Where): Promise<readonly DefinitionView[]> => {
    checkOptions(where, WHERE, `${act}ScheduledJob`);
    return shown(await (await host.scheduledJobs())[act]({ selector: neededOf(definitions), definitionPath: pathOf(where) }));
  };
  return {
    async registerScheduledJob(name, what, options = {}) {
      text(name, 'the name of a definition');
      checkOptions(options, { ...OPTIONS, ...WHERE }, 'registerScheduledJob');
      const { definitionPath, ...values } = options;
      const request = settingsOf({ ...values, what }, folder());
      const { definitions, problems } = await (await host.scheduledJobs()).register({ ...request, name, definitionPath: definitionPath === undefined ? undefined : resolve(folder(), definitionPath) });
      raiseAll(problems);
      return definitions[0] as DefinitionView;
    },
    async getScheduledJobs(definitions, where = {}) {
      checkOptions(where, WHERE, 'getScheduledJobs');
      return shown(await (await host.scheduledJobs()).get({ selector: selectorOf(definitions), definitionPath: pathOf(where) }));
    },
    async setScheduledJob(definitions, changes, where = {}) {
      checkOptions(changes, CHANGES, 'setScheduledJob');
      checkOptions(where, WHERE, 'setScheduledJob');
      const { newName, clearExecutionHistory = false, ...values } = changes;
      if (clearExecutionHistory && Object.values({ ...values, newName }).some((value) => value !== undefined)) throw refused('AmbiguousParameterSet', 'clearExecutionHistory goes with nothing else');
      return shown(await (await host.scheduledJobs()).set({ ...settingsOf(values, folder()), newName, clearExecutionHistory, selector: neededOf(definitions), definitionPath: pathOf(where) }));
    },
    enableScheduledJob: (definitions, where = {}) => turned('enable', definitions, where),
    disableScheduledJob: (definitions, where = {}) => turned('disable', definitions, where),
    async unregisterScheduledJob(definitions, options = {}) {
      checkOptions(options, { ...WHERE, force: flag }, 'unregisterScheduledJob');
      const { problems } = await (await host.scheduledJobs()).unregister({ selector: neededOf(definitions), definitionPath: pathOf(options), force: options.force === true });
      raiseAll(problems);
    },
  };
}

function shown({ definitions, problems, leftOver = [] }: { readonly definitions: readonly DefinitionView[]; readonly problems: readonly JobError[]; readonly leftOver?: readonly JobError[] }): readonly DefinitionView[] {
  raiseAll([...problems, ...leftOver]);
  return definitions;
}

/** A file holds texts, numbers and booleans only. */
const argument: Check = (value, name) => {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return;
  throw refused('CannotSerializeDataWhenRegisteringScheduledJobDefinition', `${name} is neither text nor a number nor true or false`, 'hand structured values over as a text in JSON');
};

const what: Check = (value) => {
  if (['definitionName', 'spec'].includes(formOf(value))) throw refused('AmbiguousParameterSet', 'a definition runs a program, a text or a file here; another type is written in its file');
};

const map: Check = (value, name) => {
  if (!isMap(value)) throw wrongForm(name, 'an object', value);
};

const triggers: Check = (value, name) => listOf(map)([value].flat(), name);

const count: Check = (value, name) => {
  if (!Number.isInteger(value)) throw wrongForm(name, 'a whole number', value);
};

const WHERE: Checks<Where> = { definitionPath: text };
const OPTIONS: Checks<DefinitionOptions> = {
  argumentList: listOf(argument), environment, initializationScript: text, workingDirectory: filledFolder, description: text, timeZone: text, maxResultCount: count,
  triggers, scheduledJobOption: map, runEvery: duration, runNow: flag, credential: text,
};
const CHANGES: Checks<DefinitionChanges> = { ...OPTIONS, what, newName: text, clearExecutionHistory: flag };

function settingsOf({ what: given, environment: variables, workingDirectory, triggers: some, scheduledJobOption, runEvery, runNow = false, ...plain }: Omit<DefinitionChanges, 'newName' | 'clearExecutionHistory'>, folder: string): DefinitionSettings & { readonly runNow: boolean } {
  return {
    ...plain,
    ...(given === undefined ? {} : bodyOf(given, plain.argumentList, folder)),
    ...(variables === undefined ? {} : { environment: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])) }),
    ...(workingDirectory === undefined ? {} : { workingDirectory: existingFolder(workingDirectory, folder) }),
    ...(some === undefined ? {} : { triggers: [some as Trigger | readonly Trigger[]].flat() }),
    ...(scheduledJobOption === undefined ? {} : { options: scheduledJobOption }),
    ...(runEvery === undefined ? {} : { runEvery: typeof runEvery === 'number' ? formatDuration(runEvery) : runEvery }),
    runNow,
  };
}

function bodyOf(given: DefinitionWhat, argumentList: DefinitionOptions['argumentList'], folder: string): Pick<DefinitionSettings, 'body' | 'shell' | 'runtime'> {
  what(given, 'what to run');
  if ('filePath' in given) return { body: { filePath: scriptFile(given.filePath, folder) }, ...(given.runtime === undefined ? {} : { runtime: given.runtime }) };
  if ('scriptBlock' in given) return { body: { scriptBlock: given.scriptBlock }, ...(given.shell === undefined ? {} : { shell: given.shell }), ...(given.runtime === undefined ? {} : { runtime: given.runtime }) };
  if (argumentList !== undefined) throw refused('InvalidParameterCombination', 'argumentList goes with a text or a file', 'the arguments of a program stand behind it: [program, ...args]');
  return { body: { command: given } };
}

function scriptFile(path: string, folder: string): string {
  try {
    return findScript(path, folder);
  } catch (cause) {
    throw isJobError(cause) ? new JobError({ code: 'InvalidFilePathParameterForRegisterScheduledJobDefinition', message: cause.message }, { cause }) : cause;
  }
}
