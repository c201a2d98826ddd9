/**
 * The definitions of the configured folders, kept in memory and small: whoever looks at ten thousand of them every few seconds
 * cannot read ten thousand files. They are read once, in the background, and from then on a watcher says which have changed.
 * Nothing of what is read is run, and no plugin is loaded.
 */
import { dirname, relative, resolve, sep } from 'node:path';
import { quoted, type Registry } from '@nightshift/core';
import { definitionKey } from '@nightshift/definitions';
import { openTrigger, type OpenTrigger } from '@nightshift/scheduler';
import { asciiLower, isBroken, isJobError, type BrokenDefinition, type Clock, type Definition, type JobError, type JobErrorFacts } from '@nightshift/sdk';
import { judgeDefinition } from '../judge-definition.ts';
import { idOf } from '../scheduled-jobs/trigger-view.ts';
import { asJobError } from '../scheduler/as-job-error.ts';
import type { NamedFolder } from '../scheduler/scheduled-definitions.ts';
import type { ManyDefinitions } from '../scheduler/with-sources.ts';
import { breathe } from './breathe.ts';

/** A definition as it is remembered. Of one that cannot be used `errors` says why. */
export interface KnownDefinition {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** Its file, absolute; of a definition that a job type brings, what that says of its place. */
  readonly file: string;
  /** The folder of the file, absolute. */
  readonly folder: string;
  /** Where its text begins, or where its first error is; from 1. */
  readonly line: number;
  readonly type: string | undefined;
  readonly description: string;
  /** As it is written; empty where that says nothing. */
  readonly command: string;
  readonly enabled: boolean;
  readonly maxResultCount: number | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly triggers: readonly KnownTrigger[];
  readonly errors: readonly JobErrorFacts[];
  readonly warnings: readonly JobErrorFacts[];
}

export interface KnownTrigger {
  readonly id: number;
  readonly enabled: boolean;
  readonly opened: OpenTrigger;
  /** From when on it counts. */
  readonly knownSince: Date;
  /** As it is written. */
  readonly entry: unknown;
  readonly timeZone: string;
}

/** What there is now. */
export interface KnownDefinitions {
  /** By key. */
  readonly all: ReadonlyMap<string, KnownDefinition>;
  /** Rises with every change. */
  readonly version: number;
  /** How many files have been looked at so far; undefined: all of them. */
  readonly loading: { readonly done: number; readonly total: number } | undefined;
  /** Why definitions cannot be listed; undefined: they can. */
  readonly problem: JobError | undefined;
  /** Resolves when all have been read; also when they cannot be. */
  readonly loaded: Promise<void>;
  /** Called with the keys that have changed, appeared or gone. */
  onChange(listener: (keys: readonly string[]) => void): void;
  /** Reads the definitions of these names anew, without waiting for the watcher. */
  refresh(names: readonly string[]): Promise<void>;
  /** Counts triggers from when the scheduler first saw them: `<key>#<trigger id>` leads to that moment. */
  anchor(knownSince: ReadonlyMap<string, Date>): void;
}

export interface KnownParts {
  readonly found: ManyDefinitions;
  readonly names: () => Promise<readonly string[]>;
  readonly folders: readonly NamedFolder[];
  readonly types: Registry;
  readonly clock: Clock;
  readonly timeZone: string;
  /** Told of what is a mistake of ours, once. */
  readonly warn: (warning: JobError) => void;
}

/** Definitions that are judged before others get a turn. */
const PORTION = 5;
/** Between two looks where nothing tells of changes, and before a folder that cannot be read is looked at again. */
const PAUSE = 5_000;
/** Changes that come together are looked at together, in milliseconds. */
const GATHER = 100;

