/** Changes of maps and lists whose members stand in lines of their own. */
import { entryLines, itemLines, type WritePlace, type Written, writtenEntry, writtenItem } from '../write-yaml.ts';
import { afterLine, endOf, indentOf, inQuotesOf, isBlank, isSpread, lineEndOf, lineStartOf, type Member, type Parent } from './site.ts';

/** Behind the last member; what follows it, comments and blank lines, stays behind the new one. */
export function addToBlock(text: string, parent: Parent, name: string, value: unknown): string {
  const at = afterLine(text, endOf(text, parent.node));
  const place = placeIn(text, parent);
  const lines = parent.node.kind === 'list' ? itemLines(value, place) : entryLines(name, value, place);
  return withLines(text, at, lines) + text.slice(at);
}

/** What follows the old value on its line, such as a comment, keeps its place behind the first line of the new one. */
export function replaceInBlock(text: string, parent: Parent, member: Member, value: unknown): string | undefined {
  const { head, rest } = newValue(text, parent, member, value);
  const { start } = member.value;
  const next = afterLine(text, endOf(text, member.value));
  if (isSpread(text, member.value)) {
    const line = lineOfMember(text, parent, member);
    if (line === undefined) return undefined;
    // In a block of text the old value's comments would be text.
    const remainder = head !== '' && rest.length > 0 ? line.remainder.slice(0, afterLine(line.remainder, 0)) : line.remainder;
    return withLines(joined(text.slice(0, line.end), head) + remainder, undefined, rest) + text.slice(next);
  }
  const { end } = member.value;
  const before = joined(text.slice(0, start), head);
  return rest.length === 0 ? before + text.slice(end) : withLines(before + text.slice(end, next), undefined, rest) + text.slice(next);
}

function newValue(text: string, parent: Parent, member: Member, value: unknown): Written {
  const place = placeIn(text, parent);
  const written = parent.node.kind === 'list' ? writtenItem(value, place) : writtenEntry(member.name, value, place);
  return written.rest.length > 0 ? written : { ...written, head: inQuotesOf(text, member.value, value) ?? written.head };
}

/** Where the line of a key or dash ends before its value of several lines, and what of it stays. */
function lineOfMember(text: string, parent: Parent, member: Member): { end: number; remainder: string } | undefined {
  const { key, value } = member;
  const line = lineStartOf(text, value.start);
  if (!isBlank(text.slice(line, value.start))) return { end: value.start, remainder: lineEndOf(text) };
  const mark = key === undefined ? dashOf(text, parent, member) : text.indexOf(':', key.end);
  return mark === undefined || mark === -1 ? undefined : { end: mark + 1, remainder: text.slice(mark + 1, line).replace(PROPERTIES, '') };
}

/** What belongs to the value alone although it stands on the line of the key. */
const PROPERTIES = /^(?:[ \t]+[!&]\S*)+/;

/** The first dash stands where the list begins, each further one begins a line below the item before. */
function dashOf(text: string, { node, members }: Parent, member: Member): number | undefined {
  const before = members[members.indexOf(member) - 1];
  if (before === undefined) return node.start;
  const from = afterLine(text, endOf(text, before.value));
  const found = /^[ \t]*-(?=\s)/m.exec(text.slice(from, member.value.start));
  return found === null ? undefined : from + found.index + found[0].length - 1;
}

/** With the rest of its last line. Undefined where the line of its key or dash holds more than that. */
export function removeFromBlock(text: string, parent: Parent, member: Member): string | undefined {
  const { members, node } = parent;
  const start = member.key?.start ?? dashOf(text, parent, member);
  if (start === undefined) return undefined;
  const line = lineStartOf(text, start);
  const next = members[members.indexOf(member) + 1];
  const behind = afterLine(text, endOf(text, member.value));
  if (isBlank(text.slice(line, start))) return text.slice(0, line) + text.slice(behind);
  if (node.kind !== 'map' || next?.key === undefined) return undefined;
  // The first key of a list's item stands behind the dash: the second takes its place, unless a comment stands between them.
  const follows = isBlank(text.slice(behind, next.key.start));
  return follows ? text.slice(0, start) + text.slice(next.key.start) : joined(text.slice(0, start), '') + lineEndOf(text) + text.slice(behind);
}

/** The outermost map without its last key. */
export function emptyBlock(text: string, { node }: Parent): string {
  return withLines(text, lineStartOf(text, node.start), ['{}']) + text.slice(afterLine(text, endOf(text, node)));
}

function placeIn(text: string, { node, depth, members, form }: Parent): WritePlace {
  return { path: '', indent: indentOf(text, members[0]?.key?.start ?? node.start), depth, form, comments: new Map() };
}

function joined(before: string, head: string): string {
  const line = before.replace(/[ \t]+$/, '');
  if (head === '') return line;
  return line === before ? `${before} ${head}` : before + head;
}

/** The text up to an offset where a line begins or the file ends, and these lines. */
function withLines(text: string, end: number | undefined, lines: readonly string[]): string {
  const eol = lineEndOf(text);
  const before = text.slice(0, end);
  const isOpen = before !== '' && !before.endsWith('\n');
  return before + (isOpen && lines.length > 0 ? eol : '') + lines.map((line) => line + eol).join('');
}
