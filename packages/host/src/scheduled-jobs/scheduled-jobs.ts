/** What the verbs of definitions do. One method a verb; each is in a file of its own beside this one. */
import { dirname, parse } from 'node:path';
import { createJobHost, type JobView } from '@nightshift/core';
import { asciiLower, isBroken, JobError, type BrokenDefinition, type Definition } from '@nightshift/sdk';
import { judgeDefinition } from '../judge-definition.ts';
import { definitionView, type DefinitionView } from './definition-view.ts';
import { setEnabled } from './enable.ts';
import { errorsOf, handleEach, type DefinitionsRequest } from './handle-each.ts';
import { readValues, type DefinitionSettings } from './read-values.ts';
import { register, type RegisterRequest } from './register.ts';
import { runNow } from './run-now.ts';
import type { ScheduledJobsParts } from './scheduled-jobs-parts.ts';
import { selectDefinitions, type SelectedDefinition } from './select.ts';
import { clearExecutionHistory, refuseRename, setDefinition } from './set-definition.ts';
import { createTriggerIds } from './trigger-ids.ts';
import { createTriggersAndOptions, type TriggersAndOptions } from './triggers-and-options.ts';
import { unregister } from './unregister.ts';

/** Definitions as they are now, and what went wrong with others: one of many failing does not stop the rest. */
export interface HandledDefinitions {
  readonly definitions: readonly DefinitionView[];
  /** Jobs of `runNow`, in the order of the definitions. */
  readonly runs: readonly JobView[];
  readonly problems: readonly JobError[];
  /** What is still wrong with definitions that were changed: they cannot be shown. Default: nothing. */
  readonly leftOver?: readonly JobError[];
}

/** What is to be changed; nothing else is. */
export interface SetDefinitionsRequest extends DefinitionsRequest, DefinitionSettings {
  readonly newName?: string | undefined;
  /** Remove the finished runs. Nothing else goes with it. Default false. */
  readonly clearExecutionHistory?: boolean;
  /** Start each at once, when it is changed. Default false. */
  readonly runNow?: boolean;
}

/** The verbs. */
export interface ScheduledJobs extends TriggersAndOptions {
  /** Throws what `register` throws. `definitions` is empty when it was not approved; a run that is refused is a problem: the definition stays. */
  register(request: RegisterRequest & { readonly runNow?: boolean }): Promise<HandledDefinitions>;
  /** In name order. Definitions that cannot be used are problems. */
  get(request: Pick<DefinitionsRequest, 'selector' | 'definitionPath'>): Promise<HandledDefinitions>;
  /** Throws what is wrong with a value, before anything is done. */
  set(request: SetDefinitionsRequest): Promise<HandledDefinitions>;
  /** Starts each at once, as its trigger would; no file is written. */
  runNow(request: DefinitionsRequest): Promise<HandledDefinitions>;
  enable(request: DefinitionsRequest): Promise<HandledDefinitions>;
  disable(request: DefinitionsRequest): Promise<HandledDefinitions>;
  /** `force`: runs in progress are stopped first. `definitions` is empty. */
  unregister(request: DefinitionsRequest & { readonly force?: boolean }): Promise<HandledDefinitions>;
}

