import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { START, STREAM_NAMES, type Cursor, type Instance, type ReadResult, type StreamName } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { FOLDER_OUTPUT } from '../../src/run-folder/folder-output.ts';
import { openRecords } from '../../src/run-folder/records-file.ts';
import { readAttempts } from '../../src/run-folder/read-attempts.ts';
import { cut, RUN, temporaryFolder } from '../folder.ts';
import { oneOf, seeded, upTo } from '../seeded.ts';

type Run = Instance & { readonly runFolder: string };
type Written = readonly [stream: StreamName, value: unknown];

const at = new Date(Date.UTC(2026, 0, 2));

function runOf(...attempts: readonly (readonly Written[])[]): Run {
  const runFolder = temporaryFolder();
  attempts.forEach((records, index) => write(runFolder, index + 1, records));
  return { id: 2, instanceId: 'i2', name: 'Job2', type: 'NoteJob', location: 'localhost', command: '{}', attempt: attempts.length, origin: { kind: 'demand', runNow: false }, run: { ...RUN, form: 'code' }, state: 'Running', runFolder };
}

function write(runFolder: string, attempt: number, records: readonly Written[]): void {
  mkdirSync(join(runFolder, String(attempt)), { recursive: true });
  const file = openRecords(runFolder, attempt);
  for (const [stream, value] of records) file.append([{ at, stream, json: JSON.stringify(value) }]);
  file.sync();
  file.close();
}

const fileOf = ({ runFolder, attempt }: Run): string => join(runFolder, String(attempt), 'records.ndjson');

function read(run: Instance, after: Cursor = START, { streams = STREAM_NAMES, limit = 1_000 }: { streams?: readonly StreamName[]; limit?: number } = {}): Promise<ReadResult> {
  return readAttempts(FOLDER_OUTPUT, run, { after, streams, limit }, cut);
}

const brief = ({ records }: ReadResult): string[] => records.map(({ seq, stream, value }) => `${seq} ${stream} ${JSON.stringify(value)}`);

describe('the records of JavaScript', () => {
  test('come back as they were written, in one order over all streams', async () => {
    const run = runOf([['output', { a: [1, 'ü', null] }], ['warning', 'w'], ['progress', { activity: 'x', percent: 5 }], ['output', 'line\nbreak']]);
    const result = await read(run);
    expect(brief(result)).toEqual(['1 output {"a":[1,"ü",null]}', '2 warning "w"', '3 progress {"activity":"x","percent":5}', '4 output "line\\nbreak"']);
    expect(result).toMatchObject({ more: false, drained: true, records: [{ at }, {}, {}, {}] });
    expect(result.records[0]).not.toHaveProperty('channel');
  });

  test('are numbered over all attempts, whatever an attempt between them wrote', async () => {
    const run = runOf([['output', 1], ['output', 2]], [], [['output', 3]]);
    expect(brief(await read(run))).toEqual(['1 output 1', '2 output 2', '3 output 3']);
  });

  test('end before a line that is torn; what is written behind it in the next attempt counts on', async () => {
    const run = runOf([['output', 1]]);
    appendFileSync(fileOf(run), '{"seq":2,"at":null,"stream":"output","va');
    expect(await read(run)).toMatchObject({ records: [{ seq: 1 }], more: false, drained: true });
    write(run.runFolder, 2, [['output', 2]]);
    expect(brief(await read({ ...run, attempt: 2 }))).toEqual(['1 output 1', '2 output 2']);
  });

  test.each(['no json', '[]', 'null', '{"seq":"1","stream":"output","value":1}', '{"seq":9,"stream":"shout","value":1}', '{"seq":9,"stream":"output"}'])('pass over %s, which somebody else has written', async (line) => {
    const run = runOf([['output', 1]]);
    appendFileSync(fileOf(run), `${line}\n`);
    expect(await read(run)).toMatchObject({ records: [{ seq: 1 }], drained: true });
  });

  test('of one stream are consumed and the others are left', async () => {
    const run = runOf([['output', 1], ['warning', 'w'], ['output', 2]]);
    const warnings = await read(run, START, { streams: ['warning'] });
    expect(brief(warnings)).toEqual(['2 warning "w"']);
    expect(warnings.drained).toBe(false);
    const rest = await read(run, warnings.cursor);
    expect(brief(rest)).toEqual(['1 output 1', '3 output 2']);
    expect(rest.drained).toBe(true);
  });

  test('come once to any reader, whatever he asks for and however few at a time', async () => {
    const random = seeded(7);
    const streams: readonly StreamName[] = ['output', 'warning', 'error'];
    const written = Array.from({ length: 3 }, () => Array.from({ length: upTo(random, 12) }, (): Written => {
      const stream = oneOf(random, streams);
      return [stream, stream === 'error' ? { message: 'e' } : 'x'];
    }));
    const run = runOf(...written);
    const seen = new Set<number>();
    let cursor = START;
    for (let round = 0; round < 400; round++) {
      const result = await read(run, cursor, { streams: streams.filter(() => random() < 0.6), limit: 1 + upTo(random, 3) });
      for (const { seq } of result.records) {
        expect(seen.has(seq)).toBe(false);
        seen.add(seq);
      }
      ({ cursor } = result);
    }
    expect([...seen].toSorted((a, b) => a - b)).toEqual(written.flat().map((_, index) => index + 1));
    expect(await read(run, cursor)).toMatchObject({ records: [], drained: true });
  });

  test('of more than a chunk come back whole, one larger than it as well', async () => {
    const long = 'x'.repeat(600_000);
    const run = runOf([['output', long], ...Array.from({ length: 1_000 }, (_, index): Written => ['output', `${index}`.repeat(100)])]);
    const { records } = await read(run, START, { limit: 2_000 });
    expect(records).toHaveLength(1_001);
    expect(records[0]?.value).toBe(long);
    expect(records[1_000]?.seq).toBe(1_001);
  });

  test('of a run that never wrote are none, and drained', async () => {
    const run = { ...runOf([]), attempt: 1 };
    expect(await read(run)).toMatchObject({ records: [], more: false, drained: true });
  });

  test('are private, and the file of another is not written into', async () => {
    const run = runOf([['output', 1]]);
    expect(() => openRecords(run.runFolder, 1)).toThrow('EEXIST');
    expect(existsSync(fileOf(run))).toBe(true);
    expect(readFileSync(fileOf(run), 'utf8')).toBe(`{"seq":1,"at":"${at.toISOString()}","stream":"output","value":1}\n`);
  });

  test('in a file that is none are a fault of that run', async () => {
    const run = runOf([]);
    writeFileSync(join(run.runFolder, 'x'), '');
    mkdirSync(join(run.runFolder, '2', 'records.ndjson'), { recursive: true });
    await expect(read({ ...run, attempt: 2 })).rejects.toThrow('no file of ours');
  });
});
