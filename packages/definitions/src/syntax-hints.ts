import type { Complaint, Span } from './complaint.ts';
import { lineAround } from './lines.ts';
import { quoted } from './quoted.ts';

/** What a YAML parser says of a mistake: `pos` is where it noticed, which is often not where the mistake is. */
export interface SyntaxFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** After a mistake in the syntax the parser guesses; further complaints are mostly about its guesses. */
const REPORTED = 10;
const CRON_VALUE = /(?:^|[\s{,"'])(?:cron|expression)["']?[ \t]*:[ \t]+(?=[*@?%])/;
const VALUE_START = /(?::[ \t]+|^[ \t]*(?:-[ \t]+)+|[[{,][ \t]*)(?=[*&!%@`])/g;
/** Of an endless line only the beginning is looked at: some of these searches cost the square of its length. */
const LOOKED_AT = 1_000;

/** In the words of somebody who writes definitions, and one complaint for a line. */
export function explainSyntax(text: string, faults: readonly SyntaxFault[]): readonly Complaint[] {
  const byLine = new Map<number, Complaint>();
  const unclosed = faults.find(({ code }) => code === 'UNCLOSED')?.pos[0] ?? Infinity;
  // Behind something that is never closed everything is a guess.
  for (const fault of preferred(faults).filter(({ pos }) => pos[0] <= unclosed)) {
    const line = lineOfFault(text, fault);
    if (!byLine.has(line.start)) byLine.set(line.start, explain(text, line, fault));
  }
  return [...byLine.values()].slice(0, REPORTED);
}

/** An indentation is noticed where it begins, which may be an empty line before it. */
function lineOfFault(text: string, { code, pos: [start] }: SyntaxFault): Span {
  const blank = code === 'BAD_INDENT' ? (/^\s*\n/.exec(text.slice(start, start + LOOKED_AT))?.[0].length ?? 0) : 0;
  return lineAround(text, Math.min(start + blank, text.length));
}

/** Where two keys run together yaml says two things of one place, and the second is the clearer. */
function preferred(faults: readonly SyntaxFault[]): readonly SyntaxFault[] {
  const runsTogether = new Set(faults.filter(({ code }) => code === 'MULTILINE_IMPLICIT_KEY').map(({ pos }) => pos[0]));
  return faults.filter(({ code, pos }) => code === 'MULTILINE_IMPLICIT_KEY' || !runsTogether.has(pos[0]));
}

function explain(text: string, line: Span, fault: SyntaxFault): Complaint {
  return tabIndent(text, line, fault) ?? template(text, line, fault) ?? unquotedCron(text, line) ?? unquotedStart(text, line, fault) ?? blockText(text, line, fault) ?? byCode(text, line, fault);
}

function tabIndent(text: string, line: Span, fault: SyntaxFault): Complaint | undefined {
  const indent = /^[ \t]*/.exec(beginning(text, line))?.[0] ?? '';
  const tab = indent.indexOf('\t');
  if (fault.code !== 'TAB_AS_INDENT' && tab === -1) return undefined;
  const start = tab === -1 ? fault.pos[0] : line.start + tab;
  return syntaxError('a tab is used as indentation', { start, end: start + 1 }, 'indent with spaces');
}

/** `{{ x }}` is a map with a map as key to YAML; to its author it is a placeholder, which nobody fills in. */
function template(text: string, line: Span, fault: SyntaxFault): Complaint | undefined {
  const opening = text.lastIndexOf('{{', fault.pos[0]);
  if (fault.code !== 'NON_STRING_KEY' || opening < line.start) return undefined;
  const span = { start: opening, end: line.end };
  return { code: 'DefinitionValueInvalid', message: 'templates ("{{ }}") are not filled in', hint: 'use "environment" or "argumentList"; a text that only looks like a template must be quoted', ...span };
}

function unquotedCron(text: string, line: Span): Complaint | undefined {
  const source = beginning(text, line);
  const found = CRON_VALUE.exec(source);
  if (found === null) return undefined;
  const at = found.index + found[0].length;
  const value = source.slice(at).replace(/[ \t]+#.*$/, '').replace(/[ \t}\]\r]+$/, '');
  const span = { start: line.start + at, end: line.start + at + value.length };
  return syntaxError(`a cron expression that begins with "${value[0]}" must be quoted`, span, `quote the expression: ${quoted(value)}`);
}

function unquotedStart(text: string, line: Span, fault: SyntaxFault): Complaint | undefined {
  if (!['BAD_ALIAS', 'BAD_SCALAR_START', 'UNEXPECTED_TOKEN', 'ALIAS_PROPS'].includes(fault.code)) return undefined;
  const source = beginning(text, line);
  const at = [...source.matchAll(VALUE_START)].map((found) => found.index + found[0].length).findLast((start) => line.start + start <= fault.pos[0]);
  if (at === undefined) return undefined;
  const start = line.start + at;
  return syntaxError(`a text that begins with "${source[at]}" must be quoted`, { start, end: Math.max(start + 1, fault.pos[1]) }, 'put it between quotes');
}

/** What should belong to the text behind a `|` or `>` stands too far to the left, and is read as keys. */
function blockText(text: string, line: Span, fault: SyntaxFault): Complaint | undefined {
  if (!['BAD_INDENT', 'MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY', 'UNEXPECTED_TOKEN'].includes(fault.code)) return undefined;
  const indent = indentOf(text, line);
  let above = line;
  for (let looked = 0; above.start > 0 && looked < LOOKED_AT; looked++) {
    above = lineAround(text, above.start - 1);
    if (above.start === above.end || indentOf(text, above) > indent) continue;
    if (!/[:-][ \t]+[|>][-+\d]{0,2}[ \t]*(?:#.*)?$/.test(beginning(text, above))) return undefined;
    return syntaxError('this line is not indented far enough to belong to the text that "|" or ">" begins', afterIndent(text, line), 'indent the whole text deeper than its key');
  }
  return undefined;
}

function indentOf(text: string, line: Span): number {
  const found = beginning(text, line).search(/[^ ]/);
  return found === -1 ? Infinity : found;
}

function afterIndent(text: string, line: Span): Span {
  const indent = indentOf(text, line);
  return Number.isFinite(indent) ? { start: line.start + indent, end: line.end } : line;
}

function byCode(text: string, line: Span, { code, message, pos: [start, end] }: SyntaxFault): Complaint {
  const rest = { start, end: Math.max(start + 1, Math.min(end, text.length)) };
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return syntaxError('a text without quotes may not hold ": "', { start, end: line.end }, 'quote the whole text');
    case 'MULTILINE_IMPLICIT_KEY':
      return syntaxError('this text and the key in the next line run together', { start, end: line.end }, 'check the ":" here and the indentation of the next line');
    case 'NON_STRING_KEY':
      return syntaxError('a key must be text', rest);
    case 'TAG_RESOLVE_FAILED':
      return syntaxError('a tag (!) must be one of YAML\'s core tags and fit its value', rest, 'remove the tag, or quote a text that begins with "!"');
    case 'BAD_DQ_ESCAPE':
      return syntaxError('this escape (\\) is unknown', rest, 'write \\\\ for a backslash, or use single quotes');
    case 'BAD_INDENT':
      return /same column/.test(message) ? syntaxError('this key is not indented as the keys before it', afterIndent(text, line)) : syntaxError(sentence(message), rest);
    case 'MISSING_CHAR':
      return syntaxError(/followed by map values/.test(message) ? 'a ":" is missing after this key' : sentence(message), rest);
    case 'UNCLOSED':
      return unclosed(text[start] ?? '', rest);
    default:
      if (/scalar at node end/.test(message)) return behindQuote(text.slice(line.start, start).trimEnd().at(-1), { start, end: line.end }) ?? syntaxError(sentence(message), rest);
      if (/block-seq-ind on same line/.test(message)) return syntaxError('a list may not begin in the line of its key', rest, 'begin it in the next line, or write [a, b]');
      return syntaxError(sentence(message), rest);
  }
}

function unclosed(opening: string, span: Span): Complaint {
  const closing = opening === '[' ? ']' : opening === '{' ? '}' : undefined;
  const hint = closing && `add the "${closing}"; what goes on in a further line must be indented`;
  return syntaxError(`this ${closing === undefined ? 'quote' : `"${opening}"`} is never closed`, span, hint);
}

function behindQuote(quote: string | undefined, span: Span): Complaint | undefined {
  if (quote !== '"' && quote !== "'") return undefined;
  return syntaxError('the text goes on behind its closing quote', span, `write ${quote === '"' ? '\\"' : "''"} for a quote inside the text, or put the other kind of quotes around it`);
}

function syntaxError(message: string, span: Span, hint?: string): Complaint {
  return { code: 'DefinitionSyntaxError', message, ...(hint === undefined ? {} : { hint }), start: span.start, end: span.end };
}

/** The parser's own words, but not what they repeat of the file: it may be long, or a secret. */
function sentence(message: string): string {
  const words = message.replace(/: ".*$/s, '').slice(0, 200);
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}

function beginning(text: string, line: Span): string {
  return text.slice(line.start, Math.min(line.end, line.start + LOOKED_AT));
}
