/** What the tree says of a place in a text where something is to change. */
import type { Span } from '../complaint.ts';
import type { ListNode, MapNode, Tree } from '../tree.ts';

/** A key with its value, or an item of a list, whose name is its index. */
export interface Member {
  readonly name: string;
  readonly key: Span | undefined;
  readonly value: Tree;
}

/** Whether a new value may go on over several lines. */
export type Form = 'block' | 'line';

/** A map or a list in its place. */
export interface Parent {
  readonly node: MapNode | ListNode;
  /** Maps and lists around it. */
  readonly depth: number;
  /** Undefined for the outermost. */
  readonly owner: { readonly parent: Parent; readonly member: Member } | undefined;
  readonly form: Form;
  /** In the order of the text. */
  readonly members: readonly Member[];
}

/** The members of a map or list, each value from its first character on: `!tag` and `&anchor` before it are part of it. */
export function membersOf(text: string, node: Tree): readonly Member[] {
  if (node.kind === 'list') return node.items.map((value, index) => ({ name: String(index), key: undefined, value: whole(text, value) }));
  return node.kind === 'map' ? [...node.entries].map(([name, { key, value }]) => ({ name, key, value: whole(text, value, key) })) : [];
}

function whole(text: string, value: Tree, key?: Span): Tree {
  if (value.start === value.end && key !== undefined) return atColon(text, value, key);
  const before = PROPERTIES.exec(text.slice(lineStartOf(text, value.start), value.start))?.[0].length ?? 0;
  return { ...value, start: value.start - before };
}

/** Nothing stands behind the colon, not behind the comment that follows it; behind the key where there is no colon. */
function atColon(text: string, value: Tree, key: Span): Tree {
  const at = key.end + (/^\s*:/.exec(text.slice(key.end, key.end + 200))?.[0].length ?? 0);
  return { ...value, start: at, end: at };
}

const PROPERTIES = /(?<=[ \t])(?:[!&][^ \t,[\]{}]*[ \t]+)+$/;

/** A plain text cannot begin with an asterisk. */
export function isAlias(text: string, { start, end }: Span): boolean {
  return end > start && text[start] === '*';
}

/** Between brackets, in one line or several. */
export function isFlow(text: string, { start }: Span): boolean {
  return text[start] === '{' || text[start] === '[';
}

/** Of several lines without brackets: a text block, a map or a list. */
export function isSpread(text: string, node: Tree): boolean {
  return !isAlias(text, node) && (isBlockScalar(text, node) || (node.kind !== 'scalar' && !isFlow(text, node)));
}

function isBlockScalar(text: string, node: Tree): boolean {
  return node.kind === 'scalar' && node.end > node.start && (text[node.start] === '|' || text[node.start] === '>');
}

/** Behind the last character of a value. The spans of maps and lists in lines of their own go on over what follows them. */
export function endOf(text: string, node: Tree): number {
  if (isAlias(text, node) || (node.kind !== 'scalar' && isFlow(text, node))) return node.end;
  if (node.kind === 'map') return Math.max(node.start, ...[...node.entries.values()].map(({ key, value }) => Math.max(key.end, endOf(text, value))));
  if (node.kind === 'list') return Math.max(node.start, ...node.items.map((item) => endOf(text, item)));
  if (!isBlockScalar(text, node) || KEPT.test(text.slice(node.start, node.start + 4))) return node.end;
  return node.start + text.slice(node.start, node.end).trimEnd().length;
}

/** The header of a block whose trailing blank lines belong to it. */
const KEPT = /^[|>]\d?\+/;

/** Where the next line begins. */
export function afterLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const found = text.indexOf('\n', offset);
  return found === -1 ? text.length : found + 1;
}

export function lineStartOf(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Blanks as wide as what stands before the offset on its line. */
export function indentOf(text: string, offset: number): string {
  return ' '.repeat(offset - lineStartOf(text, offset));
}

/** As the file's first line ends. */
export function lineEndOf(text: string): string {
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
}

export function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

/** In the quotes of the value that it replaces; undefined where that had none, or they cannot hold it. */
export function inQuotesOf(text: string, old: Tree, value: unknown): string | undefined {
  if (typeof value !== 'string' || old.kind !== 'scalar' || old.start === old.end) return undefined;
  if (text[old.start] === '"') return JSON.stringify(value);
  return text[old.start] === "'" && !/\p{Cc}/u.test(value) ? `'${value.replaceAll("'", "''")}'` : undefined;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
