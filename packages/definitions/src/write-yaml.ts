/**
 * Values as YAML in the style of our examples: a key a line, what is short and flat on the line of its key. What is written
 * is read again at once: text that would not come back as it went in is never handed out.
 */
import { JobError } from '@nightshift/sdk';
import { LIMITS } from './limits.ts';
import { readYaml } from './read-yaml.ts';
import { sameValue } from './same-value.ts';
import { plainCopy } from './tree.ts';
import { blockLines, scalarText } from './yaml-scalar.ts';

/** Lines of text without '#'. */
export interface Comments {
  /** At the top of the file. */
  readonly header?: readonly string[];
  /** Before the key or list item at a path such as `job.command` or `triggers.0`. Nothing stands there: left out. */
  readonly before?: Readonly<Record<string, readonly string[]>>;
}

/** Longest line for a list or map that could stand on one. */
const WIDTH = 100;
const STEP = '  ';

/**
 * A map as YAML. Keys whose value is undefined are left out. Throws `CannotSerializeData` for what is neither map, list, text,
 * number, boolean nor null.
 */
export function definitionText(value: object, comments: Comments = {}): string {
  const lines = [...commentLines(comments.header, ''), ...blockOf(value, { path: '', indent: '', depth: 0, comments: new Map(Object.entries(comments.before ?? {})) })];
  const text = `${lines.join('\n')}\n`;
  const { tree, complaints } = readYaml(text);
  if (tree !== undefined && !sameValue(plainCopy(tree), value)) throw unwritable(complaints[0]?.message ?? 'the value changes when it is read again');
  return text;
}

export interface WritePlace {
  /** Members joined by dots; empty at the top. */
  readonly path: string;
  readonly indent: string;
  /** Maps and lists around the value. */
  readonly depth: number;
  /** 'line': everything behind its key or dash, whatever its length. Default 'block'. */
  readonly form?: 'block' | 'line';
  readonly comments: ReadonlyMap<string, readonly string[]>;
}

/** A map's or list's lines, each with its indentation; what is empty is `{}` or `[]`. */
function blockOf(value: unknown, place: WritePlace): readonly string[] {
  if (place.depth > LIMITS.depth) throw unwritable(`maps and lists are nested deeper than ${LIMITS.depth}`);
  const members = membersOf(value);
  if (members.length === 0) return [`${place.indent}${Array.isArray(value) ? '[]' : '{}'}`];
  return members.flatMap(([key, member]) => {
    const inside = { ...place, path: place.path === '' ? key : `${place.path}.${key}` };
    const own = commentLines(place.comments.get(inside.path), place.indent);
    return [...own, ...(Array.isArray(value) ? itemLines(member, inside) : entryLines(key, member, inside))];
  });
}

/** A value as it stands behind its key or dash, and the lines below. */
export interface Written {
  readonly head: string;
  readonly rest: readonly string[];
}

/** The lines of one key and its value. */
export function entryLines(key: string, value: unknown, place: WritePlace): readonly string[] {
  const { head, rest } = writtenEntry(key, value, place);
  return [`${place.indent}${scalarText(key)}:${head === '' ? '' : ` ${head}`}`, ...rest];
}

/** The lines of one item of a list; comments before its first key stand before its dash. */
export function itemLines(value: unknown, place: WritePlace): readonly string[] {
  const { head, rest } = writtenItem(value, place);
  if (head !== '') return [`${place.indent}- ${head}`, ...rest];
  const first = rest.findIndex((line) => !line.trimStart().startsWith('#'));
  const comments = rest.slice(0, first).map((line) => line.slice(STEP.length));
  return [...comments, `${place.indent}- ${(rest[first] as string).trimStart()}`, ...rest.slice(first + 1)];
}

export function writtenEntry(key: string, value: unknown, place: WritePlace): Written {
  const room = WIDTH - place.indent.length - scalarText(key).length - 2;
  return onOneLine(value, { ...place, key, isItem: false, room }) ?? { head: '', rest: blockOf(value, below(place)) };
}

export function writtenItem(value: unknown, place: WritePlace): Written {
  const inline = onOneLine(value, { ...place, isItem: true, room: WIDTH - place.indent.length - STEP.length });
  if (inline !== undefined) return inline;
  const rest = blockOf(value, below(place));
  const [first = '', ...others] = rest;
  // A comment before the first key cannot stand behind the dash.
  return first.trimStart().startsWith('#') ? { head: '', rest } : { head: first.trimStart(), rest: others };
}

function below(place: WritePlace): WritePlace {
  return { ...place, indent: place.indent + STEP, depth: place.depth + 1 };
}

interface InlinePlace extends WritePlace {
  readonly key?: string;
  readonly isItem: boolean;
  /** Characters left on the line. */
  readonly room: number;
}

/** What begins on the line of its key or dash: a scalar, a block of text. Undefined for what is a block of its own. */
function onOneLine(value: unknown, place: InlinePlace): Written | undefined {
  if (place.form === 'line') return { head: flowText(value, place), rest: [] };
  const [header, ...lines] = (typeof value === 'string' ? blockLines(value) : undefined) ?? [];
  if (header !== undefined) return { head: header, rest: lines.map((line) => (line === '' ? '' : place.indent + STEP + line)) };
  const head = isScalar(value) ? scalarText(value, place) : shortText(value, place);
  return head === undefined ? undefined : { head, rest: [] };
}

/** A list of scalars, or a map of such and of scalars, on one line, where it is short enough and holds no text of several lines. */
function shortText(value: unknown, { key, path, depth, comments, isItem, room }: InlinePlace): string | undefined {
  const members = membersOf(value).map(([, member]) => member);
  if (members.length === 0) return flowText(value);
  // `job`, `options` and each trigger are what a file is about: a line for every key. What is below is a detail.
  const isDetail = Array.isArray(value) || (depth > 0 && !isItem);
  if (!isDetail || !members.every((member) => isShort(member) || (!Array.isArray(value) && isShortList(member))) || [...comments.keys()].some((other) => other.startsWith(`${path}.`))) return undefined;
  const text = flowText(value, { key });
  return text.length <= room ? text : undefined;
}

/** A value on one line, whatever its length: `{ a: 1 }`, `[a, b]`; as JSON where `json` asks for it. */
export function flowText(value: unknown, { key, json = false }: { readonly key?: string | undefined; readonly json?: boolean } = {}): string {
  if (isScalar(value)) return scalarText(value, { key, json });
  if (Array.isArray(value)) return `[${value.map((member: unknown) => flowText(member, { key, json })).join(', ')}]`;
  const pairs = membersOf(value).map(([name, member]) => `${scalarText(name, { json })}: ${flowText(member, { key: name, json })}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) throw unwritable(`a ${typeof value} has no form in YAML`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return [...value.entries()].map(([index, member]) => [String(index), member]);
  if (prototype !== null && prototype !== Object.prototype) throw unwritable('only plain maps and lists can be written');
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function isShort(value: unknown): boolean {
  return isScalar(value) && (typeof value !== 'string' || blockLines(value) === undefined);
}

function isShortList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isShort);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A line end in a comment begins another comment, and nothing in it ends one in another way. */
function commentLines(lines: readonly string[] | undefined, indent: string): readonly string[] {
  return (lines ?? []).flatMap((text) => text.split('\n')).map((line) => `${indent}# ${line.replace(/(?!\t)\p{Cc}/gu, '\ufffd')}`.trimEnd());
}

function unwritable(message: string): JobError {
  return new JobError({ code: 'CannotSerializeData', message });
}
