/**
 * What only verbs that read definitions need, assembled by tsyringe, which nobody else imports: explicit tokens and
 * factories, no decorators. A child container per host; it wires and registers, and disposes of nothing (its own `dispose`
 * forgets factories and values). Loaded at the first definition: it costs as much as half an empty Node process.
 */
// oxlint-disable-next-line import/no-unassigned-import -- tsyringe looks for it when it is loaded
import 'reflect-metadata';
import { container, instanceCachingFactory, type DependencyContainer, type InjectionToken } from 'tsyringe';
import type { DefinitionFiles, OpenRegistry } from '@nightshift/core';
import { createYamlDefinitions, insideProject, listFolder, sourceFiles, type CheckTrigger, type YamlDefinitions } from '@nightshift/definitions';
import { checkTrigger } from '@nightshift/scheduler';
import { isJobError, JobError, type CommandLine, type Definition, type SourceFiles } from '@nightshift/sdk';
import { createAuthoring, type Authoring } from './authoring.ts';
import { trustedProjectsIn } from './config/gather-files.ts';
import { examineConfig, readConfig, type Config, type ConfigReport } from './config/read-config.ts';
import { createRunImport, type RunImport } from './import-runs.ts';
import { createNewDefinitions, type NewDefinitions } from './new-definition.ts';
import { createNewPlugins, type NewPlugins, type PluginSupplies } from './new-plugin/new-plugin.ts';
import type { PluginProcessParts } from './plugins/plugin-process.ts';
import { createPlugins, type Plugins } from './plugins/plugins.ts';
import { definitionReader } from './plugins/read-definition.ts';
import { explainMissingType } from './trust/explain-missing-type.ts';
import { usablePlugins } from './trust/usable-plugins.ts';
import { refuseForeignAsRoot } from './trust/running-as-root.ts';
import { hostZone } from './host-zone.ts';
import { createNext, type Next } from './next.ts';
import { systemClock } from '#system-clock';
import { createEditLock } from './scheduled-jobs/edit-lock.ts';
import { createScheduledJobs, type ScheduledJobs } from './scheduled-jobs/scheduled-jobs.ts';
import type { ScheduledJobsParts } from './scheduled-jobs/scheduled-jobs-parts.ts';
import { createReferences, type References } from './secrets/references.ts';
import { createScheduling, type Scheduling, type SchedulingParts } from './scheduler/scheduling.ts';
import { createValidator, type CheckParts, type Validator } from './validate.ts';

export { createTrust } from './trust/trust.ts';

/** What a host tells its container. */
export interface WireRequest {
  readonly environment: NodeJS.ProcessEnv;
  readonly types: OpenRegistry;
  /** How a plugin's process is started. */
  readonly plugins: PluginProcessParts;
  readonly workingDirectory: string;
  /** Of the person who called: files that people own get it. */
  readonly umask: number;
  /** A configuration file in place of the searched one. */
  readonly configFile?: string;
  readonly warn: (warning: JobError) => void;
}

export interface Wiring {
  readonly config: Config;
  /** How the configuration was come by. */
  readonly configuration: ConfigReport;
  readonly definitions: DefinitionFiles;
  /** Those of the configuration, if they may be used. */
  readonly plugins: Plugins;
  readonly validate: Validator;
  /** What the plugins of the configuration have to do with a job type that is missing; any other error comes back as it was. */
  explainMissingType(cause: unknown): Promise<unknown>;
  readonly next: Next;
  /** Of the secrets of jobs: files whose owners are safe, and variables of whoever called, with those that were handed to a host for its children. */
  references(environment: NodeJS.ProcessEnv): References;
  /** Of the configured definitions; jobs are started with `core`, and kept in `stores`. */
  scheduling(parts: Pick<SchedulingParts, 'core' | 'stores'>): Scheduling;
  /** Into the durable store, by the names of the configured definitions, or of those in another folder. */
  runImport(parts: Pick<SchedulingParts, 'core' | 'stores'>): RunImport;
  readonly authoring: Authoring;
  /** The verbs of definitions; runs are started with `core`, and kept in `stores`. */
  scheduledJobs(parts: Pick<ScheduledJobsParts, 'core' | 'stores' | 'loadPlugins'>): ScheduledJobs;
  /** By the names of their files, none of which is opened: for a shell that completes a word. A folder that cannot be read has none. */
  definitionNames(path?: string): Promise<readonly string[]>;
  /** Definitions made out of the examples in a folder. */
  newDefinitions(examplesFolder: string): NewDefinitions;
  /** Plugins to begin with, made of the templates that come with the package. */
  newPlugins(supplies: PluginSupplies): NewPlugins;
}

const CONFIG: InjectionToken<Config> = Symbol.for('nightshift.config');
const CHECK_TRIGGER: InjectionToken<CheckTrigger> = Symbol.for('nightshift.checkTrigger');
const YAML_DEFINITIONS: InjectionToken<YamlDefinitions> = Symbol.for('nightshift.yamlDefinitions');
const DEFINITION_FILES: InjectionToken<DefinitionFiles> = Symbol.for('nightshift.definitionFiles');
const VALIDATOR: InjectionToken<Validator> = Symbol.for('nightshift.validator');
const NEXT: InjectionToken<Next> = Symbol.for('nightshift.next');
const AUTHORING: InjectionToken<Authoring> = Symbol.for('nightshift.authoring');

/** Throws everything that is wrong with the configuration. */
export async function wire(request: WireRequest): Promise<Wiring> {
  return assemble(request, await readConfig(request));
}

