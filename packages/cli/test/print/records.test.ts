import type { JobView, Receivable } from '@nightshift/host';
import type { StoredRecord, StreamName } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createRecordPrinter, type RecordStyle } from '../../src/print/records.ts';
import { printed } from '../printed.ts';

const record = (stream: StreamName, value: unknown, facts: Partial<StoredRecord> = {}): StoredRecord => ({ seq: 1, at: null, stream, value, ...facts }) as unknown as StoredRecord;
const line = (text: string, facts: Partial<StoredRecord> = {}): StoredRecord => record('output', text, { bytes: Buffer.from(`${text}\n`), channel: 'stdout', ...facts } as Partial<StoredRecord>);

const shown = (records: readonly StoredRecord[], style: Partial<RecordStyle> = {}) =>
  printed(() => {
    const printer = createRecordPrinter({ format: 'table', showVerbose: false, showDebug: false, ...style });
    printer.print({ jobId: 7, records });
    printer.end();
  });

/** The same of a record that comes from a computer. */
const shownFrom = (name: string, isOneOfSeveral: boolean, records: readonly StoredRecord[], style: Partial<RecordStyle> = {}) =>
  printed(() => {
    const printer = createRecordPrinter({ format: 'table', showVerbose: false, showDebug: false, ...style });
    printer.print({ jobId: 7, records, computer: { name, isOneOfSeveral } });
    printer.end();
  });

describe('as text', () => {
  test.each([
    ['output', 'a', 'a\n', ''],
    ['output', { a: 1 }, '{"a":1}\n', ''],
    ['output', 7, '7\n', ''],
    ['output', '', '\n', ''],
    ['error', { message: 'broken' }, '', 'broken\n'],
    ['warning', 'w', '', 'WARNING: w\n'],
    ['information', { message: 'i' }, '', 'INFO: i\n'],
    ['verbose', 'v', '', ''],
    ['debug', 'd', '', ''],
    ['progress', { activity: 'p', percent: 50 }, '', ''],
  ] as const)('%s %j goes where it belongs', async (stream, value, out, error) => {
    expect(await shown([record(stream, value)])).toMatchObject({ out, error });
  });

  test('Verbose and Debug are shown when they are asked for, each by its own flag', async () => {
    const both = [record('verbose', 'v'), record('debug', 'd')];
    expect((await shown(both, { showVerbose: true })).error).toBe('VERBOSE: v\n');
    expect((await shown(both, { showDebug: true })).error).toBe('DEBUG: d\n');
  });

  test('the bytes of a command reach a pipe unchanged', async () => {
    const text = 'a\u001b[31m\t\u009b\u0000ä';
    expect((await shown([line(text), line('')])).out).toBe(`${text}\n\n`);
    expect((await shown([line(text), record('warning', 'w')])).out).toBe(`${text}\n`);
  });

  test('bytes that are no text reach a pipe unchanged', async () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x41);
    const { out } = await shown([line('?', { bytes } as Partial<StoredRecord>)]);
    expect(out).toBe(Buffer.from(bytes).toString());
  });

  test('the last line of one job is not glued to the first of another', async () => {
    const open = line('a', { bytes: Buffer.from('a') } as Partial<StoredRecord>);
    const { out } = await printed(() => {
      const printer = createRecordPrinter({ format: 'table', showVerbose: false, showDebug: false });
      for (const jobId of [7, 8]) printer.print({ jobId, records: [open] });
      printer.end();
    });
    expect(out).toBe('a\na');
  });

  test('nothing is nothing', async () => {
    expect(await shown([])).toMatchObject({ out: '', error: '' });
  });
});

describe('from one of several computers', () => {
  test('lines reach a pipe as they were written', async () => {
    const written = [line('a'), record('error', { message: 'e' }, { bytes: Buffer.from('e\n'), channel: 'stderr' } as Partial<StoredRecord>)];
    expect(await shownFrom('web1', true, written)).toMatchObject({ out: 'a\n', error: 'e\n' });
  });

  test.each([
    ['web1', true, 'exit code 3', 'web1: exit code 3\n'],
    ['web1', true, 'web1 could not be reached', 'web1 could not be reached\n'],
    ['web1', true, 'web10 is no computer of ours', 'web1: web10 is no computer of ours\n'],
    ['web1', false, 'exit code 3', 'exit code 3\n'],
  ])('%s (one of several: %s) has failed, which is told once with its name: %s', async (name, several, message, error) => {
    expect(await shownFrom(name, several, [record('error', { message, terminating: true })])).toMatchObject({ out: '', error });
  });

  test('a record in JSON says which one', async () => {
    expect(JSON.parse((await shownFrom('web1', false, [line('a')], { format: 'jsonl' })).out)).toEqual({ jobId: 7, seq: 1, time: null, stream: 'output', value: 'a', channel: 'stdout', computerName: 'web1' });
  });
});

