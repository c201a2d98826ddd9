import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { START, STREAM_NAMES, type Cursor, type Instance, type ReadResult, type StreamName } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { FOLDER_OUTPUT } from '../../src/run-folder/folder-output.ts';
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

function read(run: Instance, after: Cursor = START, { streams = STREAM_NAMES, limit = 1_000 }: { streams?: readonly StreamName[]; limit?: number } = {}): Promise<ReadResult> {
  return readAttempts(FOLDER_OUTPUT, run, { after, streams, limit }, cut);
}

const texts = ({ records }: ReadResult): string[] => records.map(({ value }) => (typeof value === 'string' ? value : (value as { message: string }).message));

describe('the records of a run that was tried several times', () => {
  test('come attempt by attempt, numbered within each', async () => {
    const run = runOf('a\nb\n', 'c\n');
    print(run, 'x\n', 1, 'stderr');
    const { records, more, drained } = await read(ended(run));
    expect(records.map(({ channel, seq, stream }) => `${channel} ${seq} ${stream}`)).toEqual(['stdout 1 output', 'stdout 2 output', 'stderr 1 error', 'stdout 1 output']);
    expect({ more, drained }).toEqual({ more: false, drained: true });
  });

  test('of a closed attempt are all there, a last line without its end too; of the current one only whole lines', async () => {
    expect(texts(await read(runOf('a\nhalf', 'b\nhalf')))).toEqual(['a', 'half', 'b']);
  });

  test('come once, wherever a reader stopped', async () => {
    const run = ended(runOf('a\nb\nc\n', '', 'd\ne\n'));
    const seen: string[] = [];
    let cursor = START;
    for (let more = true; more; ) {
      const result = await read(run, cursor, { limit: 2 });
      seen.push(...texts(result));
      ({ cursor, more } = result);
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('go on after a cursor of the first attempt', async () => {
    const first = runOf('a\n');
    const { cursor, drained } = await read(first);
    expect(drained).toBe(true);
    print(first, 'late\n', 1);
    print(first, 'b\n', 2);
    expect(texts(await read(inAttempt(first, 2), cursor))).toEqual(['late', 'b']);
  });

  test('that one stream left out are there for it later, in every attempt', async () => {
    const run = ended(runOf('a\nw one\n', 'w two\nb\n'));
    const { cursor, records, drained } = await read(run, START, { streams: ['warning'] });
    expect({ count: records.length, drained }).toEqual({ count: 2, drained: false });
    expect(texts(await read(run, cursor))).toEqual(['a', 'b']);
  });

  test('are not drained as long as an attempt has some', async () => {
    const run = ended(runOf('a\n', 'b\n'));
    const { cursor } = await read(run, START, { limit: 1 });
    expect(await read(run, cursor, { limit: 1 })).toMatchObject({ more: false, drained: true });
    expect(await read(run, START, { limit: 1 })).toMatchObject({ more: true, drained: false });
    expect(await read(ended(runOf('a\nb\n', '')), START, { limit: 1 })).toMatchObject({ more: true, drained: false });
  });
});

describe('the records of work that was watched in several attempts', () => {
  const watched = (run: Run): Run => ({ ...run, run: { ...RUN, watches: true } });

  test('are those of one stream: a line that one attempt has begun is ended by the next', async () => {
    const run = watched(runOf('a\nha', '', 'lf\nb\n', 'rest'));
    expect(texts(await read(run))).toEqual(['a', 'half', 'b']);
    expect((await read(ended(run))).records.map(({ seq, value }) => `${seq} ${value as string}`)).toEqual(['1 a', '2 half', '3 b', '4 rest']);
    expect(await read(ended(run))).toMatchObject({ more: false, drained: true });
  });

  test('come once, also to a reader who came before the line had its end', async () => {
    const run = watched(runOf('a\nha'));
    const first = await read({ ...run, state: 'Disconnected' });
    expect([texts(first), first.drained]).toEqual([['a'], false]);
    print(run, 'lf\n', 2);
    const second = await read(inAttempt(run, 2), first.cursor);
    expect([texts(second), second.drained]).toEqual([['half'], true]);
    print(run, 'b\n', 2);
    expect(texts(await read(inAttempt(run, 2), second.cursor))).toEqual(['b']);
  });

  test('are, as bytes, exactly what was written', async () => {
    const run = watched(runOf('a\nha', '', 'lf\nb'));
    const bytes = async (state: 'Running' | 'Completed', limit: number, wholeLines: boolean): Promise<string[]> => {
      const pieces: string[] = [];
      for (let cursor = START; ; ) {
        const result = await readBytesOfAttempts(FOLDER_OUTPUT, { ...run, state }, { after: cursor, channel: 'stdout', limit, wholeLines });
        ({ cursor } = result);
        if (result.bytes.length === 0) return pieces;
        pieces.push(Buffer.from(result.bytes).toString());
      }
    };
    expect(await bytes('Running', 100, true)).toEqual(['a\nhalf\n']);
    expect(await bytes('Completed', 100, true)).toEqual(['a\nhalf\nb']);
    expect(await bytes('Running', 3, false)).toEqual(['a\nh', 'alf', '\nb']);
  });

  test('that is tried again are those of each try: a last line without its end is one', async () => {
    const run = runOf('a\nhalf', 'b\n');
    const retry = { limit: 1, delay: 0, factor: 1, maxDelay: 0, onInterrupted: false };
    expect(texts(await read({ ...run, run: { ...RUN, watches: true, retry } }))).toEqual(['a', 'half', 'b']);
  });

  test('are found in any number of attempts', async () => {
    const many = Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? '' : `line ${index}${index % 3 === 1 ? ' and' : '\n'}`));
    expect(texts(await read(ended(watched(runOf(...many)))))).toEqual(many.join('').trimEnd().split('\n'));
  });
});

describe('a cursor', () => {
  test('of the first attempt is that of a run that is tried once', async () => {
    const run = runOf('a\nb\n');
    expect((await read(run, START, { limit: 1 })).cursor).toBe((await readCommand(FOLDER_OUTPUT, run, { after: START, streams: STREAM_NAMES, limit: 1 }, cut)).cursor);
  });

  test('does not grow with the number of attempts that were consumed', async () => {
    const few = (await read(ended(runOf('a\n', 'b\n')))).cursor;
    const many = (await read(ended(runOf(...Array.from({ length: 40 }, () => 'a\n'))))).cursor;
    expect(many.length).toBeLessThanOrEqual(few.length + 2);
  });
});

describe('the bytes of a run that was tried several times', () => {
  test('come as they are, one attempt at a time', async () => {
    const run = ended(runOf('a\n', '', 'b'));
    const pieces: string[] = [];
    let cursor = START;
    for (;;) {
      const result = await readBytesOfAttempts(FOLDER_OUTPUT, run, { after: cursor, channel: 'stdout', limit: 100 });
      ({ cursor } = result);
      if (result.bytes.length === 0) {
        expect(result.drained).toBe(true);
        break;
      }
      pieces.push(Buffer.from(result.bytes).toString());
    }
    expect(pieces).toEqual(['a\n', 'b']);
  });

  test('may be followed by records, which go on behind them', async () => {
    const run = ended(runOf('a\nb\n', 'c\nd\n'));
    const first = await readBytesOfAttempts(FOLDER_OUTPUT, run, { after: START, channel: 'stdout', limit: 2 });
    expect(texts(await read(run, first.cursor))).toEqual(['b', 'c', 'd']);
  });
});

test('whatever was written and however it is read, each record comes once and in order', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed);
    const run = runOf(...Array.from({ length: 1 + upTo(random, 4) }, (_, attempt) => Array.from({ length: upTo(random, 6) }, (__, line) => `${oneOf(random, ['', 'w '])}${attempt}.${line}\n`).join('')));
    const all = texts(await read(ended(run)));
    const seen: string[] = [];
    let cursor = START;
    // Attempt by attempt, as somebody does who reads while they run.
    for (let attempt = 1; attempt <= run.attempt; attempt++) {
      const now = attempt === run.attempt ? ended(run) : inAttempt(run, attempt);
      for (let more = true; more; ) {
        const result = await read(now, cursor, { limit: 1 + upTo(random, 4) });
        seen.push(...texts(result));
        ({ cursor, more } = result);
      }
    }
    expect({ seed, seen }).toEqual({ seed, seen: all });
  }
});
