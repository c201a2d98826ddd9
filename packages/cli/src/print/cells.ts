/**
 * Cells that a text takes on a terminal: East Asian wide characters and emoji two, combining marks none, and what is joined
 * to an emoji by a joiner none. As tmux and most terminals count; where they differ (a variation selector behind a plain
 * sign) it is the smaller number.
 */
export function cellsOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let cells = 0;
  for (const [, width] of lettersOf(text)) cells += width;
  return cells;
}

/** As much of a text as fits, with a mark where it was cut; never cut inside a letter or between a letter and its marks. */
export function cutTo(text: string, width: number, mark: string): string {
  if (cellsOf(text) <= width) return text;
  const room = width - cellsOf(mark);
  if (room < 0) return mark.slice(0, Math.max(0, width));
  let [taken, cells] = ['', 0];
  for (const [letter, own] of lettersOf(text)) {
    cells += own;
    if (cells > room) break;
    taken += letter;
  }
  return taken.replace(OPEN_JOIN, '') + mark;
}

/** Each letter with its cells. */
export function* lettersOf(text: string): Generator<readonly [letter: string, cells: number]> {
  let isJoined = false;
  for (const letter of text) {
    yield [letter, isJoined ? 0 : widthOf(letter)];
    isJoined = letter === JOINER;
  }
}

const JOINER = '\u200d';
/** A joiner with nothing behind it would join the mark of the cut. */
const OPEN_JOIN = /\u200d$/;
const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/;
/** Compiled when a letter needs them: the classes of Unicode cost a start a hundredth of an empty Node process. */
const noCell = (letter: string): boolean => /\p{Mn}|\p{Me}|\p{Cf}|[\u1160-\u11ff\ud7b0-\ud7ff]/u.test(letter);
const twoCells = (letter: string): boolean =>
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(letter);
/** Two of these letters make one flag. */
const halfAFlag = (letter: string): boolean => /[\u{1f1e6}-\u{1f1ff}]/u.test(letter);

function widthOf(letter: string): number {
  if (letter < '\u0300') return 1;
  if (noCell(letter)) return 0;
  return twoCells(letter) && !halfAFlag(letter) ? 2 : 1;
}