/** Begins to read at once; ends with the signal. */
export function createKnownDefinitions(parts: KnownParts, signal: AbortSignal): KnownDefinitions {
  const all = new Map<string, KnownDefinition>();
  const listeners: ((keys: readonly string[]) => void)[] = [];
  const anchors = new Map<string, Date>();
  const state = { version: 0, loading: { done: 0, total: 0 } as KnownDefinitions['loading'], problem: undefined as JobError | undefined };
  const tell = (keys: readonly string[]): void => {
    if (keys.length === 0) return;
    state.version += 1;
    for (const listener of listeners) listener(keys);
  };
  const keep = (known: readonly KnownDefinition[], gone: readonly string[] = []): void => {
    for (const key of gone) all.delete(key);
    for (const one of known) all.set(one.key, one);
    tell([...gone, ...known.map(({ key }) => key)]);
  };
  const readAll = async (): Promise<void> => {
    const seen = new Set<string>();
    state.loading = { done: 0, total: (await parts.names()).length };
    let portion: KnownDefinition[] = [];
    for await (const found of parts.found.list(undefined)) {
      if (signal.aborted) return;
      const known = await remembered(parts, found, anchors);
      seen.add(known.key);
      portion.push(known);
      if (portion.length < PORTION) continue;
      state.loading = { done: seen.size, total: Math.max(seen.size, state.loading.total) };
      keep(portion);
      portion = [];
      await breathe();
    }
    state.loading = undefined;
    keep(portion, [...all.keys()].filter((key) => !seen.has(key)));
    tell([]);
  };
  const readSome = async (names: readonly string[]): Promise<void> => {
    const known: KnownDefinition[] = [];
    for await (const found of parts.found.list(undefined, { names })) known.push(await remembered(parts, found, anchors));
    const wanted = new Set(names.map(asciiLower));
    const there = new Set(known.map(({ key }) => key));
    const gone = [...all.values()].filter(({ key, name }) => wanted.has(asciiLower(name)) && !there.has(key)).map(({ key }) => key);
    keep(known, gone);
  };
  const { promise: loaded, resolve: isLoaded } = Promise.withResolvers<void>();
  void follow(parts, signal, { readAll, readSome, isLoaded, trouble: (problem) => {
    if (problem?.message === state.problem?.message) return;
    state.version += 1;
    state.problem = problem;
    if (problem?.code === 'InternalError') parts.warn(problem);
  } });
  return {
    all,
    loaded,
    get version() {
      return state.version;
    },
    get loading() {
      return state.loading;
    },
    get problem() {
      return state.problem;
    },
    refresh: readSome,
    onChange: (listener) => void listeners.push(listener),
    anchor(knownSince) {
      const moved = [...all.values()].filter(({ key, triggers }) => triggers.some(({ id, knownSince: before }) => (knownSince.get(`${key}#${id}`) ?? before).getTime() !== before.getTime()));
      for (const [place, at] of knownSince) anchors.set(place, at);
      for (const one of moved) all.set(one.key, { ...one, triggers: one.triggers.map((trigger) => anchored(one.key, trigger, anchors, parts.clock.now())) });
      tell(moved.map(({ key }) => key));
    },
  };
}

interface Following {
  readAll(): Promise<void>;
  readSome(names: readonly string[]): Promise<void>;
  isLoaded(): void;
  trouble(problem: JobError | undefined): void;
}

/**
 * Watches before it reads, so that nothing is missed between the two. What cannot be read is looked at again, whatever it is that
 * was thrown: nobody waits for this, and one that is not caught here would end the process. Never rejects.
 */
async function follow({ found, clock, warn }: KnownParts, signal: AbortSignal, { readAll, readSome, isLoaded, trouble }: Following): Promise<void> {
  const changed = new Set<string>();
  const watching = found.watch === undefined ? undefined : gather(found.watch(undefined, signal), changed, warn);
  const attempt = async (act: () => Promise<void>): Promise<boolean> => {
    try {
      await act();
      trouble(undefined);
      return true;
    } catch (cause) {
      trouble(asJobError(cause));
      return false;
    }
  };
  let whole = await attempt(readAll);
  isLoaded();
  while (!signal.aborted) {
    await clock.sleep(!whole || watching === undefined ? PAUSE : GATHER, signal).catch(() => undefined);
    if (signal.aborted) break;
    if (!whole || watching === undefined) whole = await attempt(readAll);
    else if (changed.size > 0) {
      const names = [...changed];
      changed.clear();
      whole = await attempt(() => readSome(names));
    }
  }
  await watching;
}

