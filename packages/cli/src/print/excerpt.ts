import type { JobErrorFacts } from '@nightshift/sdk';
import { cellsOf } from './cells.ts';
import { paint, type Look } from './look.ts';
import { sanitiseLine } from './sanitise.ts';

/** How many cells of a long line are shown around the fault; less on a narrow terminal, where a caret must not slip into another line. */
const SHOWN = 100;
/** The fault itself and a little on each side, however narrow the terminal is. */
const LEAST = 16;

/** The source line that is complained about, and a caret line under the fault; empty where there is none. */
export function excerptOf({ excerpt, line, column }: JobErrorFacts, look: Look): string {
  if (excerpt === undefined || line === undefined || column === undefined) return '';
  const gutter = `  ${line} | `;
  const letters = [...excerpt.text].map((letter) => (letter === '\t' ? ' ' : sanitiseLine(letter)));
  const room = Math.max(LEAST, Math.min(SHOWN, (look.width ?? Infinity) - gutter.length - 1));
  const [from, to] = windowOf(letters, column - 1, room);
  const mark = look.width === undefined || look.symbols ? '…' : '~';
  const [before, behind] = [from > 0 ? mark : '', to < letters.length ? mark : ''];
  const shown = `${before}${letters.slice(from, to).join('')}${behind}`;
  const start = cellsOf(before + letters.slice(from, column - 1).join(''));
  const length = Math.max(1, cellsOf(letters.slice(column - 1, Math.min(to, column - 1 + excerpt.length)).join('')));
  const empty = `${' '.repeat(gutter.length - 2)}| `;
  return `${paint(look, 'grey', gutter)}${shown}\n${paint(look, 'grey', empty)}${' '.repeat(start)}${paint(look, 'red', '^'.repeat(length))}\n`;
}

/** As many letters as fit into the room, about as many before the fault as behind it. */
function windowOf(letters: readonly string[], fault: number, room: number): readonly [from: number, to: number] {
  if (cellsOf(letters.join('')) <= room) return [0, letters.length];
  let from = Math.min(fault, letters.length);
  let cells = 2;
  while (from > 0 && cells + cellsOf(letters[from - 1] as string) <= room / 2) cells += cellsOf(letters[--from] as string);
  let to = Math.min(fault, letters.length);
  while (to < letters.length && cells + cellsOf(letters[to] as string) <= room) cells += cellsOf(letters[to++] as string);
  return [from, to];
}
