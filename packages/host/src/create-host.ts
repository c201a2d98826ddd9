import { createJobHost, type JobHost, type RegisteredType, type StartRequest } from '@nightshift/core';
import { isJobError, type JobError } from '@nightshift/sdk';
import { assembleCore, type HostOptions } from './assemble-core.ts';
import type { Doctor } from './doctor.ts';
import type { RunImport } from './import-runs.ts';
import { configPlace } from './config/config-place.ts';
import { lazyEngine, type LazyEngine } from './engine/lazy-engine.ts';
import { hostEnvironment, ignoredVariables } from './launch/environment.ts';
import type { ScheduledJobs } from './scheduled-jobs/scheduled-jobs.ts';
import type { Scheduling } from './scheduler/scheduling.ts';
import { systemClock } from '#system-clock';
import type { Survey } from './survey/survey.ts';
import type { Services } from './service/services.ts';
import type { Workers } from './worker/run-worker.ts';
import type { Threads } from './threads/threads.ts';
import type { Trust } from './trust/trust.ts';
import type { Wiring } from './container.ts';

export type { HostOptions };

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
  /** What a dashboard asks. Reads the definitions in the background and watches them until the signal fires. */
  survey(signal: AbortSignal): Promise<Survey>;
  /** Thread jobs: in this process, or in the process of their pool. */
  threads(): Promise<Threads>;
  doctor(): Promise<Doctor>;
  /** Workers of the configured engine. */
  workers(): Promise<Workers>;
  /** Works also where the configuration of the project is refused for want of trust. */
  trust(): Promise<Trust>;
}

/** Variables that the caller has named for the job. */
function environmentOf({ what }: StartRequest): Readonly<Record<string, unknown>> {
  const spec = 'spec' in what ? (what.spec as { environment?: Readonly<Record<string, unknown>> } | null) : null;
  return spec?.environment ?? {};
}

/** The configuration cannot be used: everything that is wrong with it. Throws what is a mistake of ours. */
function errorsIn(cause: unknown): readonly JobError[] {
  if (isJobError(cause)) return [cause as JobError];
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.flatMap(errorsIn);
  throw cause;
}

/** Verbs that look at jobs read no configuration of a project; a start does that is to be kept, or is that of a definition. Source: S2. */
function knowingEngine(jobs: JobHost, { ready }: LazyEngine): JobHost {
  const scopeOf = (request: unknown): 'own' | 'project' => {
    const { persist, what } = request as Partial<StartRequest>;
    return persist === true || (what !== undefined && 'definitionName' in what) ? 'project' : 'own';
  };
  const known = Object.entries(jobs).map(([name, verb]: [string, (...words: never[]) => unknown]) => [name, async (...words: never[]) => {
    await ready(scopeOf(words[0] ?? {}));
    return verb(...words);
  }]);
  return Object.fromEntries(known) as JobHost;
}

/** Assembles stores, launcher and types from plain factories. Opens nothing yet. */
export function createHost(options: HostOptions = {}): Host {
  const { parts, stores, types, wiring: { wiring, withPlugins, explaining, examine, close }, loadPlugins, request, configuration, shim, threads } = assembleCore(options);
  const { environment = process.env, warn = () => {} } = options;
  const engine = lazyEngine(stores, configuration, environment, warn);
  const jobs = knowingEngine(createJobHost(parts), engine);
  /** For what reads the configuration of the project anyway. */
  const wiringOfProject = async (): Promise<Wiring> => {
    await engine.ready('project');
    return wiring();
  };
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
      const scheduling = (await wiringOfProject()).scheduling({ core: parts, stores });
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
    async survey(signal) {
      const { createSurvey } = await import('./survey/survey.ts');
      const { config, configuration, scheduling } = await wiringOfProject();
      const { folders, status } = scheduling({ core: parts, stores });
      return createSurvey({ ...request(), core: parts, stores, config, configuration, folders: await folders(), status: () => status() }, signal);
    },
    runImport: async () => (await wiringOfProject()).runImport({ core: parts, stores }),
    scheduledJobs: async () => (await wiringOfProject()).scheduledJobs({ core: parts, stores, loadPlugins }),
    trust: async () => (await import('./container.ts')).createTrust(request()),
    doctor: async () => (await import('./doctor.ts')).createDoctor({ environment, stores, clock: systemClock, umask: options.umask ?? process.umask(), shim, system: '/', configuration: examine, engine: async () => (await engine.ready('project'), stores.engine) }),
    threads: threads.load,
    async workers() {
      const { createWorkers } = await import('./worker/run-worker.ts');
      // Jobs get what the scheduler's jobs get: a worker's environment may hold anybody's secrets.
      const ofWorker = { ...options, environment: hostEnvironment(environment), secretVariables: definedIn(environment), configuration: configPlace(request().workingDirectory, options.configFile, environment) };
      return createWorkers({ engine: async () => (await engine.ready('project'), stores.engine?.engine), state: stores.state, environment, assemble: (worker) => assembleCore({ ...ofWorker, worker }) });
    },
    async [Symbol.asyncDispose]() {
      await threads.loaded()?.[Symbol.asyncDispose]();
      await close();
      await engine.close();
      stores.close();
    },
  };
}

function definedIn(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
