/**
 * What a run of JavaScript was given as its input: values that were said with it, or the lines of the standard input that was
 * copied into the folder of the attempt that somebody started. Each host begins it anew, and nothing is read before it is asked for.
 */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { attemptFolder, RUN_FILES } from '@nightshift/store';
import type { CodeOrder } from './order.ts';

/** In order; ends at once when there is none. A line has no end of line, and the last one needs none. */
export async function* readInput(order: Pick<CodeOrder, 'runFolder' | 'instance' | 'input'>): AsyncGenerator<unknown, void, undefined> {
  if (order.input !== undefined) return yield* order.input;
  const path = inputFile(order);
  if (path !== undefined) yield* linesOf(path);
}

/** The standard input that was kept. A later attempt has none of its own: it gets what was said when the job was started. */
export function inputFile({ runFolder, instance: { attempt }, input }: Pick<CodeOrder, 'runFolder' | 'instance' | 'input'>): string | undefined {
  if (input !== undefined) return undefined;
  for (let number = attempt; number > 0; number--) {
    const path = join(attemptFolder(runFolder, number), RUN_FILES.stdin);
    if (existsSync(path)) return path;
  }
  return undefined;
}

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  let begun = '';
  for await (const piece of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    // So that one long line is put together once, not with each of its pieces.
    const [first = '', ...others] = piece.split('\n');
    begun += first;
    for (const next of others) {
      yield withoutReturn(begun);
      begun = next;
    }
  }
  if (begun !== '') yield withoutReturn(begun);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
