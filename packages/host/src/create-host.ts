import { fileURLToPath } from 'node:url';
import { createJobHost, createRegistry, type CoreParts, type JobHost, type RegisteredType, type StartRequest } from '@nightshift/core';
import { isJobError, type JobError } from '@nightshift/sdk';
import { BUILT_IN } from './built-in.ts';
import { lazyWiring } from './config/lazy-wiring.ts';
import type { Doctor } from './doctor.ts';
import { createCommandLauncher } from './launch/command.ts';
import type { RunImport } from './import-runs.ts';
import { ignoredVariables, pluginEnvironment } from './launch/environment.ts';
import { newInstanceId } from './launch/instance-id.ts';
import { currentFolder } from './paths.ts';
import type { ScheduledJobs } from './scheduled-jobs/scheduled-jobs.ts';
import { liveOwner } from './scheduler/live-owner.ts';
import type { Scheduling } from './scheduler/scheduling.ts';
import { createStores, type HostStores } from './stores.ts';
import { systemClock } from '#system-clock';
import type { Services } from './service/services.ts';
import type { Trust } from './trust/trust.ts';
import type { WireRequest, Wiring } from './container.ts';

/** Where a host lives. Everything has a default. */
export interface HostOptions {
  /** Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Absolute. Where configuration is searched and relative paths begin. Default: this process's. */
  readonly workingDirectory?: string;
  /** A configuration file in place of the searched one. */
  readonly configFile?: string;
  /** Given back to jobs. Default: this process's. */
  readonly umask?: number;
  /** Told what does not stop anything. Default: nobody. */
  readonly warn?: (warning: JobError) => void;
  /** Absolute path of shim.sh. Default: the one beside this module. */
  readonly shim?: string;
  /** Absolute path of the program that serves a plugin. Default: the one beside this module. */
  readonly pluginProcess?: string;
}

/** Nightshift in a process: the verbs, and what lies around them. */
export interface Host extends JobHost, AsyncDisposable {
  /** The job types that are known without loading a plugin, and where they come from. */
  readonly jobTypes: readonly RegisteredType[];
  /** Every job type, those of plugins too; and what could not be loaded or read on the way, which keeps no other from being known. */
  everyJobType(): Promise<{ readonly types: readonly RegisteredType[]; readonly problems: readonly JobError[] }>;
  /** What only verbs that read definitions need: loaded at the first call. */
  wiring(): Promise<Wiring>;
  /** The scheduler of the configured definitions, and what is known of it. */
  scheduling(): Promise<Scheduling>;
  /** The scheduler as a service of the user, run by the system. `anyway`: also where the configuration is refused, as for taking it away. Default false. */
  services(anyway?: boolean): Promise<Services>;
  /** Finished runs of another store. */
  runImport(): Promise<RunImport>;
  /** The verbs of definitions. */
  scheduledJobs(): Promise<ScheduledJobs>;
  doctor(): Promise<Doctor>;
  /** Works also where the configuration of the project is refused for want of trust. */
  trust(): Promise<Trust>;
}

/** Variables that the caller has named for the job. */
function environmentOf({ what }: StartRequest): Readonly<Record<string, unknown>> {
  const spec = 'spec' in what ? (what.spec as { environment?: Readonly<Record<string, unknown>> } | null) : null;
  return spec?.environment ?? {};
}

/** Whether a scheduler works for the namespace of a definition: it starts the further attempts of what run-now has started. */
function isScheduled(stores: HostStores, definitionKey: string): boolean {
  const store = stores.durable();
  return store !== undefined && liveOwner(store, definitionKey.slice(0, definitionKey.indexOf('/')), systemClock.now()) !== undefined;
}

function pluginArgv(program: string | undefined): readonly [string, ...string[]] {
  // A plugin that fills the memory ends its own process.
  const flags = ['--max-old-space-size=512'];
  if (program !== undefined) return [process.execPath, ...flags, program];
  const isSource = import.meta.url.endsWith('.ts');
  return [process.execPath, ...flags, ...(isSource ? ['--conditions=source'] : []), fileURLToPath(new URL(`plugins/process/serve.${isSource ? 'ts' : 'js'}`, import.meta.url))];
}

