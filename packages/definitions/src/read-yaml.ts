/**
 * The guard against the traps of `yaml`, each of them measured with 2.9.1:
 *
 * - A map costs the square of its keys because of the check for duplicates (20,000 keys: 11 s), deep nesting overflows the
 *   stack, and both happen while parsing. So the tokens are counted one by one as the lexer finds them, which is linear and
 *   stops at the first that is too many; only what is small and flat is composed. Duplicates are found by our own check.
 * - Blank lines and comments cost much and are no nodes: long runs of them are skipped.
 * - An unknown tag is a warning and the value is taken: here every warning is a mistake.
 * - `%YAML 1.1` changes what `yes` and `010` mean: no directive is read, the version is fixed.
 * - An alias may repeat an anchor's whole content, and an anchor may hold itself: nodes are counted as they are repeated.
 * - A number loses its leading zeros and, beyond 2^53, its last digits: such numbers must be quoted.
 * - `LOG_STREAM` and `LOG_TOKENS` in the environment print the text to standard output.
 */
import { buildTree, type KindOf, type YamlNode } from './build-tree.ts';
import type { Complaint } from './complaint.ts';
import { LIMITS } from './limits.ts';
import { explainSyntax, type SyntaxFault } from './syntax-hints.ts';
import type { Tree } from './tree.ts';
import { Composer, type CST, type Document, isAlias, isMap, isScalar, visit } from './yaml-library.ts';
import { readTokens, withoutLog } from './yaml-tokens.ts';

/** How texts are composed; the composer knows no limits, so only what was counted before is given to it. */
export const COMPOSE = { version: '1.2', schema: 'core', merge: false, resolveKnownTags: false, uniqueKeys: false, stringKeys: true, strict: true, prettyErrors: false } as const;

/** What a text says, as far as it could be understood, and everything that is wrong with it. No tree without a complaint. */
export interface YamlText {
  readonly tree?: Tree;
  readonly complaints: readonly Complaint[];
}

/** Reads one YAML or JSON text within the limits of the definition reference 2.1. Never throws. */
export function readYaml(text: string): YamlText {
  return withoutLog(() => {
    const { tokens, excess } = readTokens(text, LIMITS);
    if (excess !== undefined) return { complaints: [excess] };
    const foreign = directives(tokens) ?? secondDocument(text, tokens);
    if (foreign !== undefined) return { complaints: [foreign] };
    const [document] = new Composer(COMPOSE).compose(tokens, true, text.length);
    return readDocument(text, document as Document.Parsed);
  });
}

function readDocument(text: string, document: Document.Parsed): YamlText {
  const warnings = explainSyntax(text, document.warnings);
  if (document.errors.length > 0) return { complaints: [...syntaxComplaints(text, document), ...warnings] };
  const { tree, complaints } = buildTree(text, document.contents as YamlNode | null, kindOf);
  return { ...(tree === undefined ? {} : { tree }), complaints: [...warnings, ...complaints] };
}

/** Mistakes that are looked into: each costs a walk through the document, and nobody reads so many complaints. */
const LOOKED_INTO = 100;

/** What is wrong with the syntax of a document. */
export function syntaxComplaints(text: string, document: Document.Parsed): readonly Complaint[] {
  return explainSyntax(text, document.errors.slice(0, LOOKED_INTO).map((error) => atOpening(text, document, error)));
}

const kindOf: KindOf = (node) => (isAlias(node) ? 'alias' : isMap(node) ? 'map' : isScalar(node) ? 'scalar' : 'list');

function directives(tokens: readonly CST.Token[]): Complaint | undefined {
  const found = tokens.find((token) => token.type === 'directive');
  if (found === undefined) return undefined;
  return { code: 'DefinitionSyntaxError', message: 'directives (%) are not allowed', hint: 'remove the line; the version is always YAML 1.2', start: found.offset, end: found.offset + found.source.length };
}

function secondDocument(text: string, tokens: readonly CST.Token[]): Complaint | undefined {
  const second = tokens.filter((token) => token.type === 'document')[1];
  if (second === undefined) return undefined;
  const start = second.offset;
  return { code: 'DefinitionSyntaxError', message: 'a second document begins here; a definition file holds one', start, end: start + (text.startsWith('---', start) ? 3 : 1) };
}

/** A quote or bracket that is never closed is noticed at the end of the file, where nobody would look for it. */
function atOpening(text: string, document: Document.Parsed, error: SyntaxFault): SyntaxFault {
  const isQuote = error.code === 'MISSING_CHAR' && error.message.includes('quote');
  if (!isQuote && !/end with a [\]}]/.test(error.message)) return error;
  let start: number | undefined;
  visit(document, {
    Scalar(_, { range }) {
      if (isQuote && range?.[1] === error.pos[0] && /["']/.test(text[range[0]] ?? '')) start = range[0];
    },
    Collection(_, { range, flow }) {
      if (!isQuote && flow === true && range && range[0] < error.pos[0] && !closes(text, range)) start = range[0];
    },
  });
  if (start === undefined) return error;
  const message = isQuote ? 'this quote is never closed' : `this "${text[start]}" is not closed where its text ends; all of it must be indented`;
  return { code: 'UNCLOSED', message, pos: [start, start + 1] };
}

function closes(text: string, [start, end]: readonly [number, number, number]): boolean {
  return text[end - 1] === (text[start] === '[' ? ']' : '}');
}
