import { isTerminal, terminalWidth } from './terminal.ts';

/** How one of the two streams may look. Decided for each by itself: one may be a terminal while the other is a file. */
export interface Look {
  readonly colour: boolean;
  /** Symbols beside words, bars and the mark of a cut: on a terminal that knows more than ASCII. */
  readonly symbols: boolean;
  /** Columns of the terminal; undefined in a pipe or file, where nothing is ever cut. */
  readonly width: number | undefined;
}

/** A pipe or a file without colour: the bytes that programs read. */
export const PLAIN: Look = { colour: false, symbols: false, width: undefined };

type Environment = Readonly<Record<string, string | undefined>>;

export function lookOf(descriptor: 1 | 2): Look {
  const terminal = isTerminal(descriptor);
  return {
    colour: hasColour(colourWish(process.argv.slice(2)), process.env, terminal),
    symbols: terminal && knowsSymbols(process.env),
    width: terminal ? terminalWidth(descriptor) : undefined,
  };
}

/** The option, then NO_COLOR, then FORCE_COLOR, then what the stream is. Empty variables say nothing. */
export function hasColour(wish: string | undefined, environment: Environment, terminal: boolean): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force = '', TERM: term } = environment;
  if (wish === 'always' || wish === 'never') return wish === 'always';
  if (no !== '') return false;
  if (force !== '') return force !== '0' && force !== 'false';
  return terminal && term !== 'dumb';
}

/**
 * What `--color` says, in every spelling of it. Looked up in the words as they came: a complaint about the words themselves
 * is to be coloured as well.
 */
export function colourWish(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  const at = flags.findLastIndex((word) => COLOUR_FLAG.test(word));
  if (at === -1) return undefined;
  const [, joined] = COLOUR_FLAG.exec(flags[at] as string) ?? [];
  return (joined ?? flags[at + 1])?.toLowerCase();
}

const COLOUR_FLAG = /^(?:--color|-col(?:or?)?)(?:[=:](.*))?$/i;

/** The consoles of Linux and plain terminals have few characters; elsewhere the locale says which are known. */
export function knowsSymbols({ TERM: term, LC_ALL: all, LC_CTYPE: type, LANG: lang }: Environment): boolean {
  if (term === 'dumb' || term === 'linux') return false;
  return process.platform === 'win32' || /utf-?8/i.test([all, type, lang].find((value) => value !== undefined && value !== '') ?? '');
}

/** Colours that are readable on light and on dark. */
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 } as const;
export type Colour = keyof typeof CODES;

export function paint({ colour }: Look, name: Colour, text: string): string {
  return colour && text !== '' ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text;
}
