import { viewsOf, type CoreParts } from '@nightshift/core';
import { hideSecrets, isReference } from '@nightshift/definitions';
import { isJobError, type Instance, type JobStore } from '@nightshift/sdk';
import type { Happening } from './happenings.ts';
import type { Hook } from './hooks.ts';
import { cut, lastLines } from './last-lines.ts';
import { maskOf } from '../secrets/mask.ts';
import { valuesNow } from '../secrets/masking.ts';
import type { References } from '../secrets/references.ts';

export interface ComposeParts {
  readonly core: CoreParts;
  readonly store: JobStore;
  readonly hooks: readonly Hook[];
  readonly references: References;
}

/** What a receiver gets, as JSON text: written once, and the same for every hook and every repetition. The job is null when it is gone, or when the event is about none. */
export async function compose(parts: ComposeParts, { id, event, time, definition, instanceId, dueAt, count, message }: Happening): Promise<string> {
  const [job] = instanceId === undefined ? [] : await parts.store.find({ instanceIds: [instanceId] });
  const children = job === undefined ? [] : await parts.store.find({ parentIds: [job.id] });
  const [instance] = job === undefined ? [] : await viewsOf(parts.core, [{ instance: job, children, store: parts.store }]);
  const output = await outputOf(parts, children.length === 0 ? (job === undefined ? [] : [job]) : children);
  return JSON.stringify({ apiVersion: 1, id, event, time, definition, instance: instance ?? null, dueAt: dueAt ?? null, count, message, output });
}

/**
 * Secrets are masked before anything is cut: half of one would be found by nobody. It is stored and leaves the machine: where
 * one is not to be had, which might stand in it, it is not told at all.
 */
async function outputOf(parts: ComposeParts, runs: readonly Instance[]): Promise<string> {
  const text = (await Promise.all(runs.map(lastLines))).join('');
  const own = (await Promise.all(runs.map(({ run }) => valuesNow(run?.secrets, parts.references)))).flat();
  const known = own.filter((value) => value !== undefined);
  if (text !== '' && known.length < own.length) return 'not shown: a secret of the job is not to be had, and could not be hidden\n';
  return cut(hideSecrets(maskOf([...(await secretsOf(parts)), ...known])(text)), OUTPUT_BYTES);
}

const OUTPUT_BYTES = 16_384;

/** `Bearer` and its like: what follows is the secret, and is written alone in many places. */
const SCHEME = /^\S+ +(?=\S+$)/;

/** What the hooks themselves know. A reference that leads nowhere is told of when it is needed. */
async function secretsOf({ hooks, references }: ComposeParts): Promise<readonly string[]> {
  const texts = hooks.flatMap(({ target }) => ('webhook' in target ? [target.webhook, ...Object.values(target.headers)] : []));
  const values = texts.map(async (text) => {
    try {
      const value = await references.valueOf(text);
      return isReference(text) ? [value, value.replace(SCHEME, '')] : [value];
    } catch (cause) {
      if (isJobError(cause)) return [];
      throw cause;
    }
  });
  return (await Promise.all(values)).flat();
}