describe('as JSON lines', () => {
  test('a record of a command has six keys', async () => {
    expect((await shown([line('a', { seq: 3 } as Partial<StoredRecord>)], { format: 'jsonl' })).out).toBe('{"jobId":7,"seq":3,"time":null,"stream":"output","value":"a","channel":"stdout"}\n');
  });

  test('a record of anything else has no channel', async () => {
    expect((await shown([record('output', { a: 1 })], { format: 'jsonl' })).out).toBe('{"jobId":7,"seq":1,"time":null,"stream":"output","value":{"a":1}}\n');
  });

  test('every stream is there, whatever text would show', async () => {
    const streams: readonly StreamName[] = ['output', 'error', 'warning', 'verbose', 'debug', 'information', 'progress'];
    const values: Partial<Record<StreamName, unknown>> = { error: { message: 'm' }, information: { message: 'm' }, progress: { activity: 'p', percent: 1 } };
    const { out, error } = await shown(streams.map((stream) => record(stream, values[stream] ?? 'm')), { format: 'jsonl' });
    const lines = out.trim().split('\n').map((text) => JSON.parse(text) as { stream: string; value: unknown });
    expect(lines.map(({ stream }) => stream)).toEqual(streams);
    expect(lines.map(({ value }) => value)).toEqual(['m', 'm', 'm', 'm', 'm', 'm', { activity: 'p', percent: 1 }]);
    expect(error).toBe('');
  });

  test('nothing is nothing', async () => {
    expect((await shown([], { format: 'jsonl' })).out).toBe('');
  });
});

describe('as JSON', () => {
  test('all records are one array, also over several batches', async () => {
    const { out } = await printed(() => {
      const printer = createRecordPrinter({ format: 'json', showVerbose: false, showDebug: false });
      printer.print({ jobId: 7, records: [line('a'), line('b')] });
      printer.print({ jobId: 8, records: [] });
      printer.print({ jobId: 9, records: [line('c')] });
      printer.end();
    });
    expect((JSON.parse(out) as { jobId: number; value: string }[]).map(({ jobId, value }) => [jobId, value])).toEqual([[7, 'a'], [7, 'b'], [9, 'c']]);
  });

  test('nothing is an empty array', async () => {
    expect((await shown([], { format: 'json' })).out).toBe('[]\n');
  });
});

describe('as YAML', () => {
  test('a record is a map in block style, as a job is, also over several batches', async () => {
    const { out } = await printed(() => {
      const printer = createRecordPrinter({ format: 'yaml', showVerbose: false, showDebug: false });
      printer.print({ jobId: 7, records: [record('output', { a: { 'b: c': [1] } })] });
      printer.print({ jobId: 8, records: [record('warning', 'w: x')] });
      printer.end();
    });
    expect(out).toBe('- jobId: 7\n  seq: 1\n  time: null\n  stream: "output"\n  value:\n    a:\n      "b: c": [1]\n- jobId: 8\n  seq: 1\n  time: null\n  stream: "warning"\n  value: "w: x"\n');
  });

  test('nothing is an empty list', async () => {
    expect((await shown([], { format: 'yaml' })).out).toBe('[]\n');
  });
});

describe('what comes besides records', () => {
  const job = { id: 7, name: 'Build', type: 'BackgroundJob', state: 'Running', hasMoreData: true, location: 'localhost', command: 'make' } as JobView;
  const event = { jobId: 7, name: 'a\u001B[2Jb', at: new Date('2026-11-22T03:00:00Z'), state: 'Failed', previousState: 'Running' } as const;
  const delivered = (format: RecordStyle['format'], ...received: readonly Receivable[]) =>
    printed(() => {
      const printer = createRecordPrinter({ format, showVerbose: false, showDebug: false });
      for (const one of received) printer.print(one);
      printer.end();
    });

  test('a job is its row of the table, and in JSON lines an object with that one key', async () => {
    expect((await delivered('table', { job })).out).toMatch(/^Id +Name .*\n7 +Build .*make\n$/);
    expect(JSON.parse((await delivered('jsonl', { job })).out)).toEqual({ job });
  });

  test('an event is one line, whatever the name holds', async () => {
    const { out } = await delivered('table', { event });
    expect(out).toMatch(/^Job 7 \(a[^\n]*b\): Running -> Failed\n$/);
    expect(out).not.toContain('\u001b');
    expect((await delivered('jsonl', { event })).out).toBe('{"jobId":7,"time":"2026-11-22T03:00:00.000Z","event":{"state":"Failed","previousState":"Running"}}\n');
    expect((await delivered('yaml', { event })).out).toBe('- jobId: 7\n  time: "2026-11-22T03:00:00.000Z"\n  event:\n    state: "Failed"\n    previousState: "Running"\n');
  });

  test('bytes reach a pipe unchanged, each channel its own, and no job is glued to another', async () => {
    const bytes = (jobId: number, text: string, channel: 'stdout' | 'stderr'): Receivable => ({ jobId, channel, bytes: Buffer.from(text) });
    expect(await delivered('table', bytes(2, 'a\r\n\0b', 'stdout'), bytes(2, 'c\n', 'stdout'), bytes(2, 'oh', 'stderr'), bytes(4, 'd', 'stdout'), bytes(6, 'e', 'stdout'))).toMatchObject({ out: 'a\r\n\0bc\nd\ne', error: 'oh\n' });
  });

  test('raw bytes are nothing but themselves', async () => {
    expect((await delivered('table', { jobId: 2, bytes: Buffer.from('a') }, { jobId: 4, bytes: Buffer.from('\0b') })).out).toBe('a\0b');
  });
});

describe('with times', () => {
  test.each([
    ['known', 'a moment that was seen', new Date('2026-11-22T03:00:00Z'), /^2026-11-22T03:00:00\.000Z a\n$/],
    ['known', 'no moment', null, /^- a\n$/],
    ['seen', 'the moment of printing', null, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z a\n$/],
  ] as const)('"%s" begins a line with %s', async (timestamps, _what, at, pattern) => {
    expect((await shown([line('a', { at })], { timestamps })).out).toMatch(pattern);
  });
});
