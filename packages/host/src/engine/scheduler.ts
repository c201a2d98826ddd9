/**
 * A scheduler on an engine: one of any number. It decides what is due as any other does, and the engine sees to it that each due
 * time gets one word, whoever decides first; so nobody owns a namespace, and there is nothing to take over. What it starts goes
 * into the queue of the engine with the word itself, and workers do the rest.
 *
 * What belongs to one machine has no meaning here, and is told rather than done: its log-ons and its boot, its battery and its
 * user, the news for hooks, which are kept in a store of that machine.
 */
import { createTriggeredRuns } from '@nightshift/core';
import { createYamlDefinitions, sourceFiles } from '@nightshift/definitions';
import { checkTrigger, createScheduler, createTroubles, type Report, type Scheduler, type Troubles } from '@nightshift/scheduler';
import { isBroken, isJobError, JobError, type Clock } from '@nightshift/sdk';
import { stateFolder } from '@nightshift/store';
import { NO_MACHINE } from '../conditions/no-machine.ts';
import { hostZone } from '../host-zone.ts';
import { createMetering } from '../metrics/metering.ts';
import { aloneSoon } from '../scheduled-jobs/edit-lock.ts';
import { asJobError } from '../scheduler/as-job-error.ts';
import { createAttemptEnds } from '../scheduler/attempt-ends.ts';
import { isPartOf, namedFolders } from '../scheduler/named-folders.ts';
import { createScheduledDefinitions, type NamedFolder } from '../scheduler/scheduled-definitions.ts';
import type { RunSchedulerRequest, SchedulingParts } from '../scheduler/scheduling-parts.ts';
import { withSources, type ManyDefinitions } from '../scheduler/with-sources.ts';
import { isHere, schedulerFacts, schedulerIn } from './beacon.ts';
import type { OpenedEngine } from './open-engine.ts';
import { waitBeyond, waitFor } from './patience.ts';
import { createRemoteRuns } from './remote-runs.ts';
import { tellingLate } from './telling-late.ts';
import { askedInVain, withoutMachine } from './without-machine.ts';

/** Between two signs of life, in milliseconds. */
const HEARTBEAT = 5_000;
/** What the last steps may take, in milliseconds. */
const LAST = 5_000;
/** No boot of any machine: what waits for one waits for ever. */
const NO_BOOT = 'engine';

/** Works for the namespaces of the definitions until the signal fires. Throws `DirectoryNotFoundException`, `PortInUse`, what keeps the engine from being used at the start. */
export async function runOnEngine(parts: SchedulingParts, opened: OpenedEngine, request: RunSchedulerRequest, signal: AbortSignal): Promise<void> {
  const folders = await namedFolders(parts, request.definitionPaths);
  const namespaces = [...new Set(folders.map(({ namespace }) => namespace))];
  const { core, warn } = parts;
  tellWhatIsLeftOut(parts, opened, request);
  stateFolder(parts.stores.state);
  const metrics = request.metricsPort === undefined ? undefined : createMetering({ port: request.metricsPort, clock: core.clock, epochs: new Map(), warn });
  const report = metrics?.reporting(request.report) ?? request.report;
  const ending = new AbortController();
  try {
    const { scheduler, told } = assemble(parts, opened, { ...request, report }, folders, namespaces);
    await metrics?.open(scheduler);
    // Whoever cannot reach the engine at the start is told so at once, rather than every second.
    await sayHere(opened, namespaces);
    const beating = beat(parts, opened, namespaces, createTroubles(report, []), ending.signal);
    try {
      // What it was about to write is written or not, as if it had been killed.
      await waitBeyond(core.clock, scheduler.run(request, signal), signal, LAST);
      if (request.drain !== undefined) await scheduler.drain(request.drain);
      await told();
    } finally {
      ending.abort();
      await waitFor(core.clock, beating, LAST);
    }
  } finally {
    await metrics?.close();
  }
}

