import type { DefinitionPlace, JobErrorFacts } from '@nightshift/sdk';
import type { Complaint, Span } from './complaint.ts';
import { secretLines } from './hide-secrets.ts';
import { lineFrom, lineOf, lineStarts } from './lines.ts';

/** Longer lines are cut in excerpts; a culprit beyond has a line and a column only. */
const EXCERPT = 200;
const NOT_SHOWN = /(?!\t)[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text with a name, which turns offsets into what people count: lines, and columns in characters. */
export interface SourceText {
  readonly place: (span: Span) => DefinitionPlace;
  readonly facts: (complaint: Complaint) => JobErrorFacts;
}

export function sourceText(file: string, text: string): SourceText {
  let lines: { readonly starts: readonly number[]; readonly secrets: ReadonlyMap<number, number> } | undefined;
  const columnOf = columnCounter(text);

  const place = (span: Span): DefinitionPlace => {
    lines ??= splitLines(text);
    const line = lineOf(lines.starts, span.start);
    const from = lines.starts[line] as number;
    const column = columnOf(from, span.start);
    const found = { file, line: line + 1, column };
    if (column > EXCERPT) return found;
    const { end } = lineFrom(text, from);
    const shown = Array.from(readable(text, { start: from, end: Math.min(end, from + 2 * EXCERPT) }, lines.secrets.get(line))).slice(0, EXCERPT);
    const culprit = text.slice(span.start, Math.min(span.end, end, span.start + 2 * EXCERPT));
    const length = Math.max(1, Math.min(Array.from(culprit).length, shown.length - column + 1));
    return { ...found, excerpt: { text: shown.join(''), length } };
  };

  const facts = ({ code, message, hint, ...span }: Complaint): JobErrorFacts => ({ code, message, ...place(span), ...(hint === undefined ? {} : { hint }) });
  return { place, facts };
}

function splitLines(text: string): { starts: readonly number[]; secrets: ReadonlyMap<number, number> } {
  const starts = lineStarts(text);
  return { starts, secrets: secretLines(text, starts) };
}

/** Goes on from the last answer: complaints come in order, and a file may be one endless line. */
function columnCounter(text: string): (from: number, to: number) => number {
  let last = { from: 0, to: 0, characters: 0 };
  return (from, to) => {
    const known = last.from === from && last.to <= to ? last : { to: from, characters: 0 };
    last = { from, to, characters: known.characters + lengthOf(text.slice(known.to, to)) };
    return last.characters + 1;
  };
}

/** Characters, not UTF-16 units: a surrogate pair is one column. */
function lengthOf(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

/** As many characters as before, so that the caret still fits, but no secret and nothing that a terminal would obey. */
function readable(text: string, line: Span, hiddenFrom: number | undefined): string {
  const hidden = Math.min(hiddenFrom ?? line.end, line.end);
  return (text.slice(line.start, hidden) + text.slice(hidden, line.end).replace(/\S/gu, '*')).replace(NOT_SHOWN, '\ufffd');
}
