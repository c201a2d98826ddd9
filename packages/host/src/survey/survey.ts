/**
 * What a dashboard asks: everything that the verbs know, in pieces that are small whatever the number of definitions, jobs and
 * due times. Nothing here is cached but definitions; a store is asked by its indexes. Loaded by who asks for it.
 */
import { dirname } from 'node:path';
import type { CoreParts } from '@nightshift/core';
import { createYamlDefinitions, projectRoot, sourceFiles } from '@nightshift/definitions';
import { checkTrigger, clockChange, randomDelay, readInstant, writeInstant, type ClockChange } from '@nightshift/scheduler';
import type { Clock, Cursor, Firing, FiringQuery, Instance, JobStore, ReadResult, StreamName, TriggerClock } from '@nightshift/sdk';
import { readOwner } from '@nightshift/store';
import type { Config, ConfigReport } from '../config/read-config.ts';
import { retentionOf, type Retention } from '../config/retention.ts';
import { bookOf } from '../durable-book.ts';
import { hostZone } from '../host-zone.ts';
import type { NamedFolder } from '../scheduler/scheduled-definitions.ts';
import type { SchedulerStatus } from '../scheduler/status.ts';
import { withSources } from '../scheduler/with-sources.ts';
import type { HostStores } from '../stores.ts';
import type { WireRequest } from '../container.ts';
import { countFirings, findFirings } from './count-firings.ts';
import { jobsOfBoth, type BothStores } from './jobs-of-both.ts';
import { createKnownDefinitions, type KnownDefinitions } from './known-definitions.ts';
import { createLogs, unreadable, wordsOf, type LogPlace, type Logs } from './log.ts';
import { MOST_MISSED, runMissed, type DueTimeOfTrigger } from './run-missed.ts';
import { changesOf, isEmbedded } from './store-changes.ts';
import { factsOfStore, type StoreFacts } from './store-facts.ts';

export interface Survey {
  readonly clock: Clock;
  /** Of the configuration, else of the machine. */
  readonly timeZone: string;
  /** The folder of the project; where there is none, that of the definitions. */
  readonly project: string;
  /** The state folder. */
  readonly state: string;
  readonly folders: readonly NamedFolder[];
  readonly definitions: KnownDefinitions;
  readonly jobs: BothStores;
  readonly logs: Logs;
  /** Due times that have their word, newest first; none where nothing was ever kept. */
  firings(query: FiringQuery): Promise<readonly Firing[]>;
  countFirings(query: Omit<FiringQuery, 'limit'>): Promise<number>;
  clocks(definitionKeys?: readonly string[]): Promise<readonly TriggerClock[]>;
  scheduler(): Promise<SurveyedScheduler>;
  /** Whether anything was written into a store since the last call; the first call says yes. */
  hasChanged(): boolean;
  /** Records after a cursor, masked; nothing is consumed. */
  records(run: { readonly instance: Instance; readonly store: JobStore }, after: Cursor, streams: readonly StreamName[], limit: number): Promise<ReadResult>;
  /** A value as one line of text. */
  wordsOf(value: unknown): string;
  stores(): Promise<readonly StoreFacts[]>;
  readonly retention: Retention;
  readonly configuration: ConfigReport;
  runMissed(definition: string, dueTimes: readonly DueTimeOfTrigger[]): Promise<readonly Instance[]>;
  readonly mostMissed: number;
  /** The arithmetic of due times, and of clocks on walls. */
  readonly time: {
    /** Undefined where it is no time. */
    read(text: string, timeZone: string): Date | undefined;
    write(instant: Date, timeZone: string): string;
    change(timeZone: string, after: Date, until: Date): ClockChange | undefined;
    delay(definitionKey: string, triggerId: number, dueAt: Date, most: number): number;
  };
}

/** What is known of the scheduler without asking it. */
export interface SurveyedScheduler extends SchedulerStatus {
  readonly heartbeatAt: Date | undefined;
}

export interface SurveyParts extends Pick<WireRequest, 'environment' | 'types' | 'warn'> {
  readonly core: CoreParts;
  readonly stores: HostStores;
  readonly config: Config;
  readonly configuration: ConfigReport;
  readonly folders: readonly NamedFolder[];
  /** What is known of the scheduler, on this machine or on an engine. */
  readonly status: () => Promise<SchedulerStatus>;
}

/** Begins to read definitions at once, and watches them until the signal fires. */
export async function createSurvey(parts: SurveyParts, signal: AbortSignal): Promise<Survey> {
  const { core, stores, config, folders, types, warn } = parts;
  const { clock } = core;
  const timeZone = config.timeZone ?? hostZone(parts.environment, warn);
  const namespaces = [...new Set(folders.map(({ namespace }) => namespace))];
  const yaml = createYamlDefinitions({ ...config, checkTrigger, clock, warn, namespaces: new Map(folders.map(({ folder, namespace }) => [folder, namespace])) });
  const found = withSources(yaml, { types, namespaces, files: sourceFiles(config.safeOwners), clock, warn });
  const first = (folders[0] as NamedFolder).folder;
  const logs = createLogs(core);
  return {
    clock,
    timeZone,
    project: (await projectRoot(first).catch(() => undefined)) ?? dirname(first),
    state: stores.state,
    folders,
    definitions: createKnownDefinitions({ found, names: () => yaml.names(undefined), folders, types, clock, timeZone, warn }, signal),
    jobs: jobsOfBoth(core),
    logs,
    async firings(query) {
      const book = bookOf(stores);
      return book === undefined ? [] : findFirings(book.firings, query);
    },
    async countFirings(query) {
      const book = bookOf(stores);
      return book === undefined ? 0 : countFirings(book.firings, query);
    },
    clocks: async (keys) => (await bookOf(stores)?.firings.clocks(keys)) ?? [],
    async scheduler() {
      const store = bookOf(stores)?.store;
      const beats = isEmbedded(store) ? namespaces.flatMap((namespace) => readOwner(store.database, namespace)?.heartbeatAt ?? []) : [];
      return { ...(await parts.status()), heartbeatAt: beats.toSorted((a, b) => b.getTime() - a.getTime())[0] };
    },
    hasChanged: changesOf(() => [stores.session(), stores.durable()]),
    async records({ instance, store }, after, streams, limit) {
      const read = await store.read(instance, { after, streams, limit }).catch((cause: unknown): never => {
        throw unreadable(instance, 'records', cause);
      });
      return { ...read, records: await logs.maskedRecords(instance, read.records) };
    },
    wordsOf,
    async stores() {
      const all = [stores.durable(), stores.session()].filter(isEmbedded);
      return Promise.all(all.map((store) => factsOfStore(store)));
    },
    retention: config.retention ?? retentionOf(),
    configuration: parts.configuration,
    runMissed: (definition, dueTimes) => runMissed({ core, stores, yaml, timeZone }, definition, dueTimes),
    mostMissed: MOST_MISSED,
    time: { read: readInstant, write: writeInstant, change: clockChange, delay: randomDelay },
  };
}

export type { LogPlace };
