import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { START, STREAM_NAMES, type Cursor, type Instance, type JobState, type ReadResult, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { FOLDER_OUTPUT } from '../../src/run-folder/folder-output.ts';
import { readBytesOf, readCommand, type CutRecord } from '../../src/run-folder/read-command.ts';
import { cut, RUN, temporaryFolder } from '../folder.ts';
import { oneOf, seeded, upTo } from '../seeded.ts';

const CHUNK = 262_144;

type Run = Instance & { readonly runFolder: string };

/** A run and its two files. */
function runOf(state: JobState = 'Running'): Run {
  const runFolder = temporaryFolder();
  mkdirSync(join(runFolder, '1'));
  return { id: 2, instanceId: 'i2', name: 'Job2', type: 'ShellJob', location: 'localhost', command: 'true', attempt: 1, origin: { kind: 'parent', parentId: 1 }, run: RUN, state, runFolder };
}

const ended = (run: Run): Run => ({ ...run, state: 'Completed' });
const fileOf = ({ runFolder }: { readonly runFolder: string }, channel: 'stdout' | 'stderr' = 'stdout'): string => join(runFolder, '1', channel);
const print = (run: { readonly runFolder: string }, text: string | Uint8Array, channel: 'stdout' | 'stderr' = 'stdout'): void => appendFileSync(fileOf(run, channel), text);

function read(run: Instance, after: Cursor = START, { streams = STREAM_NAMES, limit = 1_000 }: { streams?: readonly StreamName[]; limit?: number } = {}): Promise<ReadResult> {
  return readCommand(FOLDER_OUTPUT, run, { after, streams, limit }, cut);
}

const bytesOf = ({ bytes }: StoredRecord): Buffer => Buffer.from(bytes ?? []);
const textOf = ({ stream, value }: StoredRecord): string => (stream === 'error' ? (value as { message: string }).message : (value as string));
const texts = ({ records }: ReadResult): string[] => records.map(textOf);

describe('a line', () => {
  test.each([
    ['one line', 'one\n', ['one'], ['one']],
    ['two lines', 'one\ntwo\n', ['one', 'two'], ['one', 'two']],
    ['a last line without its end', 'one\ntwo', ['one'], ['one', 'two']],
    ['nothing', '', [], []],
    ['an empty line', '\n', [''], ['']],
    ['empty lines', '\n\n\n', ['', '', ''], ['', '', '']],
    ['ends of two characters', 'one\r\ntwo\r\n', ['one', 'two'], ['one', 'two']],
    ['ends of both kinds', 'one\r\ntwo\nthree\r\n', ['one', 'two', 'three'], ['one', 'two', 'three']],
    ['a last line with half an end', 'one\r\ntwo\r', ['one'], ['one', 'two\r']],
    ['a carriage return inside', 'a\rb\n', ['a\rb'], ['a\rb']],
    ['two carriage returns', 'a\r\r\n', ['a\r'], ['a\r']],
    ['nothing but ends', '\r\n\r\n', ['', ''], ['', '']],
    ['the byte zero', 'a\0b\n\0\n', ['a\0b', '\0'], ['a\0b', '\0']],
  ])('is a record: %s', async (_what, text, running, finished) => {
    const run = runOf();
    print(run, text);
    expect(texts(await read(run))).toEqual(running);
    expect(texts(await read(ended(run)))).toEqual(finished);
  });

  test('is numbered from one within its file, stdout before stderr', async () => {
    const run = runOf();
    print(run, 'a\nw b\nc\n');
    print(run, 'd\ne\n', 'stderr');
    expect((await read(run)).records.map(({ channel, seq, stream, at }) => `${channel} ${seq} ${stream} ${at}`)).toEqual(['stdout 1 output null', 'stdout 2 warning null', 'stdout 3 output null', 'stderr 1 error null', 'stderr 2 error null']);
  });

  test('keeps its bytes, with its end if it has one', async () => {
    const run = runOf('Completed');
    print(run, Uint8Array.of(0xff, 0xfe, 0x00, 0x0a, 0xc3, 0x0d, 0x0a, 0x0d, 0x61));
    expect((await read(run)).records.map(bytesOf)).toEqual([Buffer.of(0xff, 0xfe, 0x00, 0x0a), Buffer.of(0xc3, 0x0d, 0x0a), Buffer.of(0x0d, 0x61)]);
  });

  test('that was read as a stream command has no bytes', async () => {
    const run = runOf();
    print(run, 'w careful\n');
    expect((await read(run)).records[0]).not.toHaveProperty('bytes');
  });

  test('without its end is delivered once it has one, and whole', async () => {
    const run = runOf();
    print(run, 'one\ntw');
    const first = await read(run);
    expect(first).toMatchObject({ more: false, drained: false });
    expect(texts(await read(run, first.cursor))).toEqual([]);
    print(run, 'o\n');
    const second = await read(run, first.cursor);
    expect(texts(second)).toEqual(['two']);
    expect(second.drained).toBe(true);
  });

  test('without its end that a finished run left is delivered once', async () => {
    const run = runOf('Completed');
    print(run, 'one\ntwo');
    const first = await read(run);
    expect(first).toMatchObject({ more: false, drained: true });
    expect(texts(await read(run, first.cursor))).toEqual([]);
  });

  test.each([-2, -1, 0, 1, 2])('that ends %i bytes from the border of two chunks is whole, with either end', async (distance) => {
    for (const end of ['\n', '\r\n']) {
      const run = runOf('Completed');
      const lines = ['x'.repeat(CHUNK + distance), 'after', '', 'y'.repeat(CHUNK * 2 + distance), 'last'];
      print(run, lines.map((line) => line + end).join(''));
      expect(texts(await read(run)).map((line) => line.length)).toEqual(lines.map((line) => line.length));
      expect(texts(await read(run))).toEqual(lines);
    }
  });

  test('whose letters lie on both sides of a border is whole', async () => {
    const run = runOf('Completed');
    for (const shift of [1, 2, 3]) print(run, `${'x'.repeat(shift)}${'😀'.repeat(CHUNK / 4)}\n`);
    expect(texts(await read(run))).toEqual([1, 2, 3].map((shift) => 'x'.repeat(shift) + '😀'.repeat(CHUNK / 4)));
  });

  test('of three million bytes is one record', async () => {
    const run = runOf('Completed');
    const line = 'abc'.repeat(1_000_000);
    print(run, `${line}\nnext\n`);
    expect(texts(await read(run))).toEqual([line, 'next']);
  });

  test.each(['\n', '\r\n', ''])('of twenty million bytes comes in pieces that are the line together, with the end %j', async (end) => {
    const run = runOf('Completed');
    const line = Buffer.from(Array.from({ length: 20_000 }, (_, index) => String(index).padStart(1_000, '.')).join(''));
    print(run, line);
    print(run, `${end}${end === '' ? '' : 'next\n'}`);
    const records: StoredRecord[] = [];
    let cursor = START;
    for (let more = true; more; ) {
      const result = await read(run, cursor, { limit: 2 });
      records.push(...result.records);
      ({ cursor, more } = result);
    }
    const pieces = end === '' ? records : records.slice(0, -1);
    expect(Buffer.concat(pieces.map(bytesOf)).equals(Buffer.concat([line, Buffer.from(end)]))).toBe(true);
    expect(Math.max(...pieces.map((piece) => bytesOf(piece).length))).toBeLessThan(6_000_000);
    if (end !== '') expect(textOf(records.at(-1) as StoredRecord)).toBe('next');
  });
});

describe('reading in portions', () => {
  test('gives at most so many records, says that there are more, and goes on where it was', async () => {
    const run = runOf('Completed');
    print(run, 'a\nb\nc\n');
    print(run, 'd\ne\n', 'stderr');
    const first = await read(run, START, { limit: 2 });
    expect([texts(first), first.more, first.drained]).toEqual([['a', 'b'], true, false]);
    const second = await read(run, first.cursor, { limit: 2 });
    expect([texts(second), second.more, second.drained]).toEqual([['c', 'd'], true, false]);
    const third = await read(run, second.cursor, { limit: 2 });
    expect([texts(third), third.more, third.drained]).toEqual([['e'], false, true]);
  });

  test('that ends exactly at the end of all says that there is no more', async () => {
    const run = runOf('Completed');
    print(run, 'a\nb\n');
    expect(await read(run, START, { limit: 2 })).toMatchObject({ more: false, drained: true });
  });

  test('that ends exactly at the end of stdout says that stderr has more', async () => {
    const run = runOf('Completed');
    print(run, 'a\nb\n');
    print(run, 'c\n', 'stderr');
    expect(await read(run, START, { limit: 2 })).toMatchObject({ more: true, drained: false });
  });

  test('of nothing wanted gives nothing and moves nothing', async () => {
    const run = runOf('Completed');
    print(run, 'a\n');
    const { cursor, records } = await read(run, START, { streams: [] });
    expect(records).toEqual([]);
    expect(texts(await read(run, cursor))).toEqual(['a']);
  });

  test('of a run that has no files yet gives nothing', async () => {
    expect(await read(runOf())).toMatchObject({ records: [], more: false, drained: true });
  });

  test('goes on when a file appears later', async () => {
    const run = runOf();
    const { cursor } = await read(run);
    print(run, 'a\n');
    print(run, 'b\n', 'stderr');
    expect(texts(await read(run, cursor))).toEqual(['a', 'b']);
  });

  test('reads the files of the current attempt', async () => {
    const run = runOf('Completed');
    print(run, 'first\n');
    mkdirSync(join(run.runFolder, '2'));
    writeFileSync(join(run.runFolder, '2', 'stdout'), 'second\n');
    expect(texts(await read({ ...run, attempt: 2 }))).toEqual(['second']);
  });

  test('does not mind a file that was cut short', async () => {
    const run = runOf('Completed');
    print(run, 'a\nb\nc\n');
    const { cursor } = await read(run);
    writeFileSync(fileOf(run), 'a\n');
    expect(await read(run, cursor)).toMatchObject({ records: [], more: false });
  });
});

describe('a place for each stream', () => {
  test('lets one stream be read and the others wait', async () => {
    const run = runOf('Completed');
    print(run, 'a\nw b\nc\nv d\n');
    print(run, 'e\n', 'stderr');
    const warnings = await read(run, START, { streams: ['warning'] });
    expect([texts(warnings), warnings.drained]).toEqual([['w b'], false]);
    const output = await read(run, warnings.cursor, { streams: ['output'] });
    expect([texts(output), output.drained]).toEqual([['a', 'c'], false]);
    const rest = await read(run, output.cursor);
    expect([texts(rest), rest.drained]).toEqual([['v d', 'e'], true]);
  });

  test('numbers a record the same whoever reads it first', async () => {
    const run = runOf('Completed');
    print(run, 'a\nw b\nc\n');
    const { cursor } = await read(run, START, { streams: ['warning'] });
    expect((await read(run, cursor)).records.map(({ seq }) => seq)).toEqual([1, 3]);
  });

  test('is at the end for streams that have nothing, when the others were read', async () => {
    const run = runOf('Completed');
    print(run, 'a\nb\n');
    expect(await read(run, START, { streams: ['output'] })).toMatchObject({ more: false, drained: true });
  });

  test('is not at the end while a stream that was passed over has records', async () => {
    const run = runOf('Completed');
    print(run, 'a\nw b\n');
    const { cursor, drained } = await read(run, START, { streams: ['output'] });
    expect(drained).toBe(false);
    expect(texts(await read(run, cursor))).toEqual(['w b']);
  });
});

/** Lines of every kind and length, and how they should come out. */
function randomLines(random: () => number, count: number): string[] {
  const letters = ['a', 'ü', '😀', ' ', '\t', '\r', '\0', ':'];
  return Array.from({ length: count }, () => {
    const length = oneOf(random, [0, 1, 2, 10, 80, 80, 500, upTo(random, 3_000), random() < 0.05 ? CHUNK - 3 + upTo(random, 6) : 5]);
    const text = Array.from({ length: Math.min(length, 40) }, () => oneOf(random, letters)).join('') + 'x'.repeat(Math.max(0, length - 40));
    return oneOf(random, ['', '', 'w ', 'v ']) + text;
  });
}

const SEEDS = Array.from({ length: 25 }, (_, index) => [index + 1]);

describe('whatever a command prints and whenever somebody reads', () => {
  test.each(SEEDS)('each line is delivered once, in order and whole (seed %i)', async (seed) => {
    const random = seeded(seed);
    const run = runOf();
    const channels = (['stdout', 'stderr'] as const).map((channel) => {
      const lines = randomLines(random, 60);
      const bytes = Buffer.from(lines.map((line, index) => line + (index === lines.length - 1 && random() < 0.5 ? '' : oneOf(random, ['\n', '\r\n']))).join(''));
      return { channel, bytes, written: 0 };
    });
    const got: StoredRecord[] = [];
    let cursor = START;
    while (channels.some(({ bytes, written }) => written < bytes.length)) {
      for (const one of channels) {
        const piece = one.bytes.subarray(one.written, one.written + upTo(random, oneOf(random, [3, 50, 5_000, CHUNK + 100])));
        print(run, piece, one.channel);
        one.written += piece.length;
      }
      const result = await read(run, cursor, { limit: 1 + upTo(random, 30) });
      got.push(...result.records);
      ({ cursor } = result);
    }
    for (let more = true; more; ) {
      const result = await read(ended(run), cursor, { limit: 1 + upTo(random, 30) });
      got.push(...result.records);
      ({ cursor, more } = result);
      if (!more) expect(result.drained).toBe(true);
    }
    for (const { channel, bytes } of channels) {
      const lines = bytes.toString().match(/[^\n]*\n|[^\n]+$/g) ?? [];
      const records = got.filter((record) => record.channel === channel);
      expect(records.map(textOf)).toEqual(lines.map((line) => line.replace(/\r?\n$/, '')));
      for (const [index, record] of records.entries()) if (record.bytes !== undefined) expect(bytesOf(record).toString()).toBe(lines[index]);
      expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    }
  });

  test.each(SEEDS)('each record of each stream is consumed once, whichever streams are asked for (seed %i)', async (seed) => {
    const random = seeded(1_000 + seed);
    const run = runOf();
    const lines = randomLines(random, 80).map((line) => line.replaceAll('\r', ''));
    const errors = randomLines(random, 10).map((line) => line.replaceAll('\r', ''));
    let [printed, told] = [0, 0];
    let cursor = START;
    const got: StoredRecord[] = [];
    const take = async (from: Instance, streams: readonly StreamName[]): Promise<ReadResult> => {
      const result = await read(from, cursor, { streams, limit: 1 + upTo(random, 10) });
      expect(result.records.every(({ stream }) => streams.includes(stream))).toBe(true);
      got.push(...result.records);
      ({ cursor } = result);
      return result;
    };
    while (printed < lines.length || told < errors.length) {
      const [upToLine, upToError] = [Math.min(lines.length, printed + upTo(random, 6)), Math.min(errors.length, told + upTo(random, 1))];
      print(run, lines.slice(printed, upToLine).map((line) => `${line}\n`).join(''));
      print(run, errors.slice(told, upToError).map((line) => `${line}\n`).join(''), 'stderr');
      [printed, told] = [upToLine, upToError];
      await take(run, STREAM_NAMES.filter(() => random() < 0.4));
    }
    let last = await take(ended(run), STREAM_NAMES);
    while (last.more) last = await take(ended(run), STREAM_NAMES);
    expect(last.drained).toBe(true);
    const streamOf = (line: string): StreamName => (line.startsWith('w ') ? 'warning' : line.startsWith('v ') ? 'verbose' : 'output');
    for (const stream of ['output', 'warning', 'verbose'] as const) {
      expect(got.filter((record) => record.stream === stream).map(({ value }) => value)).toEqual(lines.filter((line) => streamOf(line) === stream));
    }
    expect(got.filter(({ stream }) => stream === 'error').map(textOf)).toEqual(errors);
    for (const record of got) expect((record.channel === 'stderr' ? errors : lines)[record.seq - 1]).toBe(textOf(record));
  });
});

describe('bytes of a channel', () => {
  const bytesAfter = async (run: Instance, after: Cursor, how: { channel?: 'stdout' | 'stderr'; limit?: number; wholeLines?: boolean } = {}) => {
    const { bytes, ...facts } = await readBytesOf(FOLDER_OUTPUT, run, { after, channel: 'stdout', limit: 10, ...how });
    return { text: Buffer.from(bytes).toString('latin1'), ...facts };
  };

  test('come in pieces of the limit, to the end and no further', async () => {
    const run = runOf();
    print(run, 'one\r\ntwo\nthree');
    const first = await bytesAfter(run, START);
    const second = await bytesAfter(run, first.cursor);
    const third = await bytesAfter(run, second.cursor);
    expect([first, second, third].map(({ text, drained }) => [text, drained])).toEqual([['one\r\ntwo\nt', false], ['hree', false], ['', true]]);
  });

  test.each([
    ['one\ntwo\nth', 'one\ntwo\n', false],
    ['one\ntw', 'one\n', false],
    ['one', '', false],
    ['one', 'one', true],
    ['a line longer than the limit\n', 'a line lon', false],
    ['', '', true],
  ])('as whole lines: of %j come %j (finished: %s)', async (text, whole, finished) => {
    const run = runOf();
    print(run, text);
    expect((await bytesAfter(finished ? ended(run) : run, START, { wholeLines: true })).text).toBe(whole);
  });

  test('as whole lines come only where all streams are at one place', async () => {
    const run = ended(runOf());
    print(run, 'one\nw two\nthree\n');
    const { cursor } = await read(run, START, { streams: ['warning'] });
    expect(await bytesAfter(run, cursor, { wholeLines: true })).toMatchObject({ text: '', uneven: true });
    expect(await bytesAfter(run, cursor, { wholeLines: true, channel: 'stderr' })).not.toHaveProperty('uneven');
  });

  test('leave the other channel where it was', async () => {
    const run = ended(runOf());
    print(run, 'one\n');
    print(run, 'oh\n', 'stderr');
    const { cursor } = await bytesAfter(run, START);
    expect(texts(await read(run, cursor))).toEqual(['oh']);
  });

  test('leave numbers to be counted by the next reader of records', async () => {
    const run = ended(runOf());
    print(run, 'one\nw two\nthree\nfour\n');
    const { cursor } = await bytesAfter(run, START, { limit: 10 });
    expect((await read(run, cursor)).records.map((record) => [record.seq, textOf(record)])).toEqual([[3, 'three'], [4, 'four']]);
  });

  test('of a file that is not there are none', async () => {
    expect(await bytesAfter(ended(runOf()), START)).toMatchObject({ text: '', drained: true });
  });
});

describe('the rest of a line whose beginning was delivered as bytes', () => {
  const commands: CutRecord = (line, channel, facts) => (facts?.streamCommands !== false && Buffer.from(line).toString().startsWith('w ') ? { stream: 'warning', value: 'a warning' } : cut(Buffer.from(`.${Buffer.from(line).toString()}`), channel, facts));

  test.each([
    ['is no stream command', 'xxxw middle\nw whole\n', 3],
    ['is one where it is a whole line', 'xx\nw whole\n', 0],
  ])('%s', async (_what, text, limit) => {
    const run = ended(runOf());
    print(run, text);
    const { cursor } = await readBytesOf(FOLDER_OUTPUT, run, { after: START, channel: 'stdout', limit });
    expect((await readCommand(FOLDER_OUTPUT, run, { after: cursor, streams: STREAM_NAMES, limit: 10 }, commands)).records.map(({ stream }) => stream)).toEqual(['output', 'warning']);
  });

  test('nor is a piece of a line that is longer than a record may be', async () => {
    const run = ended(runOf());
    print(run, `${'x'.repeat(4_194_304)}w middle\nw whole\n`);
    const { records } = await readCommand(FOLDER_OUTPUT, run, { after: START, streams: STREAM_NAMES, limit: 10 }, commands);
    expect(records.map(({ stream }) => stream)).toEqual(['output', 'output', 'warning']);
  });
});

describe('a warning that comes once', () => {
  const warning: CutRecord = (line, channel, facts) => {
    const record = cut(line, channel, facts);
    return Buffer.from(line).toString().startsWith('odd') ? { ...record, firstWarning: 'one is odd' } : record;
  };
  const readOdd = (run: Instance, after: Cursor = START, streams: readonly StreamName[] = STREAM_NAMES): Promise<ReadResult> => readCommand(FOLDER_OUTPUT, run, { after, streams, limit: 1_000 }, warning);
  const brief = ({ records }: ReadResult): string[] => records.map(({ seq, stream, value }) => `${seq} ${stream} ${String(value)}`);

  test('follows its line with a number of its own', async () => {
    const run = ended(runOf());
    print(run, 'one\nodd two\nodd three\n');
    expect(brief(await readOdd(run))).toEqual(['1 output one', '2 output odd two', '3 warning one is odd', '4 output odd three']);
  });

  test('does not come again after a cursor in the middle, nor after bytes', async () => {
    const run = runOf();
    print(run, 'odd one\n');
    const { cursor } = await readOdd(run);
    const { cursor: byBytes } = await readBytesOf(FOLDER_OUTPUT, run, { after: START, channel: 'stdout', limit: 100 });
    print(run, 'odd two\n');
    expect(brief(await readOdd(run, cursor))).toEqual(['3 output odd two']);
    expect(brief(await readOdd(run, byBytes))).toEqual(['3 output odd two']);
  });

  test('stays for a reader of warnings when only output was read', async () => {
    const run = ended(runOf());
    print(run, 'odd one\ntwo\n');
    const { cursor, drained } = await readOdd(run, START, ['output']);
    expect(drained).toBe(false);
    expect(brief(await readOdd(run, cursor))).toEqual(['2 warning one is odd']);
  });
});
