import { join } from 'node:path';
import { createTriggeredRuns, pruneToCap, type CoreParts, type DefinitionFiles, type JobLauncher } from '@nightshift/core';
import { createYamlDefinitions, sourceFiles } from '@nightshift/definitions';
import { checkTrigger, createScheduler, isPlausible, readInstant, type Scheduler, type SchedulerEvent } from '@nightshift/scheduler';
import { isJobError, JobError, parseDuration } from '@nightshift/sdk';
import { openFirings, readOnly, readOwner, takeOwnership, type EmbeddedStore, type Ownership } from '@nightshift/store';
import { machineProbe } from '#machine-probe';
import { createWakeAlarm } from '../conditions/wake-alarm.ts';
import { retentionOf } from '../config/retention.ts';
import { bookOf } from '../durable-book.ts';
import { engineStatus } from '../engine/status.ts';
import { runOnEngine } from '../engine/scheduler.ts';
import { lackOfSpace } from '../free-space.ts';
import { hostZone } from '../host-zone.ts';
import { ignoredVariables } from '../launch/environment.ts';
import { isAlive, thisMachine, thisProcess } from '../launch/identity.ts';
import { createMetering } from '../metrics/metering.ts';
import { networkFileSystem } from '../mount.ts';
import { existingFolder } from '../paths.ts';
import { aloneSoon } from '../scheduled-jobs/edit-lock.ts';
import { createAttemptEnds } from './attempt-ends.ts';
import type { RunSchedulerRequest, SchedulingParts } from './scheduling-parts.ts';
import { clearHistory, historyOf, type ClearAnswer, type ClearRequest, type HistoryAnswer, type HistoryParts, type HistoryRequest } from './history.ts';
import { asJobError } from './as-job-error.ts';
import { openLogOns } from './log-ons.ts';
import { isPartOf, namedFolders } from './named-folders.ts';
import { createReserves, type Reserves } from './reserves.ts';
import { createRunEngine } from './run-engine.ts';
import { createScheduledDefinitions, type NamedFolder } from './scheduled-definitions.ts';
import { createTelling, type Telling } from '../telling/telling.ts';
import { withSources } from './with-sources.ts';
import { schedulerStatus, type SchedulerStatus } from './status.ts';

export type { RunSchedulerRequest, SchedulingParts } from './scheduling-parts.ts';

/** The scheduler of the configured definitions, and what is known of it. */
export interface Scheduling {
  run(request: RunSchedulerRequest, signal: AbortSignal): Promise<void>;
  /** `definitionPaths` in place of the configured folders. Throws `DirectoryNotFoundException` where one of them is not there, as `history` does. */
  status(definitionPaths?: readonly string[]): Promise<SchedulerStatus>;
  history(request: HistoryRequest & { readonly definitionPath?: string | undefined }): Promise<HistoryAnswer>;
  /** The configured folders of definitions, or these in their place (relative to the working directory), with the namespaces of their names. */
  folders(definitionPaths?: readonly string[]): Promise<readonly NamedFolder[]>;
  /** Forgets what became of due times; what was started stays, and so do the clocks. */
  clearHistory(request: ClearRequest & { readonly definitionPath?: string | undefined }): Promise<ClearAnswer>;
  /** When to end, as it is typed: a time, or a duration from now. Throws `ParameterArgumentTransformationError`. */
  readEnd(text: string): Date;
}

