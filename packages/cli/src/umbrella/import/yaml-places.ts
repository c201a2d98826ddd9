/** Where a key of a foreign YAML file stands: what is read of it are plain values, and a report needs lines. */
import type { Source } from './source-file.ts';

export type Step = string | number;

/** A key, or where a list item begins, at a dash or (in JSON) at a brace: its line from 1, and its column. */
interface Mark {
  readonly line: number;
  readonly column: number;
  /** Undefined: an item. */
  readonly key: string | undefined;
}

/** file:line of a value in a document; of what is not found, such as a key in `{ }`, that of the nearest thing around it. */
export type PlaceOf = (document: number, path: readonly Step[]) => string;

export function placesIn(source: Source): PlaceOf {
  const documents = documentsOf(source.lines);
  return (document, path) => {
    const { first, marks } = documents[document] ?? { first: 1, marks: [] };
    return source.at(lineOf(marks, path) ?? first);
  };
}

/** Documents with something in them, as the reader of values counts them. */
function documentsOf(lines: readonly string[]): readonly { readonly first: number; readonly marks: readonly Mark[] }[] {
  const documents: { first: number; marks: Mark[]; filled: boolean }[] = [{ first: 1, marks: [], filled: false }];
  for (const [index, line] of lines.entries()) {
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) documents.push({ first: index + 1, marks: [], filled: false });
    const current = documents.at(-1) as (typeof documents)[number];
    const text = line.replace(/^---\s*/, '');
    if (text.trim() === '' || /^\s*[#%]/.test(text) || line.startsWith('...')) continue;
    if (!current.filled) current.first = index + 1;
    current.filled = true;
    current.marks.push(...marksOf(line, index + 1));
  }
  return documents.filter(({ filled }) => filled);
}

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s#'"[\]{}&*!|>%@`,-][^:#]*?|-[^\s:#][^:#]*?))\s*:(?=\s|$)/;

function* marksOf(line: string, number: number): Generator<Mark> {
  let column = line.length - line.trimStart().length;
  for (let dash = /^-\s+|^-$/.exec(line.slice(column)); dash !== null; dash = /^-\s+|^-$/.exec(line.slice(column))) {
    yield { line: number, column, key: undefined };
    column += dash[0].length;
  }
  if (line[column] === '{') yield { line: number, column, key: undefined };
  const key = KEY.exec(line.slice(column, column + 500));
  if (key !== null) yield { line: number, column, key: key[1] ?? key[2] ?? key[3] as string };
}

function lineOf(marks: readonly Mark[], path: readonly Step[]): number | undefined {
  let [from, to] = [0, marks.length];
  let parent: Mark | undefined;
  for (const step of path) {
    // The brace around a map of JSON is no item.
    if (typeof step === 'string' && marks[from]?.key === undefined && from + 1 < to) from++;
    const column = marks[from]?.column;
    const same = (index: number): boolean => marks[index]?.column === column;
    const found = typeof step === 'number' ? nthDash(marks, from, to, column, step) : indexBetween(from, to, (index) => same(index) && marks[index]?.key === step);
    if (found === undefined) return parent?.line;
    parent = marks[found] as Mark;
    [from, to] = [found + 1, endOf(marks, found, to)];
    if (from >= to) return parent.line;
  }
  return parent?.line;
}

function nthDash(marks: readonly Mark[], from: number, to: number, column: number | undefined, nth: number): number | undefined {
  let seen = -1;
  return indexBetween(from, to, (index) => marks[index]?.column === column && marks[index]?.key === undefined && ++seen === nth);
}

function indexBetween(from: number, to: number, test: (index: number) => boolean): number | undefined {
  for (let index = from; index < to; index++) if (test(index)) return index;
  return undefined;
}

/** The items of a list may stand as far left as its key. */
function endOf(marks: readonly Mark[], parent: number, to: number): number {
  const { column, key } = marks[parent] as Mark;
  return indexBetween(parent + 1, to, (index) => {
    const mark = marks[index] as Mark;
    return mark.column < column || (mark.column === column && !(key !== undefined && mark.key === undefined));
  }) ?? to;
}
