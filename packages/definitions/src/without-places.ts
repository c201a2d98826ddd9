import type { BrokenDefinition, Definition } from '@nightshift/sdk';
import { frozenMap } from './tree.ts';

/**
 * A copy for whoever keeps many definitions for long: nothing of it holds on to the text of the file, so it has no places
 * either. A small one takes less than 1 KB instead of 5 KB. Who needs places later reads the file again.
 */
export function withoutPlaces<T extends Definition | BrokenDefinition>(found: T): T {
  const { place: _, ...rest } = found;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, ownCopy(value)])) as unknown as T;
}

/** A part of a text that is longer than this may be a window on the whole text, which lives as long as it does. */
const COPIED = 12;

function ownCopy(value: unknown): unknown {
  if (typeof value === 'string') return value.length > COPIED ? (JSON.parse(JSON.stringify(value)) as string) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(ownCopy));
  return frozenMap(Object.entries(value).map(([key, member]) => [key, ownCopy(member)]));
}
