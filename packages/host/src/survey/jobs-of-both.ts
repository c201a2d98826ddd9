/** The jobs of both stores as one list, newest first, in pieces: there may be a million of them. */
import { lookAt, type CoreParts, type JobView, type LookedAt } from '@nightshift/core';
import { FINISHED_STATES, isJobError, JOB_STATES, matchesWildcard, type Instance, type InstanceQuery, type JobError, type JobState, type JobStore, type LastEnd } from '@nightshift/sdk';

/** A job with what a list shows, as it is now. */
export interface SurveyedJob {
  readonly view: JobView;
  readonly instance: Instance;
  readonly children: readonly Instance[];
  readonly below: readonly Instance[];
  readonly store: JobStore;
}

/** Which jobs of those without a parent. Members narrow. */
export interface JobsQuestion {
  /** Wildcards, without case. */
  readonly name?: string;
  /** Key of a definition. */
  readonly definition?: string;
  readonly states?: readonly JobState[];
  /** Wildcards, without case. */
  readonly type?: string;
  readonly origin?: 'demand' | 'trigger';
  /** Ended at this instant or later, or not yet. */
  readonly since?: Date;
  /** Only ids below it. */
  readonly before?: number;
  /** At most so many. */
  readonly limit: number;
}

/** `next`: ask for ids below it to go on, even where nothing was found this time; undefined: that was all. */
export interface JobsPiece {
  readonly jobs: readonly SurveyedJob[];
  readonly next: number | undefined;
  /** What one of the stores has against being read; the other one is shown. */
  readonly problems: readonly JobError[];
}

export interface BothStores {
  /** Those that can be opened, the durable one first. */
  stores(): { readonly stores: readonly JobStore[]; readonly problems: readonly JobError[] };
  /** In descending id order. Not more than some thousand rows are looked through for one piece. */
  page(question: JobsQuestion): Promise<JobsPiece>;
  /** Any instances, of both stores, as they are in the index. */
  find(query: InstanceQuery): Promise<readonly { readonly instance: Instance; readonly store: JobStore }[]>;
  count(query: InstanceQuery): Promise<number>;
  /** As people see them; what has happened to unfinished runs is found out and written down. */
  lookAt(found: readonly { readonly instance: Instance; readonly store: JobStore }[]): Promise<readonly SurveyedJob[]>;
  latestOf(definitionKeys: readonly string[], each: number): Promise<ReadonlyMap<string, readonly Instance[]>>;
  lastEnds(definitionKeys: readonly string[]): Promise<ReadonlyMap<string, LastEnd>>;
}

/** Ids that are looked through for one piece where no index helps. */
const WINDOW = 2_000;
const UNFINISHED = JOB_STATES.filter((state) => !FINISHED_STATES.includes(state));

