/**
 * The only importer of `yaml`, and the guard against its traps, each of them measured with 2.9.1:
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
import { Composer, CST, isAlias, isMap, isScalar, Lexer, Parser, visit, type Document } from 'yaml';
import { buildTree, type KindOf, type YamlNode } from './build-tree.ts';
import type { Complaint } from './complaint.ts';
import { LIMITS } from './limits.ts';
import { explainSyntax, type SyntaxFault } from './syntax-hints.ts';
import type { Tree } from './tree.ts';

const OPTIONS = { version: '1.2', schema: 'core', merge: false, resolveKnownTags: false, uniqueKeys: false, stringKeys: true, strict: true, prettyErrors: false } as const;
/** Each of these is one node, whatever stands around it. */
const NODES: ReadonlySet<string | null> = new Set(['scalar', 'single-quoted-scalar', 'double-quoted-scalar', 'alias', 'flow-map-start', 'flow-seq-start']);
const FILLERS: ReadonlySet<string | null> = new Set(['space', 'newline', 'comment']);
const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

/** What a text says, as far as it could be understood, and everything that is wrong with it. No tree without a complaint. */
export interface YamlText {
  readonly tree?: Tree;
  readonly complaints: readonly Complaint[];
}

/** Reads one YAML or JSON text within the limits of the definition reference 2.1. Never throws. */
export function readYaml(text: string): YamlText {
  return withoutLog(() => {
    const { tokens, excess } = readTokens(text);
    if (excess !== undefined) return { complaints: [excess] };
    const foreign = directives(tokens) ?? secondDocument(text, tokens);
    if (foreign !== undefined) return { complaints: [foreign] };
    const [document] = new Composer(OPTIONS).compose(tokens, true, text.length);
    return readDocument(text, document as Document.Parsed);
  });
}

function readDocument(text: string, document: Document.Parsed): YamlText {
  const warnings = explainSyntax(text, document.warnings);
  if (document.errors.length > 0) {
    const errors = document.errors.map((error) => atOpening(text, document, error));
    return { complaints: [...explainSyntax(text, errors), ...warnings] };
  }
  const { tree, complaints } = buildTree(text, document.contents as YamlNode | null, kindOf);
  return { ...(tree === undefined ? {} : { tree }), complaints: [...warnings, ...complaints] };
}

const kindOf: KindOf = (node) => (isAlias(node) ? 'alias' : isMap(node) ? 'map' : isScalar(node) ? 'scalar' : 'list');

function readTokens(text: string): { tokens: readonly CST.Token[]; excess?: Complaint } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const budget = createBudget();
  for (const { kind, lexeme } of lexemes(text, (length) => void (parser.offset += length))) {
    const excess = budget(kind) ?? tooDeep(parser);
    if (excess !== undefined) return { tokens, excess: { ...excess, start: parser.offset, end: parser.offset + lexeme.length } };
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  tokens.push(...parser.end());
  return { tokens };
}

interface Lexeme {
  /** 'text' is what a scalar says after it was announced; it may look like anything else. */
  readonly kind: CST.TokenType | 'text' | null;
  readonly lexeme: string;
}

/** Filling lines that are handed to the parser one after the other before the rest is skipped. */
const FILLED_LINES = 100;

/**
 * The lexemes of a text, but of a long run of blank lines and comments only the beginning: they are no nodes, so that no limit
 * holds them, and the parser needs most of a second for 256 KiB of them. After a line end its state is always the same.
 */
function* lexemes(text: string, skip: (length: number) => void): Generator<Lexeme> {
  let filled = 0;
  let line: Lexeme[] = [];
  let isText = false;
  for (const lexeme of new Lexer().lex(text)) {
    const kind = isText ? 'text' : CST.tokenType(lexeme);
    isText = lexeme === CST.SCALAR;
    if (!FILLERS.has(kind)) {
      yield* line;
      yield { kind, lexeme };
      [line, filled] = [[], 0];
    } else if (filled < FILLED_LINES) {
      yield { kind, lexeme };
      if (kind === 'newline') filled++;
    } else {
      line.push({ kind, lexeme });
      if (kind !== 'newline') continue;
      skip(line.reduce((length, part) => length + part.lexeme.length, 0));
      line = [];
    }
  }
  yield* line;
}

type Excess = Pick<Complaint, 'code' | 'message'>;

/** Refuses what cannot be a file of 2,000 nodes: no kind of token is more frequent than nodes are. */
function createBudget(): (kind: Lexeme['kind']) => Excess | undefined {
  const counts = new Map<Lexeme['kind'], number>();
  let nodes = 0;
  return (kind) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (NODES.has(kind)) nodes++;
    if (nodes > LIMITS.nodes || (count > LIMITS.nodes && !FILLERS.has(kind))) return tooManyNodes();
    return undefined;
  };
}

function tooManyNodes(): Excess {
  return { code: 'DefinitionTooLarge', message: `there are more than ${LIMITS.nodes.toLocaleString('en')} nodes (keys, values, maps and lists)` };
}

function tooDeep(parser: Parser): Excess | undefined {
  if (parser.stack.length <= LIMITS.depth) return undefined;
  if (parser.stack.filter((token) => COLLECTIONS.has(token.type)).length <= LIMITS.depth) return undefined;
  return { code: 'DefinitionSyntaxError', message: `maps and lists are nested deeper than ${LIMITS.depth}` };
}

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

function withoutLog<T>(read: () => T): T {
  const { LOG_STREAM, LOG_TOKENS } = process.env;
  delete process.env['LOG_STREAM'];
  delete process.env['LOG_TOKENS'];
  try {
    return read();
  } finally {
    if (LOG_STREAM !== undefined) process.env['LOG_STREAM'] = LOG_STREAM;
    if (LOG_TOKENS !== undefined) process.env['LOG_TOKENS'] = LOG_TOKENS;
  }
}
