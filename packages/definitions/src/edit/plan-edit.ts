/** What an edit of a text comes to: the value wanted in the end, and the smallest changes that lead there. Knows no text. */
import { JobError } from '@nightshift/sdk';
import { quoted } from '../quoted.ts';
import { sameValue } from '../same-value.ts';

export type Path = readonly (string | number)[];

/** One value to be given at a path, or to be taken away (undefined). */
export interface Edit {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * The value with one edit made. Maps and lists that are missing on the way are made; an index behind the end adds an item.
 * Throws `DefinitionValueInvalid` where something else stands on the way.
 */
export function withEdit(root: unknown, { path, value }: Edit): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const container = root ?? (typeof head === 'number' ? [] : {});
  if (typeof container !== 'object') throw noPlace(head, 'a single value');
  if (Array.isArray(container) && !/^\d+$/.test(String(head))) throw noPlace(head, 'a list');
  return Array.isArray(container) ? withItem(container, Number(head), rest, value) : withMember(container, String(head), rest, value);
}

function noPlace(member: string | number, what: string): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message: `${quoted(String(member))} cannot be set where ${what} stands` });
}

function withItem(list: readonly unknown[], index: number, rest: Path, value: unknown): readonly unknown[] {
  if (rest.length === 0 && value === undefined) return list.filter((_, at) => at !== index);
  const item = withEdit(list[index], { path: rest, value });
  return index < list.length ? list.with(index, item) : [...list, item];
}

function withMember(map: object, key: string, rest: Path, value: unknown): object {
  const members = new Map<string, unknown>(Object.entries(map));
  if (rest.length === 0 && value === undefined) members.delete(key);
  else if (value !== undefined || members.has(key)) members.set(key, withEdit(members.get(key), { path: rest, value }));
  return Object.fromEntries(members);
}

/** The changes between two values, additions before removals so that nothing is empty on the way. */
export function changesBetween(old: unknown, wanted: unknown, path: Path = []): readonly Edit[] {
  if (sameValue(old, wanted)) return [];
  if (Array.isArray(old) && Array.isArray(wanted)) return changesOfList(old, wanted, path);
  if (isMap(old) && isMap(wanted)) return changesOfMap(old, wanted, path);
  return [{ path, value: wanted }];
}

function changesOfMap(old: Map, wanted: Map, path: Path): readonly Edit[] {
  const given = Object.keys(wanted).filter((key) => wanted[key] !== undefined);
  const gone = Object.keys(old).filter((key) => !given.includes(key));
  const changed = given.flatMap((key) => changesBetween(Object.hasOwn(old, key) ? old[key] : undefined, wanted[key], [...path, key]));
  return [...changed, ...gone.map((key) => ({ path: [...path, key], value: undefined }))];
}

/** Items are told apart by their place: lists of one length change item by item, at the end they grow and shrink. */
function changesOfList(old: readonly unknown[], wanted: readonly unknown[], path: Path): readonly Edit[] {
  const common = Math.min(old.length, wanted.length);
  const sameBeginning = sameValue(old.slice(0, common), wanted.slice(0, common));
  if (old.length !== wanted.length && !(sameBeginning && common > 0)) return [{ path, value: wanted }];
  const changed = wanted.flatMap((item, index) => changesBetween(index < old.length ? old[index] : undefined, item, [...path, index]));
  const gone = old.slice(wanted.length).map((_, index) => ({ path: [...path, wanted.length + index], value: undefined }));
  return [...changed, ...gone.toReversed()];
}

type Map = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Map {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
