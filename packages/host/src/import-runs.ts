import { runOptionsOf, type CoreParts } from '@nightshift/core';
import { definitionKey, listFolder, namespaceOf, type YamlDefinitions } from '@nightshift/definitions';
import { asciiLower, isJobError, type ImportedRun, type ImportRequest, type ImportResult, type JobError, type JobStore } from '@nightshift/sdk';
import type { Config } from './config/read-config.ts';
import type { HostStores } from './stores.ts';

/** A finished job as get-job prints it: which definition it belongs to here is found by the name. */
export interface ForeignRun extends Omit<ImportedRun, 'definition' | 'isKnown'> {
  readonly definition?: { readonly name: string; readonly path: string };
}

export interface RunImportResult extends ImportResult {
  /** Jobs beyond the `maxResultCount` of their definitions, which went again, or were there before and have made room. */
  readonly pruned: number;
}

/** Brings finished runs into the durable store. */
export interface RunImport {
  /** All or none; then each definition that is there keeps as many runs as it says. Throws as `JobStore.importRuns`. */
  take(batches: AsyncIterable<readonly ForeignRun[]>, request: ImportRequest): Promise<RunImportResult>;
}

export interface RunImportParts {
  readonly core: CoreParts;
  readonly stores: HostStores;
  readonly config: Config;
  readonly yaml: YamlDefinitions;
  /** Told when definitions cannot be read whose runs were brought in: then their next end prunes. */
  readonly warn: (warning: JobError) => void;
}

export function createRunImport(parts: RunImportParts): RunImport {
  return {
    async take(batches, request) {
      const { keyOf, isThere } = await keysIn(parts.config);
      const store = parts.stores.openDurable();
      const result = await store.importRuns(known(parts.stores.session(), keyed(batches, keyOf)), request);
      return { ...result, pruned: request.whatIf === true ? 0 : await pruneAll(parts, store, result.definitions.filter(isThere)) };
    },
  };
}

/** The key of a definition by its name. One that is not there, or not any more, would lie in the first folder. */
async function keysIn({ folders, namespace }: Config): Promise<{ readonly keyOf: (name: string) => string; readonly isThere: (key: string) => boolean }> {
  const keys = new Map<string, string>();
  const namespaces = await Promise.all(folders.map(async (folder) => namespace ?? (await namespaceOf(folder))));
  for (const [index, folder] of folders.entries()) {
    for (const { name } of await filesIn(folder)) if (!keys.has(asciiLower(name))) keys.set(asciiLower(name), definitionKey(namespaces[index] as string, name));
  }
  const there = new Set(keys.values());
  return { keyOf: (name) => keys.get(asciiLower(name)) ?? definitionKey(namespaces[0] as string, name), isThere: (key) => there.has(key) };
}

/** A folder that is not there has no definitions. */
async function filesIn(folder: string): ReturnType<typeof listFolder> {
  try {
    return await listFolder(folder);
  } catch (cause) {
    if (isJobError(cause)) return [];
    throw cause;
  }
}

async function* keyed(batches: AsyncIterable<readonly ForeignRun[]>, keyOf: (name: string) => string): AsyncGenerator<readonly ImportedRun[]> {
  for await (const runs of batches) yield runs.map(({ definition, ...run }) => (definition === undefined ? run : { ...run, definition: { key: keyOf(definition.name), ...definition } }));
}

/** What the session store has is here already: nobody is to see one job twice. */
async function* known(session: JobStore, batches: AsyncIterable<readonly ImportedRun[]>): AsyncGenerator<readonly ImportedRun[]> {
  for await (const runs of batches) {
    const there = new Set((await session.find({ instanceIds: runs.map(({ instanceId }) => instanceId) })).map(({ instanceId }) => instanceId));
    yield there.size === 0 ? runs : runs.map((run) => (there.has(run.instanceId) ? { ...run, isKnown: true } : run));
  }
}

/** The runs are in: what goes wrong now is no reason to say that they are not. */
async function pruneAll(parts: RunImportParts, store: JobStore, keys: readonly string[]): Promise<number> {
  try {
    return await prune(parts, store, keys);
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    parts.warn(cause as JobError);
    return 0;
  }
}

/** Of definitions that are there and whole: how many jobs went. */
async function prune({ yaml }: RunImportParts, store: JobStore, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  let pruned = 0;
  for await (const found of yaml.list(undefined, { names: keys.map((key) => key.slice(key.indexOf('/') + 1)) })) {
    if (!('key' in found) || !keys.includes(found.key)) continue;
    const old = await store.finishedBeyond(found.key, runOptionsOf(found).maxResultCount as number);
    for (let first = 0; first < old.length; first += AT_A_TIME) await store.remove(old.slice(first, first + AT_A_TIME));
    pruned += old.filter(({ parentId }) => parentId === undefined).length;
  }
  return pruned;
}

/** Rows of one transaction. */
const AT_A_TIME = 500;