export function jobsOfBoth(core: CoreParts): BothStores {
  const stores = (): ReturnType<BothStores['stores']> => {
    const opened: JobStore[] = [];
    const problems: JobError[] = [];
    for (const open of [() => core.stores.durable(), () => core.stores.session()]) {
      try {
        const store = open();
        if (store !== undefined) opened.push(store);
      } catch (cause) {
        if (!isJobError(cause)) throw cause;
        problems.push(cause as JobError);
      }
    }
    return { stores: opened, problems };
  };
  const find: BothStores['find'] = async (query) => {
    const found = await Promise.all(stores().stores.map(async (store) => narrowed(await store.find(query), query).map((instance) => ({ instance, store }))));
    return found.flat().toSorted((a, b) => a.instance.id - b.instance.id);
  };
  const looked: BothStores['lookAt'] = async (found) => (await lookAt(core, found)).jobs.map(surveyed);
  return {
    stores,
    find,
    lookAt: looked,
    async page(question) {
      const { found, next } = await search(find, question);
      return { jobs: await looked(found), next, problems: stores().problems };
    },
    async count(query) {
      const counts = await Promise.all(stores().stores.map((store) => store.count(query)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async lastEnds(keys) {
      const ends = new Map<string, LastEnd>();
      for (const store of keys.length === 0 ? [] : stores().stores) {
        for (const [key, end] of await lastEndsIn(store, keys)) if (end.endTime > (ends.get(key)?.endTime ?? new Date(0))) ends.set(key, end);
      }
      return ends;
    },
    async latestOf(keys, each) {
      const found = await Promise.all(keys.length === 0 ? [] : stores().stores.map((store) => latestIn(store, keys, each)));
      const of = (key: string): readonly Instance[] => found.flatMap((latest) => latest.get(key) ?? []).toSorted((a, b) => Number(b.endTime) - Number(a.endTime) || b.id - a.id);
      return new Map(keys.map((key) => [key, of(key).slice(0, each)]));
    },
  };
}

/** An engine of an older contract leaves out of a question what it does not know, and answers with more than was asked for. */
function narrowed(rows: readonly Instance[], { before = Infinity, definitionKeys, endedSince, last }: InstanceQuery): readonly Instance[] {
  const fitting = rows.filter(({ id, definition, endTime }) => id < before && (definitionKeys?.includes(definition?.key ?? '') ?? true) && (endedSince === undefined || (endTime !== undefined && endTime >= endedSince)));
  return last === undefined ? fitting : fitting.slice(Math.max(0, fitting.length - last));
}

async function latestIn(store: JobStore, keys: readonly string[], each: number): Promise<ReadonlyMap<string, readonly Instance[]>> {
  if (store.latestOf !== undefined) return store.latestOf(keys, each);
  return new Map(await Promise.all(keys.map(async (key) => [key, (await store.find({ definitions: [key], newest: each })).toSorted((a, b) => Number(b.endTime) - Number(a.endTime) || b.id - a.id)] as const)));
}

async function lastEndsIn(store: JobStore, keys: readonly string[]): Promise<ReadonlyMap<string, LastEnd>> {
  if (store.lastEnds !== undefined) return store.lastEnds(keys);
  return new Map([...(await latestIn(store, keys, 1))].flatMap(([key, [last]]) => (last?.endTime === undefined ? [] : [[key, { state: last.state, endTime: last.endTime }] as const])));
}

function surveyed({ view, instance, children, below = children, store }: LookedAt): SurveyedJob {
  return { view, instance, children, below, store };
}

type Found = Awaited<ReturnType<BothStores['find']>>;

/** Rows that fit, newest id first. What an index narrows is asked for at once; for the rest a window of ids is looked through. */
async function search(find: BothStores['find'], question: JobsQuestion): Promise<{ readonly found: Found; readonly next: number | undefined }> {
  const { name, definition, states, since, before, limit } = question;
  const query: InstanceQuery = {
    topLevel: true,
    ...(definition === undefined ? {} : { definitionKeys: [definition] }),
    ...(states === undefined ? {} : { states }),
    ...(before === undefined ? {} : { before }),
    ...(name === undefined || /[*?[]/.test(name) ? {} : { names: [name] }),
  };
  if (since !== undefined) return sinceThen(find, query, question, since);
  const isIndexed = definition !== undefined || query.names !== undefined || states?.every((state) => UNFINISHED.includes(state)) === true;
  // Beyond what the index knows, only the type and the origin are left to be looked at: pieces of the list.
  const piece = isIndexed ? await byIndex(find, query, question) : await byWindow(find, query, question);
  const page = piece.rows.slice(0, limit);
  return { found: page, next: piece.rows.length > limit ? page.at(-1)?.instance.id : piece.next };
}

async function byIndex(find: BothStores['find'], query: InstanceQuery, question: JobsQuestion): Promise<{ readonly rows: Found; readonly next: number | undefined }> {
  const last = question.limit + 1;
  // The two indexes on definitions hold one half each.
  const halves: readonly InstanceQuery[] = query.definitionKeys === undefined || query.states !== undefined ? [query] : [{ ...query, states: UNFINISHED }, { ...query, states: FINISHED_STATES }];
  const found = (await Promise.all(halves.map((half) => find({ ...half, last })))).flat();
  // Beyond the highest so many, those of the other half or the other store may be missing.
  const rows = newestFirst(found).slice(0, last);
  return { rows: rows.filter((row) => fits(row.instance, question)), next: rows.length < last ? undefined : rows.at(-1)?.instance.id };
}

async function byWindow(find: BothStores['find'], query: InstanceQuery, question: JobsQuestion): Promise<{ readonly rows: Found; readonly next: number | undefined }> {
  const isPlain = question.states === undefined && question.name === undefined && question.type === undefined && question.origin === undefined;
  if (isPlain) {
    const rows = newestFirst(await find({ ...query, last: question.limit + 1 })).slice(0, question.limit + 1);
    return { rows, next: undefined };
  }
  const top = query.before ?? ((await highest(find)) ?? 0) + 1;
  const above = Math.max(0, top - WINDOW - 1);
  const rows = newestFirst(await find({ ...query, before: top, above })).filter((row) => fits(row.instance, question));
  // Between the jobs of an engine and those of the machine there are a million ids that nobody has.
  const rest = await highest(find, above + 1);
  return { rows, next: rest === undefined ? undefined : rest + 1 };
}

async function highest(find: BothStores['find'], before?: number): Promise<number | undefined> {
  return (await find({ topLevel: true, last: 1, ...(before === undefined ? {} : { before }) })).at(-1)?.instance.id;
}

/** The index on ends is a short way to what has ended lately; what has not ended comes first. */
async function sinceThen(find: BothStores['find'], query: InstanceQuery, question: JobsQuestion, since: Date): Promise<{ readonly found: Found; readonly next: number | undefined }> {
  const { states, limit } = question;
  const wants = (wanted: readonly JobState[]): boolean => states === undefined || states.some((state) => wanted.includes(state));
  const unfinished = wants(UNFINISHED) ? await find({ ...query, states: states?.filter((state) => UNFINISHED.includes(state)) ?? UNFINISHED }) : [];
  const finished = wants(FINISHED_STATES) ? await find({ ...query, states: states?.filter((state) => FINISHED_STATES.includes(state)) ?? FINISHED_STATES, endedSince: since, last: limit + 1 }) : [];
  const rows = newestFirst([...unfinished, ...finished]).filter((row) => fits(row.instance, question));
  const page = rows.slice(0, limit);
  return { found: page, next: rows.length > limit ? page.at(-1)?.instance.id : undefined };
}

function newestFirst(found: Found): Found {
  return found.toSorted((a, b) => b.instance.id - a.instance.id);
}

function fits({ name, type, origin }: Instance, question: JobsQuestion): boolean {
  if (question.name !== undefined && !matchesWildcard(question.name, name)) return false;
  if (question.type !== undefined && !matchesWildcard(question.type, type)) return false;
  return question.origin === undefined || origin.kind === question.origin;
}