export function createScheduling(parts: SchedulingParts): Scheduling {
  const { core, stores } = parts;
  const now = (): Date => core.clock.now();
  const timeZone = (): string => parts.config.timeZone ?? hostZone(parts.environment, parts.warn);
  const namespacesIn = async (paths: readonly string[] | undefined): Promise<readonly string[]> => [...new Set((await namedFolders(parts, paths)).map(({ namespace }) => namespace))];
  const there = (path: string): string => existingFolder(path, parts.workingDirectory);
  const historyParts = async (definitionPath: string | undefined): Promise<HistoryParts> => {
    const folders = await namedFolders(parts, definitionPath === undefined ? undefined : [there(definitionPath)]);
    const yaml = createYamlDefinitions({ ...parts.config, folders: folders.map(({ folder }) => folder), checkTrigger });
    return { book: bookOf(stores), yaml, namespaces: folders.map(({ namespace }) => namespace), timeZone: timeZone(), now: now() };
  };
  return {
    run: (request, signal) => (stores.engine === undefined ? runScheduler(parts, request, signal) : runOnEngine(parts, stores.engine, request, signal)),
    status: async (paths) => {
      const namespaces = await namespacesIn(paths?.map(there));
      return stores.engine === undefined ? schedulerStatus(stores.embedded(), namespaces, stores.state, now()) : engineStatus(stores.engine, namespaces, now());
    },
    history: async ({ definitionPath, ...request }) => historyOf(await historyParts(definitionPath), request),
    folders: (paths) => namedFolders(parts, paths),
    clearHistory: async ({ definitionPath, ...request }) => clearHistory(await historyParts(definitionPath), request),
    readEnd(text) {
      const instant = instantOf(text, timeZone(), now());
      if (instant !== undefined) return instant;
      throw new JobError({ code: 'ParameterArgumentTransformationError', message: `--until takes a time or a duration, not ${JSON.stringify(text.slice(0, 100))}`, hint: 'write 2027-03-27T02:30, 2027-03-27T02:30:00Z, or 8h for eight hours from now' });
    },
  };
}

function instantOf(text: string, timeZone: string, now: Date): Date | undefined {
  const instant = readInstant(text, timeZone);
  if (instant !== undefined) return instant;
  try {
    return new Date(now.getTime() + parseDuration(text));
  } catch {
    return undefined;
  }
}

/** The code with which a write is refused that another scheduler has been given the right to. */
const FENCED = 'SchedulerAlreadyRunning';
/** Events after which there may be something to tell; what others write down is found within half a minute. */
const TELLING: readonly SchedulerEvent['event'][] = ['ready', 'definition', 'ended', 'skipped', 'clockChanged'];
/** Between two heartbeats, in milliseconds. Source: reliability specification, section 6. */
const HEARTBEAT = 5_000;
/** Between two looks at rows of the history that have become too old or too many, and at the size of the store. */
const PRUNE_PAUSE = 3_600_000;
/** Before the first of them: one that is started anew every hour looks as well. */
const FIRST_PRUNE = 60_000;

/**
 * Owns the namespaces of the definitions and works for them until the signal fires. Jobs that run then go on; the next
 * scheduler adopts them. Throws `SchedulerAlreadyRunning`, also when another one has taken over
 * meanwhile, `StoreOnNetworkFileSystem`, `DirectoryNotFoundException`, `PortInUse`.
 */
