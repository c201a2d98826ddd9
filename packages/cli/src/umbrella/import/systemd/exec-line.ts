/** Command lines of services, with systemd's own quoting. systemd.service(5), "Command lines". */
import type { Word, WordPart } from '../shell-text.ts';

/** One command of an ExecStart= and the like. */
export interface ExecCommand {
  /** Of `-`: a failure counts for nothing. */
  readonly mayFail: boolean;
  /** `@ : + ! |` as far as they stood there. */
  readonly prefixes: string;
  readonly words: readonly Word[];
  /** `%h` and the like, which stay as they are. */
  readonly specifiers: readonly string[];
}

/** The commands of a line, which lone semicolons part. */
export function parseExec(line: string): readonly ExecCommand[] {
  const words = splitWords(line);
  const commands: string[][] = [[]];
  for (const { text, bare } of words) {
    if (bare && text === ';') commands.push([]);
    else commands.at(-1)?.push(bare && text === '\\;' ? ';' : text);
  }
  return commands.filter((command) => command.length > 0).map(commandOf);
}

function commandOf([program = '', ...args]: readonly string[]): ExecCommand {
  const prefixes = /^[-@:+!|]*/.exec(program)?.[0] ?? '';
  const all = [program.slice(prefixes.length), ...args];
  const specifiers = [...new Set(all.flatMap((word) => word.replaceAll('%%', '').match(/%[a-zA-Z]/g) ?? []))];
  const literal = prefixes.includes(':');
  return { mayFail: prefixes.includes('-'), prefixes: prefixes.replaceAll('-', ''), specifiers, words: all.map((word, index) => partsOf(word.replaceAll('%%', '%'), literal || index === 0)) };
}

/** `$NAME` as a word of its own is cut at blanks, `${NAME}` anywhere is not, `$$` is a dollar. */
function partsOf(word: string, literal: boolean): Word {
  if (literal) return word === '' ? [] : [{ text: word }];
  const whole = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
  if (whole !== undefined) return [{ variable: whole, split: true }];
  return word.split(/(\$\{[A-Za-z_]\w*\})/).filter((piece) => piece !== '').map((piece): WordPart => {
    const variable = /^\$\{(\w+)\}$/.exec(piece)?.[1];
    return variable === undefined ? { text: piece.replaceAll('$$', '$') } : { variable };
  });
}

interface Piece {
  readonly text: string;
  /** Nothing of it was in quotes. */
  readonly bare: boolean;
}

/** Words of a value; quotes may begin anywhere in a word, and backslashes mean what they mean in C. */
export function splitWords(line: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line[at] as string)) {
      at++;
      continue;
    }
    const piece = readWord(line, at);
    pieces.push(piece);
    at = piece.end;
  }
  return pieces;
}

function readWord(line: string, start: number): Piece & { readonly end: number } {
  let text = '';
  let quote = '';
  let bare = true;
  let at = start;
  for (; at < line.length && (quote !== '' || !/\s/.test(line[at] as string)); ) {
    const letter = line[at] as string;
    if (letter === quote || (quote === '' && (letter === '"' || letter === "'"))) {
      quote = quote === '' ? letter : '';
      bare = false;
      at++;
    } else if (letter === '\\') {
      const escape = readEscape(line, at);
      text += escape.text;
      at += escape.length;
    } else {
      text += letter;
      at++;
    }
  }
  return { text, bare, end: at };
}

const LETTERS: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', s: ' ', '\\': '\\', '"': '"', "'": "'", ' ': ' ' };

/** What is no escape stays, backslash and all. */
function readEscape(line: string, at: number): { readonly text: string; readonly length: number } {
  const rest = line.slice(at + 1, at + 10);
  const code = /^(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{3}))/i.exec(rest);
  if (code !== null) {
    const value = code[4] === undefined ? Number.parseInt(code[1] ?? code[2] ?? (code[3] as string), 16) : Number.parseInt(code[4], 8);
    if (value <= 0x10ffff) return { text: String.fromCodePoint(value), length: code[0].length + 1 };
  }
  const letter = LETTERS[rest[0] ?? ''];
  return letter === undefined ? { text: `\\${rest[0] ?? ''}`, length: rest === '' ? 1 : 2 } : { text: letter, length: 2 };
}
