/** Variables, parameters and secrets of dagu: their many forms. */
import { quoteText } from '../shell-text.ts';
import { listOf, mapOf, textOf } from '../yaml-values.ts';

/** A name with a text that dagu still expands: `${OTHER}`, `$OTHER`, a command in backquotes. */
export type Pair = readonly [name: string, text: string];

/** A map, a list of maps, a list of `NAME=value`. */
export function pairsOf(value: unknown): readonly Pair[] {
  return listOf(value).flatMap((item): readonly Pair[] => {
    const map = mapOf(item);
    if (map !== undefined) return Object.entries(map).map(([name, text]) => [name, textOf(text) ?? '']);
    const parts = /^([^=]+)=(.*)$/s.exec(textOf(item) ?? '');
    return parts === null ? [] : [[parts[1] as string, parts[2] as string]];
  });
}

export function isExpanded(text: string): boolean {
  return /[$`]/.test(text);
}

/** A text as a word of a shell, which expands in it what dagu would. */
export function shellValue(text: string): string {
  if (!isExpanded(text)) return /^~(?:\/|$)/.test(text) ? `"$HOME"${text.length > 1 ? quoteText(text.slice(1)) : ''}` : quoteText(text);
  return `"${text.replaceAll(/[\\"]/g, (letter) => `\\${letter}`)}"`;
}

export interface Parameters {
  readonly positional: readonly string[];
  readonly named: readonly Pair[];
  /** A form that is read by nobody but dagu: a schema. */
  readonly isSchema: boolean;
}

/** One text with blanks between, a list, a map, or definitions with a name and a default. */
export function parametersOf(value: unknown): Parameters {
  const map = mapOf(value);
  if (map !== undefined && ('schema' in map || ('properties' in map && map['type'] === 'object'))) return { positional: [], named: [], isSchema: true };
  const items: readonly unknown[] = typeof value === 'string' ? (value.match(/(?:[^\s"`=]+=)?(?:"(?:\\.|[^"\\])*"|`[^`]*`|[^\s"`]+)/g) ?? []) : listOf(value);
  const positional: string[] = [];
  const named: Pair[] = [];
  for (const item of items) {
    const rich = mapOf(item);
    if (rich !== undefined && typeof rich['name'] === 'string') named.push([rich['name'], textOf(rich['default']) ?? '']);
    else if (rich !== undefined) named.push(...pairsOf(rich));
    else if (/^[A-Za-z_]\w*=/.test(textOf(item) ?? '')) named.push(...pairsOf(item).map(([name, text]): Pair => [name, unquoted(text)]));
    else positional.push(unquoted(textOf(item) ?? ''));
  }
  return { positional, named, isSchema: false };
}

function unquoted(text: string): string {
  return /^"(?:\\.|[^"\\])*"$/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}
