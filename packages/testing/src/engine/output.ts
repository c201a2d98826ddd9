import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Engine, Lease, OutputPlace, OutputStore } from '@nightshift/sdk';
import { must } from '../runner.ts';
import { acquireOne, again, awaitExpired, awaitLease, ended, OTHER, submit, type EngineProperty } from './bench.ts';

const NEEDS = ['queue', 'output'] as const;
const bytesOf = (text: string): Uint8Array => Buffer.from(text);

async function running({ store, queue }: Engine): Promise<Lease> {
  await submit(store);
  return await acquireOne(queue);
}

function placeOf({ instance: { instanceId, attempt } }: Lease, channel: OutputPlace['channel'] = 'stdout'): OutputPlace {
  return { instanceId, attempt, channel };
}

async function print(output: OutputStore, lease: Lease, text: string, offset: number, channel?: OutputPlace['channel']): Promise<void> {
  deepStrictEqual(await output.append({ ...placeOf(lease, channel), fence: lease.fence, offset }, bytesOf(text)), { is: 'written' });
}

async function textAt(output: OutputStore, place: OutputPlace, offset = 0, limit = 1_000): Promise<string> {
  return Buffer.from(await output.read({ ...place, offset, limit })).toString();
}

/** Bytes that look like no text, each place another. */
function noise(length: number): Uint8Array {
  let seed = 1;
  return Uint8Array.from({ length }, () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) >> 16);
}

/** Everything there is, read piece by piece. */
async function readAll(output: OutputStore, place: OutputPlace, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; ;) {
    const piece = await output.read({ ...place, offset, limit });
    must(piece.length <= limit, `read() gave ${piece.length} bytes where ${limit} were asked for`, 'Cut a segment where the limit is reached');
    if (piece.length === 0) return Buffer.concat(pieces);
    pieces.push(piece);
    offset += piece.length;
  }
}