/** A watch that fails is no end: what is known stays, and the names come no more. */
async function gather(names: AsyncIterable<{ readonly name: string }>, into: Set<string>, warn: KnownParts['warn']): Promise<void> {
  try {
    for await (const { name } of names) into.add(name);
  } catch (cause) {
    if (!isJobError(cause)) warn(asJobError(cause));
  }
}

async function remembered({ types, folders, clock, timeZone }: KnownParts, found: Definition | BrokenDefinition, anchors: ReadonlyMap<string, Date>): Promise<KnownDefinition> {
  const file = resolve(found.location);
  const { definition, complaints } = await judgeDefinition(types, found);
  const namespace = folders.find(({ folder }) => folder === (found.baseFolder ?? dirname(file)))?.namespace ?? (folders[0] as NamedFolder).namespace;
  const key = isBroken(found) ? definitionKey(namespace, found.name) : found.key;
  const common = { key, namespace: key.slice(0, key.indexOf('/')), name: found.name, file, folder: dirname(file), type: found.type === undefined ? undefined : (types.find(found.type)?.type.name ?? found.type), warnings: found.warnings ?? [] };
  if (definition === undefined || isBroken(found)) {
    const errors = complaints.map(factsOf);
    return { ...common, line: errors.find(({ line }) => line !== undefined)?.line ?? 1, description: '', command: '', enabled: false, maxResultCount: undefined, options: {}, triggers: [], errors };
  }
  const { description = '', enabled = true, maxResultCount, options = {}, triggers = [], timeZone: own = timeZone } = definition;
  return {
    ...common,
    line: definition.place?.(['job'])?.line ?? 1,
    description,
    command: writtenCommand(definition.spec),
    enabled,
    maxResultCount,
    options,
    triggers: triggers.map((entry, index) => known(key, entry, index, own, anchors, clock.now())),
    errors: [],
  };
}

function factsOf({ code, message, file, line, column, excerpt, hint }: JobErrorFacts): JobErrorFacts {
  return { code, message, ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }), ...(excerpt === undefined ? {} : { excerpt }), ...(hint === undefined ? {} : { hint }) };
}

function known(key: string, entry: unknown, index: number, zone: string, anchors: ReadonlyMap<string, Date>, now: Date): KnownTrigger {
  const { enabled = true, timeZone = zone } = entry as { readonly enabled?: boolean; readonly timeZone?: string };
  const id = idOf(entry, index);
  const knownSince = anchors.get(`${key}#${id}`) ?? now;
  return { id, enabled, opened: openTrigger(entry, { timeZone, now, knownSince }), knownSince, entry, timeZone };
}

function anchored(key: string, trigger: KnownTrigger, anchors: ReadonlyMap<string, Date>, now: Date): KnownTrigger {
  const knownSince = anchors.get(`${key}#${trigger.id}`) ?? trigger.knownSince;
  return knownSince.getTime() === trigger.knownSince.getTime() ? trigger : { ...trigger, knownSince, opened: openTrigger(trigger.entry, { timeZone: trigger.timeZone, now, knownSince }) };
}

/** What it would run, as far as the text alone says it. */
function writtenCommand(spec: unknown): string {
  const { command, scriptBlock, filePath, argumentList = [] } = (spec ?? {}) as Readonly<Record<string, unknown>>;
  const words = [command].flat();
  if (command !== undefined && words.every((word) => typeof word === 'string')) return quoted(words);
  if (typeof filePath === 'string') return quoted([filePath, ...[argumentList].flat().map(String)]);
  return typeof scriptBlock === 'string' ? scriptBlock : '';
}

/** A path as people write it: relative to a folder, where it lies below it. */
export function pathFrom(base: string, path: string): string {
  const shown = relative(base, path);
  return shown === '' || shown.startsWith(`..${sep}`) || shown === '..' ? path : shown;
}
