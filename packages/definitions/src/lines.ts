import type { Span } from './complaint.ts';

/** Where each line of the text begins. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last line that begins at or before the offset. */
export function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The line that begins at `start`, without its line end. */
export function lineFrom(text: string, start: number): Span {
  const found = text.indexOf('\n', start);
  const end = found === -1 ? text.length : found;
  return { start, end: end > start && text[end - 1] === '\r' ? end - 1 : end };
}

/** The line in which the offset stands. */
export function lineAround(text: string, offset: number): Span {
  return lineFrom(text, offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1);
}