export function createScheduledJobs(parts: ScheduledJobsParts): ScheduledJobs {
  return {
    ...createTriggersAndOptions({ ...parts, ids: createTriggerIds(parts.stores) }),
    async register({ runNow: runsNow = false, ...request }) {
      const made = await register(parts, request).catch(explained(parts));
      if (made === undefined) return { definitions: [], runs: [], problems: [] };
      const definition = await again(parts, made.name, request.definitionPath);
      return started(parts, [definition], runsNow);
    },
    async get({ selector, definitionPath }) {
      const { definitions, problems } = await selectDefinitions(parts, selector, definitionPath, 'get-scheduled-job');
      return viewed(parts, definitions, problems);
    },
    async set({ newName, clearExecutionHistory: clears = false, runNow: runsNow = false, selector, definitionPath, approve, ...settings }) {
      const read = readValues(settings, { timeZone: parts.timeZone, now: parts.clock.now(), ofMaxResultCount: 'ParameterArgumentValidationError' });
      if (newName !== undefined) await refuseRename(parts, newName, (await selectDefinitions(parts, selector, definitionPath, 'set-scheduled-job')).definitions);
      for (const warning of read.warnings) parts.warn(new JobError(warning));
      const { results, problems } = await handleEach(parts, 'set-scheduled-job', { selector, definitionPath, approve }, async (definition) => {
        if (clears) await clearExecutionHistory(parts, definition);
        const file = clears ? definition.file : await setDefinition(parts, definition, { read, newName }).catch(explained(parts));
        return again(parts, parse(file).name, definitionPath ?? dirnameIfOther(parts, file));
      });
      const { runs, problems: refusals } = runsNow ? await started(parts, results, true) : { runs: [], problems: [] };
      const { definitions, problems: broken } = await viewed(parts, results, []);
      return { definitions, runs, problems: [...problems, ...refusals], leftOver: runsNow ? [] : broken };
    },
    async runNow(request) {
      const { results, problems } = await handleEach(parts, 'set-scheduled-job', request, async (definition) => definition);
      const handled = await started(parts, results, true);
      return { ...handled, problems: [...problems, ...handled.problems] };
    },
    enable: (request) => turn(parts, request, true),
    disable: (request) => turn(parts, request, false),
    async unregister({ force = false, ...request }) {
      const { problems } = await handleEach(parts, 'unregister-scheduled-job', request, async (definition) => void (await unregister(parts, definition, force)));
      return { definitions: [], runs: [], problems };
    },
  };
}

async function turn(parts: ScheduledJobsParts, request: DefinitionsRequest, enabled: boolean): Promise<HandledDefinitions> {
  const verb = enabled ? 'enable-scheduled-job' : 'disable-scheduled-job';
  const { results, problems } = await handleEach(parts, verb, request, async (definition) => {
    const { found } = await setEnabled(parts, definition, enabled).catch(explained(parts));
    return { ...definition, found };
  });
  const { definitions, problems: leftOver } = await viewed(parts, results, []);
  return { definitions, runs: [], problems, leftOver };
}

/** What needs a plugin is said with what has to be done about it. */
function explained({ explainMissingType }: ScheduledJobsParts): (cause: unknown) => Promise<never> {
  return async (cause) => {
    throw await explainMissingType(cause);
  };
}

function dirnameIfOther({ config }: ScheduledJobsParts, file: string): string | undefined {
  return config.folders.includes(dirname(file)) ? undefined : dirname(file);
}

/** The definition of this name as it is now, with its place in the listing. */
async function again(parts: ScheduledJobsParts, name: string, path: string | undefined): Promise<SelectedDefinition> {
  const { definitions, problems } = await selectDefinitions(parts, { names: [name] }, path, 'get-scheduled-job');
  const found = definitions.find((definition) => asciiLower(definition.name) === asciiLower(name));
  if (found === undefined) throw new AggregateError(problems);
  return found;
}

async function viewed(parts: ScheduledJobsParts, found: readonly SelectedDefinition[], problems: readonly JobError[]): Promise<HandledDefinitions> {
  const judged = await Promise.all(found.map(async (one) => ({ one, ...(await judgeDefinition(parts.types, one.found)) })));
  const definitions = await Promise.all(judged.flatMap(({ one, definition }) => (definition === undefined ? [] : [definitionView(parts, one, definition)])));
  return { definitions, runs: [], problems: [...problems, ...judged.flatMap(({ complaints }) => complaints)] };
}

/** Runs each at once, where that was asked for. */
async function started(parts: ScheduledJobsParts, found: readonly SelectedDefinition[], runsNow: boolean): Promise<HandledDefinitions> {
  const ids: number[] = [];
  const problems: JobError[] = [];
  if (runsNow && found.length > 0) await parts.loadPlugins();
  for (const one of runsNow ? found : []) {
    try {
      ids.push((await runNow(parts, await usable(parts, one.found)).catch(explained(parts))).id);
    } catch (cause) {
      problems.push(...errorsOf(cause));
    }
  }
  const { definitions } = await viewed(parts, found, []);
  const { jobs } = ids.length === 0 ? { jobs: [] } : await createJobHost(parts.core).getJobs({ ids });
  return { definitions, runs: jobs, problems };
}

async function usable({ types }: ScheduledJobsParts, found: Definition | BrokenDefinition): Promise<Definition> {
  if (!isBroken(found)) return found;
  throw new AggregateError((await judgeDefinition(types, found)).complaints);
}
