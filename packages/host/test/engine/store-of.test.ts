import { START, STREAM_NAMES, type Cursor, type EngineStore, type Instance, type JobState, type OutputPlace, type OutputStore } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { storeOf } from '../../src/engine/store-of.ts';

/** What an engine keeps of output, in memory; `asked`: how often it was. */
function outputInMemory(): OutputStore & { readonly bytes: Map<string, Buffer>; asked: number } {
  const bytes = new Map<string, Buffer>();
  const of = ({ instanceId, attempt, channel }: OutputPlace): Buffer => bytes.get(`${instanceId} ${attempt} ${channel}`) ?? Buffer.alloc(0);
  return {
    bytes,
    asked: 0,
    async append(to, more) {
      bytes.set(`${to.instanceId} ${to.attempt} ${to.channel}`, Buffer.concat([of(to), more]));
      return { is: 'written' };
    },
    async read(from) {
      this.asked += 1;
      return new Uint8Array(of(from).subarray(from.offset, from.offset + from.limit));
    },
    async size(from) {
      this.asked += 1;
      return of(from).length;
    },
  };
}

function runOf(attempt = 1, state: JobState = 'Running', form?: 'code'): Instance {
  return { id: 2, instanceId: 'i2', name: 'Job2', type: 'BackgroundJob', location: 'localhost', command: 'true', attempt, origin: { kind: 'parent', parentId: 1 }, run: { carries: 'i1', ...(form === undefined ? {} : { form }) }, state };
}

function open() {
  const output = outputInMemory();
  const store = storeOf({ store: {} as EngineStore, output });
  const print = (text: string, attempt = 1, channel: OutputPlace['channel'] = 'stdout') => output.append({ instanceId: 'i2', attempt, channel, fence: 1, offset: 0 }, Buffer.from(text));
  const read = (run: Instance, after: Cursor = START, limit = 1_000) => store.read(run, { after, streams: STREAM_NAMES, limit });
  return { output, store, print, read };
}

const texts = ({ records }: { readonly records: readonly { readonly value: unknown }[] }) => records.map(({ value }) => (typeof value === 'string' ? value : (value as { message: string }).message));

test('lines that an engine keeps are records, stream commands too, over all attempts', async () => {
  const { print, read } = open();
  await print('one\n::warning::two\nhalf', 1);
  await print('oh\n', 1, 'stderr');
  await print('three\n', 2);
  const { records, more, drained } = await read(runOf(2, 'Completed'));
  expect(records.map(({ stream }) => stream)).toEqual(['output', 'warning', 'output', 'error', 'output']);
  expect(texts({ records })).toEqual(['one', 'two', 'half', 'oh', 'three']);
  expect({ more, drained }).toEqual({ more: false, drained: true });
});

test('a reader who comes back finds what has come meanwhile, and nothing twice', async () => {
  const { print, read } = open();
  await print('one\ntw');
  const first = await read(runOf());
  await print('o\nthree');
  const second = await read(runOf(), first.cursor);
  const third = await read(runOf(1, 'Completed'), second.cursor);
  expect([first, second, third].map(texts)).toEqual([['one'], ['two'], ['three']]);
  expect(third.drained).toBe(true);
});

test('records of JavaScript come from their own channel', async () => {
  const { print, read } = open();
  await print('{"seq":1,"at":"2026-01-02T00:00:00.000Z","stream":"output","value":{"a":1}}\n{"seq":2', 1, 'records');
  expect(await read(runOf(1, 'Running', 'code'))).toMatchObject({ records: [{ seq: 1, stream: 'output', value: { a: 1 } }], drained: true });
});

test('bytes come as they were written, in pieces of any size', async () => {
  const { output, store, print } = open();
  const written = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
  await output.append({ instanceId: 'i2', attempt: 1, channel: 'stdout', fence: 1, offset: 0 }, written);
  await print('', 1, 'stderr');
  const pieces: Buffer[] = [];
  for (let cursor = START; ; ) {
    const result = await store.readBytes(runOf(1, 'Completed'), { after: cursor, channel: 'stdout', limit: 100_003 });
    ({ cursor } = result);
    if (result.bytes.length === 0) break;
    pieces.push(Buffer.from(result.bytes));
  }
  expect(Buffer.concat(pieces).equals(written)).toBe(true);
});

test('however few records are read at a time, an engine is asked for large pieces only', async () => {
  const { output, print, read } = open();
  await print('a line of some length\n'.repeat(40_000));
  let [cursor, more, count] = [START, true, 0];
  while (more) {
    const result = await read(runOf(1, 'Completed'), cursor, 500);
    ({ cursor, more } = result);
    count += result.records.length;
  }
  expect(count).toBe(40_000);
  expect(output.asked).toBeLessThan(12);
});

test('nothing takes up a run of an engine on this machine', async () => {
  await expect(open().store.takeUp()).rejects.toThrow('takeUp was called for a job of an engine');
});
