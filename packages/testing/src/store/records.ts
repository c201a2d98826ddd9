import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Cursor } from '@nightshift/sdk';
import { START } from '@nightshift/sdk';
import { at, insertPair, move, mustGoOn, read, rowOf, texts, type StoreProperty } from './bench.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** What a run writes, and how it is read. */
export const records: readonly StoreProperty[] = [
  {
    title: 'reads nothing of a job that has written nothing',
    async check({ store }) {
      for (const instance of await insertPair(store)) {
        const { records: found, more, drained } = await read(store, instance);
        deepStrictEqual({ found, more, drained }, { found: [], more: false, drained: true });
      }
    },
  },
  {
    title: 'reads the records of a channel in order, numbered from 1',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'one\ntwo\nthree\n');
      const result = await read(store, run);
      deepStrictEqual(texts(result), ['one', 'two', 'three']);
      deepStrictEqual(result.records.map(({ seq, channel, stream, at: time }) => ({ seq, channel, stream, time })), [1, 2, 3].map((seq) => ({ seq, channel: 'stdout', stream: 'output', time: null })));
      strictEqual(result.drained, true);
    },
  },
  {
    title: 'reads a piece of a channel from wherever it is asked for, and says how much there is',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'one\ntwo\nthree\n');
      const { readAt } = store;
      if (readAt === undefined) return;
      const piece = async (offset: number, limit: number, channel: 'stdout' | 'stderr' = 'stdout'): Promise<readonly [string, number]> => {
        const { bytes, size } = await readAt.call(store, run, { attempt: 1, channel, offset, limit });
        return [text(bytes), size];
      };
      deepStrictEqual([await piece(0, 5), await piece(5, 100), await piece(14, 9), await piece(99, 9), await piece(0, 9, 'stderr')], [['one\nt', 14], ['wo\nthree\n', 14], ['', 14], ['', 14], ['', 0]]);
      deepStrictEqual(texts(await read(store, run)), ['one', 'two', 'three'], 'readAt() has moved a cursor');
    },
  },
  {
    title: 'reads each record once, wherever a reader stopped',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'a\nb\nc\nd\ne\n');
      await print(run, 'stderr', 'x\ny\n');
      const seen: string[] = [];
      let after: Cursor = START;
      for (let more = true; more; ) {
        const result = await read(store, run, { after, limit: 2 });
        strictEqual(result.records.length <= 2, true, 'read() gave more than `limit` records');
        seen.push(...texts(result));
        mustGoOn(seen, 7);
        ({ cursor: after, more } = result);
      }
      deepStrictEqual(seen.toSorted(), ['a', 'b', 'c', 'd', 'e', 'x', 'y']);
      deepStrictEqual((await read(store, run, { after })).records, [], 'read() gave a record twice: the cursor stands behind the last one that was given');
    },
  },
  {
    title: 'reads what comes later after the cursor of what came before',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'early\n');
      const { cursor } = await read(store, run);
      await print(run, 'stdout', 'late\n');
      deepStrictEqual(texts(await read(store, run, { after: cursor })), ['late']);
    },
  },
  {
    title: 'leaves the records of other streams for later',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'out\n');
      await print(run, 'stderr', 'err\n');
      const first = await read(store, run, { streams: ['error'] });
      deepStrictEqual([texts(first), first.drained], [['err'], false]);
      const second = await read(store, run, { after: first.cursor });
      deepStrictEqual([texts(second), second.drained], [['out'], true]);
    },
  },
  {
    title: 'reads a run that was tried twice attempt by attempt',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'first\n');
      const { cursor } = await read(store, run);
      await store.transition([move(run, ['NotStarted'], 'Running')]);
      await store.nextAttempt({ instanceId: run.instanceId, closed: { attempt: 1 }, notBefore: at(0), retried: 1, statusMessage: '' });
      const waiting = await rowOf(store, run);
      const taken = await store.takeUp(waiting, { host: 'h', boot: 'b', pid: 1, startTime: '1' });
      await print(taken ?? waiting, 'stdout', 'second\n');
      deepStrictEqual(texts(await read(store, taken ?? waiting)), ['first', 'second']);
      deepStrictEqual(texts(await read(store, taken ?? waiting, { after: cursor })), ['second']);
    },
  },
  {
    title: 'gives the bytes of a channel as they were written, in pieces of at most so many',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'å long line\nb\n');
      await print(run, 'stderr', 'err\n');
      const pieces: Uint8Array[] = [];
      let after: Cursor = START;
      for (;;) {
        const { bytes, cursor } = await store.readBytes(run, { after, channel: 'stdout', limit: 5 });
        if (bytes.length === 0) break;
        strictEqual(bytes.length <= 5, true, 'readBytes() gave more than `limit` bytes');
        pieces.push(bytes);
        mustGoOn(pieces, 15);
        after = cursor;
      }
      strictEqual(text(Buffer.concat(pieces)), 'å long line\nb\n');
      deepStrictEqual(texts(await read(store, run, { after })), ['err'], 'what was read as bytes is consumed, the other channel is not');
    },
  },
  {
    title: 'gives whole lines where they are asked for, and none where its streams stand at different places',
    needs: 'print',
    async check({ store, print }) {
      const [, run] = await insertPair(store);
      await print(run, 'stdout', 'a\nb\n::warning::careful\n');
      const whole = await store.readBytes(run, { after: START, channel: 'stdout', limit: 3, wholeLines: true });
      strictEqual(text(whole.bytes), 'a\n');
      const { cursor } = await read(store, run, { streams: ['output'] });
      const uneven = await store.readBytes(run, { after: cursor, channel: 'stdout', limit: 100, wholeLines: true });
      deepStrictEqual([uneven.uneven, uneven.bytes.length, uneven.cursor], [true, 0, cursor]);
    },
  },
];