/** What runs have written. */
export const output: readonly EngineProperty[] = [
  {
    title: 'is read as it was written, from any place and as far as is asked',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      const place = placeOf(lease);
      strictEqual(await engine.output.size(place), 0);
      deepStrictEqual(await textAt(engine.output, place), '');
      await print(engine.output, lease, 'one\n', 0);
      await print(engine.output, lease, 'two\nthree\n', 4);
      strictEqual(await engine.output.size(place), 14);
      deepStrictEqual(await Promise.all([[0, 99], [0, 6], [2, 4], [4, 3], [13, 9], [14, 9], [99, 9]].map(([offset, limit]) => textAt(engine.output, place, offset, limit))), ['one\ntwo\nthree\n', 'one\ntw', 'e\ntw', 'two', '\n', '', '']);
    },
  },
  {
    title: 'of three megabytes is whole, byte for byte, however it is cut',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      const all = noise(3_000_000);
      for (let offset = 0; offset < all.length; offset += 500_000) deepStrictEqual(await engine.output.append({ ...placeOf(lease), fence: lease.fence, offset }, all.subarray(offset, offset + 500_000)), { is: 'written' });
      for (const limit of [4_000_000, 333_333]) strictEqual(Buffer.compare(await readAll(engine.output, placeOf(lease), limit), all), 0, 'read() gave other bytes than append() was given');
    },
  },
  {
    title: 'that is sent twice is there once, also where only part of it had come',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      await print(engine.output, lease, 'one\n', 0);
      await print(engine.output, lease, 'one\n', 0);
      await print(engine.output, lease, 'one\ntwo\n', 0);
      await print(engine.output, lease, 'e\n', 2);
      deepStrictEqual([await textAt(engine.output, placeOf(lease)), await engine.output.size(placeOf(lease))], ['one\ntwo\n', 8], 'append() must leave out what is there already: compare the offset with the size');
    },
  },
  {
    title: 'that is sent by two at the same time is there once',
    needs: NEEDS,
    async check({ engine, another }) {
      const lease = await running(engine);
      const { output: other } = await another();
      for (let offset = 0; offset < 50; offset += 5) await Promise.all([engine.output, other].map((store) => print(store, lease, 'same\n', offset)));
      deepStrictEqual(await textAt(engine.output, placeOf(lease)), 'same\n'.repeat(10));
    },
  },
  {
    title: 'that would leave a gap is refused, with the size that there is',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      await print(engine.output, lease, 'one\n', 0);
      deepStrictEqual(await engine.output.append({ ...placeOf(lease), fence: lease.fence, offset: 6 }, bytesOf('two\n')), { is: 'gap', size: 4 });
      deepStrictEqual(await textAt(engine.output, placeOf(lease)), 'one\n');
    },
  },
  {
    title: 'of a host whose lease another has by now is refused',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      await print(engine.output, lease, 'one\n', 0);
      const taken = await awaitExpired(engine.queue);
      deepStrictEqual(await engine.output.append({ ...placeOf(lease), fence: lease.fence, offset: 4 }, bytesOf('late\n')), { is: 'fenced' }, 'append() took the bytes of a host that has lost its lease: compare the fence in the transaction that writes');
      await print(engine.output, taken, 'two\n', 4);
      deepStrictEqual(await textAt(engine.output, placeOf(lease)), 'one\ntwo\n');
    },
  },
  {
    title: 'of what has ended is whole: nothing is added to it',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      await print(engine.output, lease, 'one\n', 0);
      await engine.queue.settle(lease, ended(lease));
      deepStrictEqual(await engine.output.append({ ...placeOf(lease), fence: lease.fence, offset: 4 }, bytesOf('late\n')), { is: 'fenced' }, 'append() added to the output of a run that has ended: look at its state where you compare the fence');
      strictEqual(await textAt(engine.output, placeOf(lease)), 'one\n');
    },
  },
  {
    title: 'of each attempt and each channel is kept apart',
    needs: NEEDS,
    async check({ engine: { store, output, queue } }) {
      await submit(store);
      const first = await acquireOne(queue);
      for (const channel of ['stdout', 'stderr', 'records'] as const) await print(output, first, `${channel} 1`, 0, channel);
      await queue.settle(first, again(first));
      const second = await awaitLease(() => queue.acquire({ host: OTHER, routes: ['default'], slots: 1 }), 'acquire()');
      strictEqual(await output.size(placeOf(second)), 0, 'the bytes of an attempt begin at 0');
      await print(output, second, 'stdout 2', 0);
      const texts = [...(['stdout', 'stderr', 'records'] as const).map((channel) => placeOf(first, channel)), placeOf(second)].map((place) => textAt(output, place));
      deepStrictEqual(await Promise.all(texts), ['stdout 1', 'stderr 1', 'records 1', 'stdout 2']);
      deepStrictEqual(await output.append({ ...placeOf(first), fence: first.fence, offset: 8 }, bytesOf('late')), { is: 'fenced' });
    },
  },
  {
    title: 'stays after the end of its job, and goes when the job is removed',
    needs: NEEDS,
    async check({ engine }) {
      const lease = await running(engine);
      await print(engine.output, lease, 'one\n', 0);
      await engine.queue.settle(lease, ended(lease));
      strictEqual(await textAt(engine.output, placeOf(lease)), 'one\n');
      await engine.store.remove([lease.job, lease.instance]);
      strictEqual(await engine.output.size(placeOf(lease)), 0);
    },
  },
  {
    title: 'that was acknowledged is there when the engine is found again after a crash, and goes on',
    needs: [...NEEDS, 'reopen'],
    async check({ engine, reopen }) {
      const lease = await running(engine);
      await print(engine.output, lease, 'one\n', 0);
      const { output: found } = await reopen();
      await print(found, lease, 'two\n', 4);
      strictEqual(await textAt(found, placeOf(lease)), 'one\ntwo\n');
    },
  },
];