/** The same with a configuration that may have mistakes; they are in its report. */
export async function wireAnyway(request: WireRequest): Promise<Wiring> {
  return assemble(request, await examineConfig(request));
}

async function assemble(request: WireRequest, configuration: ConfigReport): Promise<Wiring> {
  const parts = container.createChildContainer();
  parts.registerInstance(CONFIG, configuration.config);
  parts.registerInstance(CHECK_TRIGGER, checkTrigger);
  once(parts, YAML_DEFINITIONS, (from) => createYamlDefinitions({ ...from.resolve(CONFIG), checkTrigger: from.resolve(CHECK_TRIGGER) }));
  once(parts, DEFINITION_FILES, (from) => ({ source: from.resolve(YAML_DEFINITIONS), files: filesOf(from), checkPaths: (definition, command) => checkStart(request, configuration, definition, command) }));
  once(parts, VALIDATOR, (from) => createValidator({ ...checkParts(from, request), yaml: from.resolve(YAML_DEFINITIONS), workingDirectory: request.workingDirectory }));
  once(parts, NEXT, (from) => createNext({ ...request, yaml: from.resolve(YAML_DEFINITIONS), config: from.resolve(CONFIG), clock: systemClock }));
  once(parts, AUTHORING, (from) => createAuthoring({ ...checkParts(from, request), yaml: from.resolve(YAML_DEFINITIONS), umask: request.umask }));
  const plugins = createPlugins({ ...request.plugins, found: await usablePlugins(configuration), types: request.types, readDefinition: definitionReader(parts.resolve(YAML_DEFINITIONS), configuration.config.folders[0] as string) });
  await plugins.declare();
  const explain = (cause: unknown): Promise<unknown> => explainMissingType(cause, configuration, plugins.losses());
  const [config, authoring] = [parts.resolve(CONFIG), parts.resolve(AUTHORING)];
  const newDefinitions = (folder: string): NewDefinitions => createNewDefinitions({ authoring, folders: config.folders, workingDirectory: request.workingDirectory, umask: request.umask }, folder);
  const newPlugins = (supplies: PluginSupplies): NewPlugins => createNewPlugins({ ...request, authoring, configuration }, supplies);
  const scheduledJobs = (own: Pick<ScheduledJobsParts, 'core' | 'stores' | 'loadPlugins'>): ScheduledJobs => createScheduledJobs({ ...request, ...own, ...scheduledParts(parts, request, explain, own) });
  return { config, configuration, plugins, scheduledJobs, definitions: parts.resolve(DEFINITION_FILES), validate: parts.resolve(VALIDATOR), next: parts.resolve(NEXT), references: (environment) => createReferences(environment, '/', config.safeOwners ?? []), scheduling: (own) => createScheduling({ ...request, ...own, config, system: '/' }), runImport: (own) => createRunImport({ ...own, config, warn: request.warn, yaml: parts.resolve(YAML_DEFINITIONS) }), authoring, definitionNames: (path) => namesIn(path === undefined ? config.folders : [path]), newDefinitions, newPlugins, explainMissingType: explain };
}

function scheduledParts(from: DependencyContainer, request: WireRequest, explain: Wiring['explainMissingType'], { stores }: Pick<ScheduledJobsParts, 'stores'>): Omit<ScheduledJobsParts, 'core' | 'stores' | 'loadPlugins' | keyof WireRequest> {
  const config = from.resolve(CONFIG);
  let zone = config.timeZone;
  return {
    config,
    files: checkParts(from, request).files,
    yaml: from.resolve(YAML_DEFINITIONS),
    ...(config.namespace === undefined ? {} : { namespace: config.namespace }),
    authoring: from.resolve(AUTHORING),
    lock: createEditLock(stores.state, systemClock),
    clock: systemClock,
    timeZone: () => (zone ??= hostZone(request.environment, request.warn)),
    system: '/',
    explainMissingType: explain,
  };
}

function once<T>(parts: DependencyContainer, token: InjectionToken<T>, make: (from: DependencyContainer) => T): void {
  parts.register(token, { useFactory: instanceCachingFactory(make) });
}

function filesOf(from: DependencyContainer): SourceFiles {
  return sourceFiles(from.resolve(CONFIG).safeOwners);
}

/** For looking at definitions: whose command may run is asked when it is to run. */
function checkParts(from: DependencyContainer, { types, environment }: WireRequest): CheckParts {
  return { types, files: { source: from.resolve(YAML_DEFINITIONS), files: filesOf(from), checkPaths }, machine: { environment } };
}

async function checkStart({ environment }: WireRequest, { own }: ConfigReport, definition: Definition, command: CommandLine): Promise<void> {
  if (environment['NIGHTSHIFT_TRUST'] !== '1') refuseForeignAsRoot(definition, trustedProjectsIn(own));
  await checkPaths(definition, command);
}

const checkPaths: DefinitionFiles['checkPaths'] = async ({ baseFolder }, { scriptFile, workingDirectory }) => {
  if (baseFolder === undefined) return;
  for (const [key, path] of Object.entries({ filePath: scriptFile, workingDirectory })) {
    if (path === undefined) continue;
    try {
      await insideProject(baseFolder, path);
    } catch (cause) {
      throw isJobError(cause) ? new JobError({ code: cause.code, message: cause.message, path: [key], ...(cause.hint === undefined ? {} : { hint: cause.hint }) }, { cause }) : cause;
    }
  }
};

async function namesIn(folders: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.allSettled(folders.map((folder) => listFolder(folder)));
  return [...new Set(lists.flatMap((list) => (list.status === 'fulfilled' ? list.value.filter(({ regular }) => regular).map(({ name }) => name) : [])))];
}