/** The configuration cannot be used: everything that is wrong with it. Throws what is a mistake of ours. */
function errorsIn(cause: unknown): readonly JobError[] {
  if (isJobError(cause)) return [cause as JobError];
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.flatMap(errorsIn);
  throw cause;
}

/** Assembles stores, launcher and types from plain factories. Opens nothing yet. */
export function createHost(options: HostOptions = {}): Host {
  const environment = options.environment ?? process.env;
  const warn = options.warn ?? (() => {});
  const types = createRegistry(BUILT_IN);
  const stores = createStores(environment, warn);
  const request = (): WireRequest => ({ environment, types, plugins: { argv: pluginArgv(options.pluginProcess), environment: pluginEnvironment(environment), clock: systemClock }, warn, umask: options.umask ?? process.umask(), workingDirectory: options.workingDirectory ?? currentFolder(), ...(options.configFile === undefined ? {} : { configFile: options.configFile }) });
  const { assemble, wiring, withPlugins, explaining, examine, close } = lazyWiring(request);
  const shim = options.shim ?? fileURLToPath(new URL('launch/shim.sh', import.meta.url));
  /** What cannot be loaded is told, and keeps nobody from what can. */
  let loaded: Promise<void> | undefined;
  const loadPlugins = (): Promise<void> => (loaded ??= withPlugins().then(({ plugins }) => plugins.losses().forEach(({ error }) => warn(error))));
  const parts: CoreParts = {
    stores,
    types,
    loadTypes: loadPlugins,
    newInstanceId,
    clock: systemClock,
    launcher: createCommandLauncher({
      clock: systemClock,
      environment,
      umask: options.umask ?? process.umask(),
      shim,
    }),
    definitions: async () => (await assemble()).definitions,
    hasRetries: ({ definition, origin }) => origin.kind === 'trigger' || (definition !== undefined && origin.kind === 'demand' && origin.runNow && isScheduled(stores, definition.key)),
  };
  const jobs = createJobHost(parts);
  return {
    ...jobs,
    async startJob(request) {
      for (const warning of ignoredVariables(environment, environmentOf(request))) warn(warning);
      return explaining(() => jobs.startJob(request));
    },
    async describeStart(request) {
      return explaining(() => jobs.describeStart(request));
    },
    get jobTypes() {
      return types.all;
    },
    async everyJobType() {
      const problems = await withPlugins().then(async ({ plugins }) => (await wiring(), plugins.losses().map(({ error }) => error)), errorsIn);
      return { types: types.all, problems };
    },
    wiring,
    async scheduling() {
      const scheduling = (await wiring()).scheduling({ core: parts, stores });
      return {
        ...scheduling,
        async run(request, signal) {
          await loadPlugins();
          const { plugins } = await wiring();
          return scheduling.run({ ...request, lacksPlugins: plugins.losses().length > 0 }, signal);
        },
      };
    },
    async services(anyway = false) {
      const { createServices } = await import('./service/services.ts');
      const { configFile, umask = process.umask() } = options;
      const scheduling = (anyway ? (await examine()).wiring : await wiring()).scheduling({ core: parts, stores });
      return createServices({ scheduling, environment, workingDirectory: request().workingDirectory, configFile, state: stores.state, umask, clock: systemClock, platform: process.platform, system: '/' });
    },
    runImport: async () => (await wiring()).runImport({ core: parts, stores }),
    scheduledJobs: async () => (await wiring()).scheduledJobs({ core: parts, stores, loadPlugins }),
    trust: async () => (await import('./container.ts')).createTrust(request()),
    doctor: async () => (await import('./doctor.ts')).createDoctor({ environment, stores, clock: systemClock, umask: options.umask ?? process.umask(), shim, system: '/', configuration: examine }),
    async [Symbol.asyncDispose]() {
      await close();
      stores.close();
    },
  };
}
