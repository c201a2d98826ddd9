/** Keys of dagu in all their spellings: `timeoutSec` and `timeout_sec`, `dir` for `working_dir`. */
import { mapOf, type Values } from '../yaml-values.ts';

/** Renamed since; everything else changed its spelling only. */
const RENAMED: Readonly<Record<string, string>> = { precondition: 'preconditions', dir: 'working_dir', run: 'call', tags: 'labels', executor: 'type', config: 'with', cancel: 'abort' };

/** A map by the names of today. */
export interface Keys {
  readonly names: readonly string[];
  get(name: string): unknown;
  /** As it is spelled in the file. */
  spelled(name: string): string;
}

export function keysOf(value: unknown): Keys {
  const values: Values = mapOf(value) ?? {};
  const originals = new Map(Object.keys(values).map((key) => [canonical(key), key]));
  return {
    names: [...originals.keys()],
    get: (name) => (originals.has(name) ? values[originals.get(name) as string] : undefined),
    spelled: (name) => originals.get(name) ?? name,
  };
}

function canonical(key: string): string {
  const snake = key.replaceAll(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`);
  return Object.hasOwn(RENAMED, snake) ? (RENAMED[snake] as string) : snake;
}
