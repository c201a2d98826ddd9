import { closeSync } from 'node:fs';
import { JobError } from '@nightshift/sdk';
import { openRegular, readSome } from '../source-file.ts';

/** A line without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

const CHUNK = 1024 * 1024;
/** Bytes: a command may be as long as the system lets one be. */
const LONGEST = 4 * 1024 * 1024;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The lines of a regular file, or of standard input for `-`, blank ones left out; never more of it in memory than the longest
 * line. Throws as `openRegular`, `LimitExceeded` for a line above 4 MiB, `DefinitionSyntaxError` for what is not UTF-8.
 */
export function* linesOf(file: string): Generator<Line> {
  const descriptor = file === '-' ? 0 : openRegular(file);
  try {
    let number = 0;
    for (const bytes of pieces(descriptor, file)) {
      number += 1;
      const text = decoded(bytes, number, file);
      if (text.trim() !== '') yield { number, text };
    }
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

function* pieces(descriptor: number, file: string): Generator<Uint8Array> {
  const buffer = new Uint8Array(LONGEST + CHUNK);
  let [length, number] = [0, 0];
  for (;;) {
    const read = readSome(descriptor, buffer.subarray(0, Math.min(buffer.length, length + CHUNK)), length);
    const end = length + read;
    let begin = 0;
    for (let at = buffer.subarray(0, end).indexOf(10, length); at !== -1; at = buffer.subarray(0, end).indexOf(10, begin)) {
      number += 1;
      yield buffer.subarray(begin, at);
      begin = at + 1;
    }
    buffer.copyWithin(0, begin, end);
    length = end - begin;
    if (length > LONGEST) throw new JobError({ code: 'LimitExceeded', message: 'a line is longer than 4 MiB: this is not what get-job -o jsonl prints', file, line: number + 1, column: 1 });
    if (read > 0) continue;
    if (length > 0) yield buffer.subarray(0, length);
    return;
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array, line: number, file: string): string {
  try {
    const text = UTF_8.decode(bytes);
    return line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  } catch (cause) {
    throw new JobError({ code: 'DefinitionSyntaxError', message: 'this is no text: a byte is not UTF-8', file, line, column: 1 }, { cause });
  }
}
