import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { START, STREAM_NAMES, type Cursor, type Instance, type ReadResult, type StreamName } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { readAttempts, readBytesOfAttempts } from '../../src/run-folder/read-attempts.ts';
import { readCommand } from '../../src/run-folder/read-command.ts';
import { cut, RUN, temporaryFolder } from '../folder.ts';
import { oneOf, seeded, upTo } from '../seeded.ts';

type Run = Instance & { readonly runFolder: string };

/** A run in an attempt of this number, with the text that each attempt wrote to stdout. */
function runOf(...texts: readonly string[]): Run {
  const runFolder = temporaryFolder();
  const run: Run = { id: 2, instanceId: 'i2', name: 'Job2', type: 'ShellJob', location: 'localhost', command: 'true', attempt: texts.length, origin: { kind: 'parent', parentId: 1 }, run: RUN, state: 'Running', runFolder };
  texts.forEach((text, index) => print(run, text, index + 1));
  return run;
}

function print({ runFolder }: Run, text: string, attempt: number, channel: 'stdout' | 'stderr' = 'stdout'): void {
  mkdirSync(join(runFolder, String(attempt)), { recursive: true });
  appendFileSync(join(runFolder, String(attempt), channel), text);
}

const ended = (run: Run): Run => ({ ...run, state: 'Completed' });
const inAttempt = (run: Run, attempt: number): Run => ({ ...run, attempt });

function read(run: Instance, after: Cursor = START, { streams = STREAM_NAMES, limit = 1_000 }: { streams?: readonly StreamName[]; limit?: number } = {}): ReadResult {
  return readAttempts(run, { after, streams, limit }, cut);
}

const texts = ({ records }: ReadResult): string[] => records.map(({ value }) => (typeof value === 'string' ? value : (value as { message: string }).message));

describe('the records of a run that was tried several times', () => {
  test('come attempt by attempt, numbered within each', () => {
    const run = runOf('a\nb\n', 'c\n');
    print(run, 'x\n', 1, 'stderr');
    const { records, more, drained } = read(ended(run));
    expect(records.map(({ channel, seq, stream }) => `${channel} ${seq} ${stream}`)).toEqual(['stdout 1 output', 'stdout 2 output', 'stderr 1 error', 'stdout 1 output']);
    expect({ more, drained }).toEqual({ more: false, drained: true });
  });

  test('of a closed attempt are all there, a last line without its end too; of the current one only whole lines', () => {
    expect(texts(read(runOf('a\nhalf', 'b\nhalf')))).toEqual(['a', 'half', 'b']);
  });

  test('come once, wherever a reader stopped', () => {
    const run = ended(runOf('a\nb\nc\n', '', 'd\ne\n'));
    const seen: string[] = [];
    let cursor = START;
    for (let more = true; more; ) {
      const result = read(run, cursor, { limit: 2 });
      seen.push(...texts(result));
      ({ cursor, more } = result);
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('go on after a cursor of the first attempt', () => {
    const first = runOf('a\n');
    const { cursor, drained } = read(first);
    expect(drained).toBe(true);
    print(first, 'late\n', 1);
    print(first, 'b\n', 2);
    expect(texts(read(inAttempt(first, 2), cursor))).toEqual(['late', 'b']);
  });

  test('that one stream left out are there for it later, in every attempt', () => {
    const run = ended(runOf('a\nw one\n', 'w two\nb\n'));
    const { cursor, records, drained } = read(run, START, { streams: ['warning'] });
    expect({ count: records.length, drained }).toEqual({ count: 2, drained: false });
    expect(texts(read(run, cursor))).toEqual(['a', 'b']);
  });

  test('are not drained as long as an attempt has some', () => {
    const run = ended(runOf('a\n', 'b\n'));
    const { cursor } = read(run, START, { limit: 1 });
    expect(read(run, cursor, { limit: 1 })).toMatchObject({ more: false, drained: true });
    expect(read(run, START, { limit: 1 })).toMatchObject({ more: true, drained: false });
    expect(read(ended(runOf('a\nb\n', '')), START, { limit: 1 })).toMatchObject({ more: true, drained: false });
  });
});

describe('a cursor', () => {
  test('of the first attempt is that of a run that is tried once', () => {
    const run = runOf('a\nb\n');
    expect(read(run, START, { limit: 1 }).cursor).toBe(readCommand(run, { after: START, streams: STREAM_NAMES, limit: 1 }, cut).cursor);
  });

  test('does not grow with the number of attempts that were consumed', () => {
    const few = read(ended(runOf('a\n', 'b\n'))).cursor;
    const many = read(ended(runOf(...Array.from({ length: 40 }, () => 'a\n')))).cursor;
    expect(many.length).toBeLessThanOrEqual(few.length + 2);
  });
});

describe('the bytes of a run that was tried several times', () => {
  test('come as they are, one attempt at a time', () => {
    const run = ended(runOf('a\n', '', 'b'));
    const pieces: string[] = [];
    let cursor = START;
    for (;;) {
      const result = readBytesOfAttempts(run, { after: cursor, channel: 'stdout', limit: 100 });
      ({ cursor } = result);
      if (result.bytes.length === 0) {
        expect(result.drained).toBe(true);
        break;
      }
      pieces.push(Buffer.from(result.bytes).toString());
    }
    expect(pieces).toEqual(['a\n', 'b']);
  });

  test('may be followed by records, which go on behind them', () => {
    const run = ended(runOf('a\nb\n', 'c\nd\n'));
    const first = readBytesOfAttempts(run, { after: START, channel: 'stdout', limit: 2 });
    expect(texts(read(run, first.cursor))).toEqual(['b', 'c', 'd']);
  });
});

test('whatever was written and however it is read, each record comes once and in order', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed);
    const run = runOf(...Array.from({ length: 1 + upTo(random, 4) }, (_, attempt) => Array.from({ length: upTo(random, 6) }, (__, line) => `${oneOf(random, ['', 'w '])}${attempt}.${line}\n`).join('')));
    const all = texts(read(ended(run)));
    const seen: string[] = [];
    let cursor = START;
    // Attempt by attempt, as somebody does who reads while they run.
    for (let attempt = 1; attempt <= run.attempt; attempt++) {
      const now = attempt === run.attempt ? ended(run) : inAttempt(run, attempt);
      for (let more = true; more; ) {
        const result = read(now, cursor, { limit: 1 + upTo(random, 4) });
        seen.push(...texts(result));
        ({ cursor, more } = result);
      }
    }
    expect({ seed, seen }).toEqual({ seed, seen: all });
  }
});
