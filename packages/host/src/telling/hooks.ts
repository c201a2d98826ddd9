import { createHash } from 'node:crypto';
import { matchesWildcard, parseDuration, type RetryPolicy } from '@nightshift/sdk';
import { HOOK_KINDS, type HookKind } from '../config/hook-keys.ts';
import type { HooksSpec, HookSpec } from '../config/read-config-file.ts';

/** Somebody who is told of something. */
export interface Hook {
  /** By what it tells whom: an entry whose headers or retries are edited stays the same hook, another address is another one. */
  readonly id: string;
  /** For people: `onFailure 1`. */
  readonly label: string;
  readonly kind: HookKind;
  readonly target: Webhook | { readonly definition: string };
  /** Names with wildcards; undefined: all. */
  readonly definitions: readonly string[] | undefined;
  readonly retry: Omit<RetryPolicy, 'onInterrupted'>;
  /** Milliseconds after which a definition without a Completed run is an alarm. */
  readonly within: number | undefined;
}

export interface Webhook {
  /** An address, or a reference to one. */
  readonly webhook: string;
  /** Values are text or references. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
}

/** The hooks of a configuration that was checked. Of two entries that say the same the second is a hook of its own. */
export function hooksOf(spec: HooksSpec): readonly Hook[] {
  const seen = new Map<string, number>();
  return HOOK_KINDS.flatMap((kind) =>
    (spec[kind] ?? []).map((entry, index) => {
      const meaning = JSON.stringify([kind, entry.webhook ?? null, entry.definition ?? null, entry.definitions ?? null, entry.within ?? null]);
      const before = seen.get(meaning) ?? 0;
      seen.set(meaning, before + 1);
      return hookOf(kind, index, entry, `${meaning}${before}`);
    }),
  );
}

function hookOf(kind: HookKind, index: number, entry: HookSpec, meaning: string): Hook {
  const { webhook, headers = {}, allowPrivate = false, definition, definitions, retry = {}, within } = entry;
  return {
    id: createHash('sha256').update(meaning).digest('hex').slice(0, 16),
    label: `${kind} ${index + 1}`,
    kind,
    target: webhook === undefined ? { definition: definition as string } : { webhook, headers, allowPrivate },
    definitions,
    retry: { limit: retry.limit ?? 5, delay: parseDuration(String(retry.delay ?? '10s')), factor: retry.factor ?? 2, maxDelay: parseDuration(String(retry.maxDelay ?? '10m')) },
    within: within === undefined ? undefined : parseDuration(String(within)),
  };
}

export function isAbout({ definitions }: Hook, name: string): boolean {
  return definitions?.some((pattern) => matchesWildcard(pattern, name)) ?? true;
}

/** Milliseconds before the next try after `tries` in vain; undefined: there is none. */
export function pauseAfter({ retry: { limit, delay, factor, maxDelay } }: Hook, tries: number): number | undefined {
  return tries > limit ? undefined : Math.min(maxDelay, delay * factor ** (tries - 1));
}