function assemble(parts: SchedulingParts, { engine, store }: OpenedEngine, request: RunSchedulerRequest, folders: readonly NamedFolder[], namespaces: readonly string[]): { readonly scheduler: Scheduler; readonly told: () => Promise<void> } {
  const { config, core, stores, warn } = parts;
  const timeZone = config.timeZone ?? hostZone(parts.environment, warn);
  const yaml = createYamlDefinitions({ ...config, folders: folders.map(({ folder }) => folder), namespaces: new Map(folders.map(({ folder, namespace }) => [folder, namespace])), timeZone, checkTrigger, clock: core.clock, warn });
  const found = ofNoMachine(withSources(yaml, { types: core.types, namespaces, files: sourceFiles(config.safeOwners), clock: core.clock, warn }), warn);
  const runs = createTriggeredRuns(core, () => store);
  const definitions = createScheduledDefinitions({ found, folders, isPart: request.lacksPlugins === true || isPartOf(config, folders), timeZone, runs, alone: (act) => aloneSoon(stores.state, core.clock, act) });
  const say = sayingOthers(engine, namespaces, core.clock, request.report);
  const attempts = request.onAttemptEnd === undefined ? undefined : createAttemptEnds({ store, clock: core.clock, tell: request.onAttemptEnd, failed: (cause) => warn(asJobError(cause)) });
  const remote = createRemoteRuns(store, runs, namespaces, core.clock, request.report);
  const scheduler = createScheduler({
    clock: core.clock,
    firings: engine.firings,
    definitions,
    engine: attempts?.watching(remote) ?? remote,
    events: { boot: NO_BOOT, logOns: () => [] },
    machine: NO_MACHINE,
    sinceBoot: true,
    instances: (plan, origin, wait) => runs.instances(plan, origin, wait),
    report(event) {
      attempts?.note(event);
      say(event);
    },
    fatal: [],
  });
  return { scheduler, told: async () => attempts?.told() };
}

/** Who has read another version of a definition is not written down; who may have is. */
function sayingOthers({ queue }: OpenedEngine['engine'], namespaces: readonly string[], clock: Clock, report: Report): Report {
  const others = async (): Promise<readonly string[]> => {
    const own = namespaces.map((namespace) => schedulerFacts(namespace).name);
    return (await queue.hosts()).filter((host) => isHere(host, clock.now()) && !own.includes(host.name)).flatMap((host) => schedulerIn(host, namespaces) ?? []);
  };
  return (event) => (event.event === 'differs' ? void others().catch(() => []).then((known) => report({ ...event, others: known })) : report(event));
}

/** Says now and then that this scheduler is there. What keeps it from that is told by the scheduler itself, but for a server that only is silent. */
async function beat({ core: { clock } }: SchedulingParts, opened: OpenedEngine, namespaces: readonly string[], troubles: Troubles, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tellingLate(troubles, clock, 'beat', () => sayHere(opened, namespaces)).catch((cause: unknown) => (isJobError(cause) ? undefined : Promise.reject(cause as Error)));
    troubles.pass('beat');
    await clock.sleep(HEARTBEAT, signal).catch(() => {});
  }
}

async function sayHere({ engine }: OpenedEngine, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) await engine.queue.register(schedulerFacts(namespace));
}

function tellWhatIsLeftOut({ config, warn }: SchedulingParts, { name }: OpenedEngine, { takeOver }: RunSchedulerRequest): void {
  const say = (what: string, hint?: string): void => warn(new JobError({ code: 'NotSupportedOnEngine', message: `${what} with the engine ${name}`, ...(hint === undefined ? {} : { hint }) }));
  if (config.hooks !== undefined) say('hooks are told nothing', 'let a definition of its own look at nightshift history, or have the command tell');
  if (config.retention !== undefined) say('"retention" says nothing', 'the engine has an option of its own for how long it keeps what it knows');
  if (takeOver === true) say('--take-over has nothing to take over', 'what a lost worker was running is judged by the others');
}

/** The same definitions without what they ask of a machine; of each that does it is told, once. */
function ofNoMachine(all: ManyDefinitions, warn: (warning: JobError) => void): ManyDefinitions {
  const told = new Set<string>();
  return {
    ...all,
    async *list(path, options) {
      for await (const found of all.list(path, options)) {
        if (isBroken(found)) {
          yield found;
          continue;
        }
        const { definition, asks } = withoutMachine(found);
        const text = askedInVain(found.name, asks);
        if (asks.length > 0 && !told.has(text)) warn(new JobError({ code: 'NotSupportedOnEngine', message: text }));
        told.add(text);
        yield definition;
      }
    },
  };
}