export async function runScheduler(parts: SchedulingParts, request: RunSchedulerRequest, signal: AbortSignal): Promise<void> {
  if (request.force !== true) refuseNetwork(parts);
  const folders = await namedFolders(parts, request.definitionPaths);
  const namespaces = [...new Set(folders.map(({ namespace }) => namespace))];
  const store = parts.stores.openEmbedded();
  // A copy in memory would fire everything anew at each start.
  if (!store.lasts) throw readOnly(join(parts.stores.state, 'jobs.db'));
  for (const warning of ignoredVariables(parts.environment, {})) parts.warn(warning);
  const { clock } = parts.core;
  const before = namespaces.map((namespace) => readOwner(store.database, namespace));
  const ownership = takeOwnership({ state: parts.stores.state, database: store.database, namespaces, me: thisProcess(), isAlive, now: () => clock.now().getTime(), force: request.force === true });
  const [ending, lost] = [new AbortController(), new AbortController()];
  const epochs = new Map(namespaces.map((namespace) => [namespace, readOwner(store.database, namespace)?.epoch ?? 0]));
  const metrics = request.metricsPort === undefined ? undefined : createMetering({ port: request.metricsPort, clock, epochs, warn: parts.warn });
  try {
    const report = metrics?.reporting(request.report) ?? request.report;
    const assembled = assemble(parts, { ...request, report }, { folders, namespaces, store, ownership, sinceBoot: before.some((owner) => owner?.process.boot === thisMachine().boot) });
    await metrics?.open(assembled.scheduler);
    if (request.takeOver === true) await assembled.abandonForeign();
    const beside = [beat(parts, ownership, assembled, ending.signal), assembled.telling.run(ending.signal)];
    for (const one of beside) one.catch(() => lost.abort());
    try {
      await assembled.scheduler.run(request, AbortSignal.any([signal, lost.signal]));
      if (request.drain !== undefined && !lost.signal.aborted) await assembled.scheduler.drain(request.drain);
      await assembled.told();
      // Whoever is in a hurry has said so: the next scheduler tells the rest.
      if (!signal.aborted && !lost.signal.aborted) await assembled.telling.settle();
    } finally {
      ending.abort();
      assembled.reserves.close();
      await Promise.all(beside);
    }
  } finally {
    await metrics?.close();
    ownership.release();
  }
}

interface Owned {
  readonly folders: readonly NamedFolder[];
  readonly namespaces: readonly string[];
  readonly store: EmbeddedStore;
  readonly ownership: Ownership;
  readonly sinceBoot: boolean;
}

interface Assembled {
  readonly scheduler: Scheduler;
  readonly reserves: Reserves;
  readonly telling: Telling;
  /** Lets rows of the history go that are too old or too many, and runs for which the store is too small. */
  prune(): Promise<void>;
  /** Resolves when all ends of attempts have been told. */
  told(): Promise<void>;
  /** What another machine left unfinished. */
  abandonForeign(): Promise<void>;
}

function assemble(parts: SchedulingParts, request: RunSchedulerRequest, { folders, namespaces, store, ownership, sinceBoot }: Owned): Assembled {
  const fenced = store.fencedBy(() => ownership.fence());
  const { config } = parts;
  const timeZone = config.timeZone ?? hostZone(parts.environment, parts.warn);
  const yaml = createYamlDefinitions({ ...config, folders: folders.map(({ folder }) => folder), namespaces: new Map(folders.map(({ folder, namespace }) => [folder, namespace])), timeZone, checkTrigger, clock: parts.core.clock, warn: parts.warn });
  const hindrance = lackOfSpace({ folder: parts.stores.state, clock: parts.core.clock, environment: parts.environment });
  const reserves = createReserves(parts.stores.state, () => hindrance() === undefined);
  const core: CoreParts = { ...parts.core, launcher: sparing(parts.core.launcher, reserves) };
  const runs = createTriggeredRuns(core, () => fenced);
  const ownFiles = async (): Promise<DefinitionFiles> => ({ ...(await core.definitions()), source: yaml });
  const telling = createTelling({ ...parts, core: { ...core, definitions: ownFiles }, store: fenced, namespaces, report: request.report, fatal: [FENCED] });
  const firings = openFirings(fenced, parts.stores.parts.ids);
  const found = withSources(yaml, { types: core.types, namespaces, files: sourceFiles(config.safeOwners), clock: core.clock, warn: parts.warn });
  const ownEngine = createRunEngine(fenced, runs, namespaces, request.report);
  const attempts = request.onAttemptEnd === undefined ? undefined : createAttemptEnds({ store: fenced, clock: parts.core.clock, tell: request.onAttemptEnd, failed: (cause) => parts.warn(asJobError(cause)) });
  const engine = attempts?.watching(ownEngine) ?? ownEngine;
  const scheduler: Scheduler = createScheduler({
    clock: parts.core.clock,
    firings,
    definitions: telling.noting(createScheduledDefinitions({ found, folders, isPart: request.lacksPlugins === true || isPartOf(config, folders), timeZone, runs, alone: (act) => aloneSoon(parts.stores.state, core.clock, act) })),
    engine: { ...engine, othersWrote: changesOf(store.database) },
    events: { boot: thisMachine().boot, logOns: () => openLogOns(parts.system) },
    machine: machineProbe(parts.system, parts.core.clock),
    sinceBoot,
    instances: (plan, origin, wait) => runs.instances(plan, origin, wait),
    report(event) {
      // Whoever has read that it is ready may ask for its status.
      if (event.event === 'ready' || event.event === 'definition') say(ownership, scheduler);
      if (event.event === 'trouble') reserves.giveUp(event.error.code);
      attempts?.note(event);
      // The news was written with what the event tells.
      if (TELLING.includes(event.event)) telling.wake();
      request.report(event);
    },
    hindrance,
    fatal: [FENCED],
  });
  return {
    scheduler,
    reserves,
    told: async () => attempts?.told(),
    telling,
    async prune() {
      const { history, historyRows, storeCap } = config.retention ?? retentionOf();
      const now = parts.core.clock.now();
      if (isPlausible(now)) await firings.pruneFirings(now, { kept: history, single: historyRows });
      await pruneToCap(fenced, storeCap);
    },
    async abandonForeign() {
      for (const { run } of await engine.unfinished()) await runs.abandon(run);
    },
  };
}

