import { createTriggeredRuns, type CoreParts, type RunPlan } from '@nightshift/core';
import { definitionKey } from '@nightshift/definitions';
import type { Report, ScheduledDefinitions } from '@nightshift/scheduler';
import { isJobError, type JobError } from '@nightshift/sdk';
import { openTellings, type Delivery, type EmbeddedStore } from '@nightshift/store';
import type { Config } from '../config/read-config.ts';
import { compose } from './compose.ts';
import type { DefinitionNames } from './happenings.ts';
import { hooksOf, type Hook, type Webhook } from './hooks.ts';
import { createLookAfter } from './look-after.ts';
import { post } from './post.ts';
import { createReferences, type References } from '../secrets/references.ts';
import { startDefinition } from './start-definition.ts';
import { createTeller, type Teller } from './teller.ts';

export interface TellingParts {
  readonly config: Config;
  /** Finds definitions where the scheduler does. */
  readonly core: CoreParts;
  /** Fenced. */
  readonly store: EmbeddedStore;
  readonly namespaces: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
  readonly report: Report;
  readonly fatal: readonly string[];
}

/** The hooks of the configuration at work, and what they must know of the scheduler. */
export interface Telling extends Teller {
  /** The same definitions; their names are noted as they come and go. */
  noting(definitions: ScheduledDefinitions<RunPlan>): ScheduledDefinitions<RunPlan>;
}

/** Without hooks there is still something to do: what was left of others is dropped, and no news is written any more. */
export function createTelling(parts: TellingParts): Telling {
  const { config, core, store, namespaces, environment } = parts;
  const hooks = config.hooks === undefined ? [] : hooksOf(config.hooks.spec);
  const references = createReferences(environment, config.hooks?.folder ?? '/', config.safeOwners ?? []);
  const tellings = openTellings(store, namespaces);
  const known = new Map<string, DefinitionNames>();
  const runs = createTriggeredRuns(core, () => store);
  const starting = { ...parts, runs, tellings };
  const deliver = (hook: Hook, delivery: Delivery, signal: AbortSignal): Promise<string | undefined> =>
    'webhook' in hook.target ? send(hook.target, references, delivery, core, signal) : startDefinition(starting, hook.target.definition, delivery);
  const started = [...new Set(hooks.flatMap(({ target }) => ('definition' in target ? namespaces.map((namespace) => definitionKey(namespace, target.definition)) : [])))];
  const lookAfter = createLookAfter({ clock: core.clock, store, runs, keys: started });
  const teller = createTeller({ ...parts, lookAfter, clock: core.clock, tellings, hooks, known, deliver, compose: (happening) => compose({ core, store, hooks, references }, happening) });
  return { ...teller, noting: (definitions) => (hooks.length === 0 ? definitions : noted(definitions, known)) };
}

async function send({ webhook, headers, allowPrivate }: Webhook, references: References, { eventId, body }: Delivery, { clock }: CoreParts, signal: AbortSignal): Promise<string | undefined> {
  try {
    const address = (await references.valueOf(webhook)).trim();
    const values = await Promise.all(Object.entries(headers).map(async ([name, text]) => [name, await references.valueOf(text)] as const));
    return await post({ address, allowPrivate, headers: Object.fromEntries(values), ownHeaders: { 'nightshift-event-id': eventId }, body }, clock, signal);
  } catch (cause) {
    // A secret that is not there now may be there at the next try.
    if (isJobError(cause)) return cause.message;
    throw cause;
  }
}

function noted(definitions: ScheduledDefinitions<RunPlan>, known: Map<string, DefinitionNames>): ScheduledDefinitions<RunPlan> {
  type Found = Awaited<ReturnType<typeof definitions.find>>[number];
  const note = (found: Found): void => {
    const { key, name } = found;
    known.set(key, { key, name, path: 'plan' in found ? found.plan.definition.path : (found.errors[0]?.file ?? null) });
  };
  return {
    ...definitions,
    async *list() {
      for await (const found of definitions.list()) {
        note(found);
        yield found;
      }
    },
    async find(names) {
      const found = await definitions.find(names);
      for (const key of names.flatMap((name) => definitions.keysOf(name))) known.delete(key);
      found.forEach(note);
      return found;
    },
  };
}
