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
