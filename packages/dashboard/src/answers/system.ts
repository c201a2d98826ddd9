/** The screen System. What takes long is looked at once in a while, and told as it was then. */
import type { Finding, StoreFacts, SurveyedScheduler } from '@nightshift/host';
import { isJobError } from '@nightshift/sdk';
import type { HostRow, JobTypeRow, PluginRow, StoreRow, System, TrustRow } from '../api.ts';
import type { Desk } from '../desk.ts';
import { schedulerState } from './now.ts';
import { pathFrom } from './path-from.ts';

/** How long a look at the sizes of the stores, and one at the machine, are believed. */
const BELIEVED = 60_000;
/** How long whoever asks waits for a look that has not been taken yet. */
const PATIENCE = 200;
const QUARANTINED = 200;
const DAY = 86_400_000;

export interface SystemLooks {
  /** Bytes of output by kind of store; undefined: they are still being summed up. */
  outputBytes(): Promise<ReadonlyMap<string, number> | undefined>;
  findings(): Promise<readonly Finding[] | undefined>;
}

export function createSystemLooks({ survey, host, warn }: Desk): SystemLooks {
  return {
    outputBytes: remembered(survey.clock, warn, async () => new Map(await Promise.all((await survey.stores()).map(async ({ kind, outputBytes }) => [kind, await outputBytes()] as const)))),
    // A look at every run takes as long as there are runs: that is for nightshift doctor.
    findings: remembered(survey.clock, warn, async () => (await host.doctor()).examine({ quick: true })),
  };
}

/** What was seen last is told at once, and looked at anew behind it; the first look is waited for, but not long. */
function remembered<T>(clock: Desk['survey']['clock'], warn: Desk['warn'], look: () => Promise<T>): () => Promise<T | undefined> {
  let seen: { readonly at: number; readonly value: T } | undefined;
  let looking: Promise<void> | undefined;
  return async () => {
    if (seen === undefined || clock.monotonic() - seen.at > BELIEVED) {
      looking ??= look().then((value) => void (seen = { at: clock.monotonic(), value }), warn).finally(() => (looking = undefined));
    }
    if (seen === undefined && looking !== undefined) await Promise.race([looking, clock.sleep(PATIENCE)]);
    return seen?.value;
  };
}

export async function answerSystem(desk: Desk, looks: SystemLooks): Promise<System> {
  const { survey, host, version } = desk;
  const now = survey.clock.now();
  const [scheduler, stores, outputBytes, findings, trust] = await Promise.all([survey.scheduler(), survey.stores(), looks.outputBytes(), looks.findings(), trustRows(desk)]);
  return {
    apiVersion: 1,
    at: now.toISOString(),
    version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    scheduler: {
      ...schedulerState(scheduler),
      heartbeatAt: scheduler.heartbeatAt?.toISOString() ?? null,
      definitions: scheduler.definitions,
      triggers: scheduler.triggers,
      runningJobs: scheduler.runningJobs,
      waiting: scheduler.waiting,
      telling: { waiting: scheduler.telling.waiting, failed: scheduler.telling.failed },
    },
    hosts: hostRows(scheduler),
    plugins: pluginRows(desk),
    jobTypes: host.jobTypes.map(({ type, plugin }): JobTypeRow => ({ name: type.name, plugin: plugin.name, description: type.description ?? '', form: type.runs, capabilities: Object.entries(type.capabilities ?? {}).filter(([, can]) => can === true).map(([name]) => name) })),
    stores: stores.map((facts) => storeRow(desk, facts, outputBytes?.get(facts.kind))),
    looking: outputBytes === undefined || findings === undefined,
    quarantined: quarantinedOf(desk),
    trust,
    clock: clockOf(desk, now),
    findings: (findings ?? []).map(({ subject, state, text, fix }) => ({ subject, verdict: state === 'warning' ? 'doubtful' : state, text, fix: fix ?? null })),
  };
}

/** Those that work for an engine, or this machine alone. */
function hostRows({ engine, runningJobs, heartbeatAt }: SurveyedScheduler): readonly HostRow[] {
  if (engine === undefined) return [{ name: 'localhost', routes: ['default'], slots: null, running: runningJobs, lastSeen: heartbeatAt?.toISOString() ?? null }];
  return engine.workers.map(({ name, routes, slots, running, lastSeen }) => ({ name, routes, slots, running, lastSeen: lastSeen.toISOString() }));
}

