/** Changes of maps and lists between brackets, in one line or several, in YAML and in JSON. */
import { lineFrom } from '../lines.ts';
import { flowText } from '../write-yaml.ts';
import { scalarText } from '../yaml-scalar.ts';
import { afterLine, endOf, inQuotesOf, isBlank, isJson, lineEndOf, lineStartOf, type Member, type Parent } from './site.ts';

export function replaceInFlow(text: string, { name, key, value: old }: Member, value: unknown): string {
  const json = isJson(text);
  const written = (json ? undefined : inQuotesOf(text, old, value)) ?? flowText(value, { key: name, json });
  const before = old.start < old.end || key === undefined ? '' : old.start === key.end ? ': ' : ' ';
  return text.slice(0, old.start) + before + written + text.slice(old.end);
}

export function addToFlow(text: string, parent: Parent, name: string, value: unknown): string | undefined {
  const json = isJson(text);
  const { node, members } = parent;
  const written = node.kind === 'list' ? flowText(value, { json }) : `${scalarText(name, { json })}: ${flowText(value, { key: name, json })}`;
  const last = members.at(-1);
  if (last !== undefined) return addBehind(text, parent, last, written);
  const isEmpty = isBlank(text.slice(node.start + 1, node.end - 1));
  return isEmpty ? text.slice(0, node.start) + (node.kind === 'list' ? `[${written}]` : `{ ${written} }`) + text.slice(node.end) : undefined;
}

/** On a line of its own if the last member has one, and then behind that member's comment. */
function addBehind(text: string, { node }: Parent, last: Member, written: string): string {
  const end = endOfMember(text, last);
  const line = lineFrom(text, lineStartOf(text, end)).end;
  const indent = ownIndent(text, last);
  const comma = commaBehind(text, end);
  if (indent === undefined || line >= node.end - 1) {
    const separator = indent === undefined ? ' ' : lineEndOf(text) + indent;
    const at = comma ?? end;
    return `${text.slice(0, at)}${comma === undefined ? ',' : ''}${separator}${written}${text.slice(at)}`;
  }
  return `${text.slice(0, end)}${comma === undefined ? ',' : ''}${text.slice(end, line)}${lineEndOf(text)}${indent}${written}${text.slice(line)}`;
}

export function removeFromFlow(text: string, { node, members }: Parent, member: Member): string {
  const index = members.indexOf(member);
  const [before, after] = [members[index - 1], members[index + 1]];
  if (before === undefined && after === undefined) return text.slice(0, node.start) + (node.kind === 'map' ? '{}' : '[]') + text.slice(node.end);
  const [start, end] = [startOfMember(member), endOfMember(text, member)];
  const next = afterLine(text, end);
  const hasLines = ownIndent(text, member) !== undefined && next < node.end && (after === undefined || startOfMember(after) >= next);
  if (after !== undefined) return hasLines ? text.slice(0, lineStartOf(text, start)) + text.slice(next) : text.slice(0, start) + text.slice(startOfMember(after));
  const previous = endOfMember(text, before as Member);
  if (!hasLines) return text.slice(0, previous) + text.slice(end);
  // JSON allows no comma behind the last one.
  return text.slice(0, previous) + text.slice(commaBehind(text, previous) ?? previous, lineStartOf(text, start)) + text.slice(next);
}

function startOfMember({ key, value }: Member): number {
  return key?.start ?? value.start;
}

function endOfMember(text: string, { key, value }: Member): number {
  return Math.max(key?.end ?? 0, endOf(text, value));
}

/** The blanks before a member that begins its line. */
function ownIndent(text: string, member: Member): string | undefined {
  const start = startOfMember(member);
  const before = text.slice(lineStartOf(text, start), start);
  return isBlank(before) ? before : undefined;
}

/** Behind the comma that follows. */
function commaBehind(text: string, end: number): number | undefined {
  const found = /^\s*,/.exec(text.slice(end, end + 200));
  return found === null ? undefined : end + found[0].length;
}
