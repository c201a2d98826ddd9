/** The first look at a text: its tokens, within limits that hold before the costly part begins. */
import type { Complaint } from './complaint.ts';
import { CST, Lexer, Parser } from './yaml-library.ts';

export interface TokenLimits {
  /** Maps and lists inside one another. */
  readonly depth: number;
  /** Keys, values, maps and lists. */
  readonly nodes: number;
}

/** Each of these is one node, whatever stands around it. */
const NODES: ReadonlySet<string | null> = new Set(['scalar', 'single-quoted-scalar', 'double-quoted-scalar', 'alias', 'flow-map-start', 'flow-seq-start']);
const FILLERS: ReadonlySet<string | null> = new Set(['space', 'newline', 'comment']);
const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

/**
 * The tokens of a text, as far as the limits allow: counted one by one as the lexer finds them, before anything is composed.
 * A complaint about what is too much comes with its place.
 */
export function readTokens(text: string, limits: TokenLimits): { tokens: readonly CST.Token[]; excess?: Complaint } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const budget = createBudget(limits.nodes);
  for (const { kind, lexeme } of lexemes(text, (length) => void (parser.offset += length))) {
    const excess = budget(kind) ?? tooDeep(parser, limits.depth);
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
function createBudget(most: number): (kind: Lexeme['kind']) => Excess | undefined {
  const counts = new Map<Lexeme['kind'], number>();
  let nodes = 0;
  return (kind) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (NODES.has(kind)) nodes++;
    if (nodes > most || (count > most && !FILLERS.has(kind))) return tooManyNodes(most);
    return undefined;
  };
}

function tooManyNodes(most: number): Excess {
  return { code: 'DefinitionTooLarge', message: `there are more than ${most.toLocaleString('en')} nodes (keys, values, maps and lists)` };
}

function tooDeep(parser: Parser, most: number): Excess | undefined {
  if (parser.stack.length <= most) return undefined;
  if (parser.stack.filter((token) => COLLECTIONS.has(token.type)).length <= most) return undefined;
  return { code: 'DefinitionSyntaxError', message: `maps and lists are nested deeper than ${most}` };
}

/** `LOG_STREAM` and `LOG_TOKENS` in the environment make the library print the text to standard output. */
export function withoutLog<T>(read: () => T): T {
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