/** Of the configuration; nothing of them is loaded. */
function pluginRows({ survey, host }: Desk): readonly PluginRow[] {
  const builtIn = Map.groupBy(host.jobTypes, ({ plugin }) => plugin.name);
  const own = [...builtIn].map(([name, types]): PluginRow => ({ name, version: types[0]?.plugin.version ?? null, contract: null, path: types[0]?.plugin.module ?? null, state: 'built in', types: types.map(({ type }) => type.name), problem: null }));
  const { trust, trusted } = survey.configuration;
  const others = (trust?.changes ?? []).flatMap(({ name, word, now }): readonly PluginRow[] => {
    if (now === undefined) return [];
    const problem = 'fault' in now ? now.fault : null;
    const state = problem !== null ? 'lost' : word === 'changed' ? 'changed' : trusted ? 'trusted' : 'not trusted';
    return [{ name, version: 'version' in now ? now.version : null, contract: null, path: 'path' in now ? now.path : null, state, types: [], problem }];
  });
  return [...own.map((row) => ({ ...row, contract: 1 })), ...others];
}

function storeRow({ survey }: Desk, { kind, place, indexBytes, finishedJobs, unfinishedJobs }: StoreFacts, outputBytes: number | undefined): StoreRow {
  const { storeCap, history, historyRows } = survey.retention;
  const retention = kind === 'durable'
    ? [`each definition keeps its last runs: maxResultCount, by default 32`, `at most ${(storeCap / 1e9).toFixed(1)} GB of runs`, `due times for ${Math.round(history / DAY)} days, the last ${historyRows} of each trigger one by one`]
    : ['until the machine is started anew'];
  return { kind, place, exists: true, indexBytes: indexBytes ?? null, outputBytes: outputBytes ?? null, finishedJobs, unfinishedJobs, retention };
}

function quarantinedOf({ survey }: Desk): System['quarantined'] {
  const broken = [...survey.definitions.all.values()].filter(({ errors }) => errors.length > 0);
  const files = broken.slice(0, QUARANTINED).map(({ file, errors }) => ({ file: pathFrom(survey.project, file), why: `${errors[0]?.code}: ${errors[0]?.message}`, at: null }));
  const { problem } = survey.definitions;
  return problem === undefined ? files : [{ file: survey.folders.map(({ folder }) => folder).join(', '), why: `${problem.code}: ${problem.message}`, at: null }, ...files];
}

async function trustRows({ host, survey }: Desk): Promise<readonly TrustRow[]> {
  try {
    const keeper = await host.trust();
    const here = await keeper.examine(survey.project);
    const listed = await keeper.list();
    const all = [...(here.asks ? [here] : []), ...listed.filter(({ folder }) => folder !== here.folder)];
    return all.map(({ folder, standing, changes, keys }) => ({ folder, standing, words: [...keys.map((key) => `key ${key}`), ...changes.map(({ name, word }) => `plugin ${name}: ${word}`)].join(', ') }));
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    return [{ folder: survey.project, standing: 'untrusted', words: `${cause.code}: ${cause.message}` }];
  }
}

function clockOf({ survey }: Desk, now: Date): System['clock'] {
  const { timeZone, time } = survey;
  return { now: now.toISOString(), timeZone, offsetMinutes: offsetOf(time.write(now, timeZone)), nextChange: nextChange(survey, now), tzdata: process.versions['tz'] ?? 'unknown' };
}

function offsetOf(local: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(local) ?? [];
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Within a year, to the minute: the first day on which the wall clock is another one, then halved. */
function nextChange({ time, timeZone }: Desk['survey'], now: Date): System['clock']['nextChange'] {
  for (let day = 0; day < 366; day += 1) {
    let [before, after] = [now.getTime() + day * DAY, now.getTime() + (day + 1) * DAY];
    const change = time.change(timeZone, new Date(before), new Date(after));
    if (change === undefined) continue;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (time.change(timeZone, new Date(before), new Date(middle)) === undefined) before = middle;
      else after = middle;
    }
    return { at: new Date(after).toISOString(), words: `clocks go from ${change.from.slice(11, 16)} to ${change.to.slice(11, 16)}` };
  }
  return null;
}