/** Whether another connection has committed since the last call; the first says what was before. Source: sqlite.org/pragma.html#pragma_data_version. */
function changesOf(database: EmbeddedStore['database']): () => boolean {
  const ask = database.prepare('PRAGMA data_version');
  let seen: unknown;
  return () => {
    const { data_version: version } = ask.get() as { readonly data_version: number };
    const isNew = seen !== version;
    seen = version;
    return isNew;
  };
}

/** Says now and then that the scheduler is there, and looks after what it keeps. Ends with the signal; throws when another one has taken over. */
async function beat({ core: { clock }, system }: SchedulingParts, ownership: Ownership, { scheduler, reserves, prune }: Assembled, signal: AbortSignal): Promise<void> {
  const alarm = createWakeAlarm(system, () => clock.now());
  let nextPrune = clock.monotonic() + FIRST_PRUNE;
  while (!signal.aborted) {
    try {
      say(ownership, scheduler);
      if (clock.monotonic() >= nextPrune) {
        nextPrune = clock.monotonic() + PRUNE_PAUSE;
        await prune();
      }
    } catch (cause) {
      // A full disk must not end what it merely delays; the scheduler itself says so.
      if (!isJobError(cause) || cause.code === FENCED) throw cause;
    }
    reserves.keep();
    alarm.set(scheduler.facts().nextWakeAt);
    await clock.sleep(HEARTBEAT, signal).catch(() => {});
  }
  // Nobody would be there to fire anything.
  alarm.set(undefined);
}

/** A start for which the system has too little left gets what was put by, and is tried again. */
function sparing(launcher: JobLauncher, reserves: Reserves): JobLauncher {
  return {
    ...launcher,
    async launch(...args) {
      const launched = await launcher.launch(...args);
      if ('failed' in launched && launched.scarce === true) reserves.giveUp('EMFILE');
      return launched;
    },
  };
}

function say(ownership: Ownership, scheduler: Scheduler): void {
  const { lag, running: _, nextWakeAt: __, ...facts } = scheduler.facts();
  ownership.heartbeat({ ...facts, lagMs: lag });
}

function refuseNetwork({ stores, system }: SchedulingParts): void {
  const mount = networkFileSystem(stores.state, system);
  if (mount === undefined) return;
  throw new JobError({ code: 'StoreOnNetworkFileSystem', message: `${stores.state} lies on ${mount.at}, a network file system (${mount.type}), on which the store may be damaged`, hint: 'export NIGHTSHIFT_STATE_DIR=FOLDER, or nightshift scheduler run --force' });
}
