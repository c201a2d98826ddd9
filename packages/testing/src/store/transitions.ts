import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { at, insertPair, move, planWaiting, rowOf, type StoreProperty } from './bench.ts';

/** Compare and set: all or none. */
export const transitions: readonly StoreProperty[] = [
  {
    title: 'moves an instance that is in one of the states it was seen in',
    async check({ store }) {
      const [, run] = await insertPair(store);
      strictEqual(await store.transition([move(run, ['Running', 'NotStarted'], 'Running', { beginTime: at(1) })]), true);
      const { state, beginTime } = await rowOf(store, run);
      deepStrictEqual({ state, beginTime }, { state: 'Running', beginTime: at(1) });
    },
  },
  {
    title: 'leaves an instance alone that has left the states it was seen in',
    async check({ store }) {
      const [, run] = await insertPair(store);
      strictEqual(await store.transition([move(run, ['Running'], 'Completed', { exitCode: 0 })]), false, 'transition() moved an instance that was not in `from`: compare, then set, in one step');
      deepStrictEqual(await rowOf(store, run), run);
    },
  },
  {
    title: 'makes all changes of a transition or none',
    async check({ store }) {
      const [parent, run] = await insertPair(store);
      strictEqual(await store.transition([move(run, ['NotStarted'], 'Running'), move(parent, ['Running'], 'Completed')]), false);
      deepStrictEqual(await store.find({}), [parent, run], 'transition() made some of its changes though one was refused: make all or none');
    },
  },
  {
    title: 'makes several moves of one instance one after the other',
    async check({ store }) {
      const [, run] = await insertPair(store);
      strictEqual(await store.transition([move(run, ['NotStarted'], 'Running', { beginTime: at(1) }), move(run, ['Running'], 'Completed', { endTime: at(2), exitCode: 0 })]), true);
      const { state, beginTime, endTime, exitCode } = await rowOf(store, run);
      deepStrictEqual({ state, beginTime, endTime, exitCode }, { state: 'Completed', beginTime: at(1), endTime: at(2), exitCode: 0 });
    },
  },
  {
    title: 'keeps the first begin, the first end and the first wish to stop',
    async check({ store }) {
      const [, run] = await insertPair(store);
      await store.transition([move(run, ['NotStarted'], 'Running', { beginTime: at(1), stopReason: 'overlap' })]);
      await store.transition([move(run, ['Running'], 'Stopped', { beginTime: at(5), endTime: at(6), stopReason: 'stopped' })]);
      await store.transition([move(run, ['Stopped'], 'Stopped', { endTime: at(7) })]);
      const { beginTime, endTime, stopReason } = await rowOf(store, run);
      deepStrictEqual({ beginTime, endTime, stopReason }, { beginTime: at(1), endTime: at(6), stopReason: 'overlap' });
    },
  },
  {
    title: 'keeps facts that a change does not name, and writes those anew that it names',
    async check({ store }) {
      const [, run] = await insertPair(store);
      await store.transition([move(run, ['NotStarted'], 'Running', { statusMessage: 'first', reason: 'exit', exitCode: 3, signal: 'SIGTERM', outputBytes: 5 })]);
      await store.transition([move(run, ['Running'], 'Running', { statusMessage: 'second' })]);
      const { statusMessage, reason, exitCode, signal, outputBytes } = await rowOf(store, run);
      deepStrictEqual({ statusMessage, reason, exitCode, signal, outputBytes }, { statusMessage: 'second', reason: 'exit', exitCode: 3, signal: 'SIGTERM', outputBytes: 5 });
    },
  },
  {
    title: 'refuses what was seen of another attempt',
    async check({ store }) {
      const [, run] = await insertPair(store);
      strictEqual(await store.transition([move(run, ['NotStarted'], 'Running', { attempt: 2 })]), false);
      strictEqual(await store.transition([move(run, ['NotStarted'], 'Running', { attempt: 1 })]), true);
    },
  },
  {
    title: 'refuses to move an instance that it does not have',
    async check({ store }) {
      const pair = await insertPair(store);
      await store.remove(pair);
      strictEqual(await store.transition([move(pair[1], ['NotStarted'], 'Running')]), false, 'transition() says true of an instance that was removed: nothing was moved, so answer false');
    },
  },
  {
    title: 'lets one of many who move an instance at the same time win',
    async check({ store }) {
      const [, run] = await insertPair(store);
      const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => store.transition([move(run, ['NotStarted'], 'Running', { statusMessage: String(index) })])));
      strictEqual(answers.filter(Boolean).length, 1, 'several callers were told that they had made the same move: compare and set must be one step');
      strictEqual((await rowOf(store, run)).statusMessage, String(answers.indexOf(true)));
    },
  },
  {
    title: 'lets a finished instance wait for nothing any more',
    async check({ store }) {
      const [, run] = await insertPair(store, {}, planWaiting({ notBefore: at(9), queued: true }));
      await store.transition([move(run, ['NotStarted'], 'Stopped', { endTime: at(1) })]);
      const { notBefore, queued } = await rowOf(store, run);
      deepStrictEqual({ notBefore, queued }, { notBefore: undefined, queued: undefined });
    },
  },
];
