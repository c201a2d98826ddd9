import { dirname, resolve } from 'node:path';
import type { RunPlan, TriggeredRuns } from '@nightshift/core';
import { definitionKey } from '@nightshift/definitions';
import { policyOf, revisionOf, type Loaded, type ScheduledDefinitions, type ScheduledTrigger } from '@nightshift/scheduler';
import { isBroken, isJobError, type BrokenDefinition, type Definition, type JobErrorFacts } from '@nightshift/sdk';
import { releaseMemory } from './release-memory.ts';
import type { ManyDefinitions } from './with-sources.ts';

/** A folder of definitions, and the namespace of its names. */
export interface NamedFolder {
  readonly folder: string;
  readonly namespace: string;
}

export interface ScheduledDefinitionsParts {
  readonly found: ManyDefinitions;
  readonly folders: readonly NamedFolder[];
  /** Other folders of these namespaces are left out, or plugins that may bring definitions. */
  readonly isPart: boolean;
  /** Of triggers that name none. */
  readonly timeZone: string;
  readonly runs: Pick<TriggeredRuns, 'plan'>;
  readonly alone: NonNullable<ScheduledDefinitions<RunPlan>['alone']>;
}

/** After so many definitions what reading them took is given back. */
const MANY = 10_000;

/**
 * Definitions as the scheduler keeps them: small, their triggers checked, their commands resolved. One without triggers is a
 * template for start-job, and none of its business. A definition that could not be started is as broken as one that cannot be read.
 */
export function createScheduledDefinitions({ found: all, folders, isPart, timeZone, runs, alone }: ScheduledDefinitionsParts): ScheduledDefinitions<RunPlan> {
  const namespaces = [...new Set(folders.map(({ namespace }) => namespace))];
  const keyOf = ({ name, location, baseFolder = dirname(resolve(location)) }: BrokenDefinition): string =>
    definitionKey(folders.find(({ folder }) => folder === baseFolder)?.namespace ?? (namespaces[0] as string), name);
  const load = async (found: Definition | BrokenDefinition): Promise<readonly Loaded<RunPlan>[]> => {
    if (isBroken(found)) return [{ key: keyOf(found), name: found.name, errors: found.errors }];
    if (found.triggers === undefined || found.triggers.length === 0) return [];
    try {
      return [{ ...(await scheduled(found, timeZone, runs)), name: found.name }];
    } catch (cause) {
      return [{ key: found.key, name: found.name, errors: errorsOf(cause) }];
    }
  };
  return {
    async *list() {
      let count = 0;
      for await (const found of all.list(undefined)) {
        yield* await load(found);
        count += 1;
        if (count % MANY === 0) releaseMemory();
      }
    },
    async find(names) {
      const found = new Map<string, Loaded<RunPlan>>();
      // Several files of one name are one complaint.
      for await (const one of all.list(undefined, { names })) for (const loaded of await load(one)) found.set(loaded.key, loaded);
      return [...found.values()];
    },
    watch: (signal) => watchOf(all)(undefined, signal),
    alone,
    get isPart() {
      return isPart || all.lacks();
    },
    keysOf: (name) => namespaces.map((namespace) => definitionKey(namespace, name)),
  };
}

function watchOf({ watch }: ManyDefinitions): NonNullable<ManyDefinitions['watch']> {
  if (watch === undefined) throw new Error('definitions that are scheduled can be watched');
  return watch;
}

async function scheduled(definition: Definition, timeZone: string, runs: Pick<TriggeredRuns, 'plan'>): Promise<Loaded<RunPlan>> {
  return {
    key: definition.key,
    name: definition.name,
    enabled: definition.enabled ?? true,
    triggers: (definition.triggers ?? []).map((entry, index) => triggerOf(entry, index, definition.timeZone ?? timeZone)),
    policy: policyOf(definition.options),
    plan: await runs.plan(definition),
  };
}

/** An entry of `triggers:` that was checked with its file. */
function triggerOf(entry: unknown, index: number, timeZone: string): ScheduledTrigger {
  const { id = index + 1, enabled = true, timeZone: own = timeZone } = entry as { readonly id?: number; readonly enabled?: boolean; readonly timeZone?: string };
  return { id, enabled, revision: revisionOf(entry, own) };
}

function errorsOf(cause: unknown): readonly JobErrorFacts[] {
  const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.map((one) => {
    if (isJobError(one)) return one;
    throw one;
  });
}
