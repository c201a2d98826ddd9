import type { Registry, RegisteredType } from '@nightshift/core';
import type { YamlDefinitions } from '@nightshift/definitions';
import { asciiLower, isBroken, isJobError, JobError, type BrokenDefinition, type Clock, type Definition, type DefinitionSource, type SourceFiles } from '@nightshift/sdk';

type Found = Definition | BrokenDefinition;

/** Between two looks at what a source of a job type holds, in milliseconds. Source: the contract of plugins. */
const LOOK = 30_000;

export interface SourcesParts {
  readonly types: Registry;
  /** Those that are ours; a definition of another one is not. */
  readonly namespaces: readonly string[];
  /** What sources read with. */
  readonly files: SourceFiles;
  readonly clock: Clock;
  readonly warn: (warning: JobError) => void;
}

/** Definition files and what job types bring of their own. */
export interface ManyDefinitions extends Pick<YamlDefinitions, 'list' | 'watch'> {
  /** Whether a source could not be asked: what is missing is then not gone. */
  lacks(): boolean;
}

interface Source {
  readonly type: string;
  readonly source: DefinitionSource;
  /** What it held when it was asked last, by name in lower case. */
  held: ReadonlyMap<string, Found>;
  isSilent: boolean;
}

/**
 * Adds the definitions that job types bring, where they may have triggers. A file comes first: one of the same name in a source
 * is left out with a warning. A source that throws is a warning too, and what it held before is held to be there still.
 */
export function withSources(yaml: Pick<YamlDefinitions, 'list' | 'watch'>, parts: SourcesParts): ManyDefinitions {
  const sources = parts.types.all.flatMap(sourceIn);
  const told = new Set<string>();
  const tell = (key: string, warning: JobError): void => {
    if (!told.has(key)) parts.warn(warning);
    told.add(key);
  };
  const look = async (source: Source): Promise<boolean> => {
    try {
      source.held = await heldBy(source, parts);
      source.isSilent = false;
      told.delete(source.type);
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      source.isSilent = true;
      tell(source.type, new JobError({ code: 'PluginLoadFailed', message: `the job type ${source.type} could not list its definitions: ${cause.code}: ${cause.message}` }, { cause }));
    }
    return !source.isSilent;
  };
  const others = function* (files: ReadonlySet<string>, wanted: ReadonlySet<string> | undefined): Generator<Found> {
    const taken = new Set(files);
    for (const { held, type } of sources) {
      for (const [name, found] of held) {
        if (wanted?.has(name) === false) continue;
        if (taken.has(name)) tell(`${type} ${name}`, new JobError({ code: 'DefinitionNameConflict', message: `the definition "${found.name}" of the job type ${type} is left out: there is another one of this name`, hint: 'give one of them another name' }));
        else yield found;
        taken.add(name);
      }
    }
  };
  return {
    async *list(path, { names } = {}) {
      const files = new Set<string>();
      for await (const found of yaml.list(path, names && { names })) {
        files.add(asciiLower(found.name));
        yield found;
      }
      if (sources.length === 0) return;
      // Names are asked for when one of them has changed, of which whoever saw it knows: nobody waits for a plugin once more.
      if (names === undefined) await Promise.all(sources.map(look));
      yield* others(files, names === undefined ? undefined : new Set([...names].map(asciiLower)));
    },
    ...(yaml.watch === undefined ? {} : { watch: (path, signal) => (sources.length === 0 ? yaml.watch?.(path, signal) as AsyncIterable<{ name: string }> : merged([yaml.watch?.(path, signal) as AsyncIterable<{ name: string }>, changesIn(sources, look, parts.clock, signal), ...sources.filter(({ source }) => source.watch !== undefined).map((source) => hintsOf(source, look, tell, signal))])) }),
    lacks: () => sources.some(({ isSilent }) => isSilent),
  };
}

function sourceIn({ type }: RegisteredType): readonly Source[] {
  const hasTriggers = 'triggers' in type.capabilities && type.capabilities.triggers === true;
  return type.definitions === undefined || !hasTriggers ? [] : [{ type: type.name, source: type.definitions, held: new Map(), isSilent: false }];
}

async function heldBy({ source }: Source, { namespaces, files }: SourcesParts): Promise<ReadonlyMap<string, Found>> {
  const held = new Map<string, Found>();
  for await (const found of source.list(undefined, files)) {
    const isOurs = isBroken(found) || namespaces.includes(found.key.slice(0, found.key.indexOf('/')));
    if (isOurs) held.set(asciiLower(found.name), found);
  }
  return held;
}

async function* changesIn(sources: readonly Source[], look: (source: Source) => Promise<boolean>, clock: Clock, signal: AbortSignal): AsyncGenerator<{ readonly name: string }> {
  for (;;) {
    await clock.sleep(LOOK, signal).catch(() => {});
    if (signal.aborted) return;
    for (const source of sources) {
      const before = source.held;
      if (await look(source)) for (const name of changedNames(before, source.held)) yield { name };
    }
  }
}

/** A source that tells of its changes is looked at when it does; one that fails in that is looked at now and then like any other. */
async function* hintsOf(source: Source, look: (source: Source) => Promise<boolean>, tell: (key: string, warning: JobError) => void, signal: AbortSignal): AsyncGenerator<{ readonly name: string }> {
  try {
    for await (const _hint of source.source.watch?.(undefined, signal) ?? []) {
      const before = source.held;
      if (await look(source)) for (const name of changedNames(before, source.held)) yield { name };
    }
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    tell(`watch ${source.type}`, new JobError({ code: 'PluginLoadFailed', message: `the job type ${source.type} could not watch its definitions, which are looked at every ${LOOK / 1_000} s: ${cause.code}: ${cause.message}` }, { cause }));
  }
}

function changedNames(before: ReadonlyMap<string, Found>, now: ReadonlyMap<string, Found>): readonly string[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(now.get(name)));
}

/** What comes from any of them, as it comes, until all have ended. */
async function* merged<One>(streams: readonly AsyncIterable<One>[]): AsyncGenerator<One> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const next = (index: number): Promise<{ index: number; result: IteratorResult<One> }> => (iterators[index] as AsyncIterator<One>).next().then((result) => ({ index, result }));
  const pending = new Map(iterators.map((_, index) => [index, next(index)]));
  while (pending.size > 0) {
    const { index, result } = await Promise.race(pending.values());
    if (result.done === true) pending.delete(index);
    else {
      pending.set(index, next(index));
      yield result.value;
    }
  }
}
