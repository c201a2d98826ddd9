import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { Cursor, Instance, JobStore, StreamName } from '@nightshift/sdk';
import { START } from '@nightshift/sdk';
import { at, insertPair, move, mustGoOn, planRun, read, rowOf, type StoreProperty, type Written } from './bench.ts';

const note = (stream: 'output' | 'warning' | 'verbose', value: string): Written => ({ stream, value, at: at(1) });

async function codeRun(store: JobStore): Promise<Instance> {
  const [, run] = await insertPair(store, {}, planRun({}, { form: 'code', plugin: 'nightshift-plugin-exercise', can: {} }));
  return run;
}

const said = ({ records }: Awaited<ReturnType<typeof read>>): string[] => records.map(({ value }) => value as string);

/** Seven streams in exact order. */
export const codeRecords: readonly StoreProperty[] = [
  {
    title: 'reads them in exact order over all streams, numbered from 1, with the moment of each',
    needs: 'record',
    async check({ store, record }) {
      const run = await codeRun(store);
      await record(run, [note('output', 'a'), note('warning', 'b'), note('output', 'c')]);
      const { records, more, drained } = await read(store, run);
      deepStrictEqual(records, [{ seq: 1, at: at(1), stream: 'output', value: 'a' }, { seq: 2, at: at(1), stream: 'warning', value: 'b' }, { seq: 3, at: at(1), stream: 'output', value: 'c' }]);
      deepStrictEqual({ more, drained }, { more: false, drained: true });
    },
  },
  {
    title: 'keeps any JSON value',
    needs: 'record',
    async check({ store, record }) {
      const run = await codeRun(store);
      const values = [null, 0, '', false, [], {}, { deep: [{ er: 'ü\n\u2028' }] }, 'x'.repeat(300_000)];
      await record(run, values.map((value) => ({ stream: 'output', value, at: at(1) })));
      deepStrictEqual((await read(store, run)).records.map(({ value }) => value), values);
    },
  },
  {
    title: 'reads each once, in pieces, and leaves those of other streams for later',
    needs: 'record',
    async check({ store, record }) {
      const run = await codeRun(store);
      await record(run, ['a', 'b', 'c', 'd', 'e'].flatMap((text) => [note('output', text), note('verbose', `${text}!`)]));
      const seen: string[] = [];
      let after: Cursor = START;
      for (let more = true; more; ) {
        const result = await read(store, run, { after, limit: 2, streams: ['output'] });
        strictEqual(result.records.length <= 2, true, 'read() gave more than `limit` records');
        seen.push(...said(result));
        mustGoOn(seen, 5);
        ({ cursor: after, more } = result);
      }
      deepStrictEqual(seen, ['a', 'b', 'c', 'd', 'e']);
      const rest = await read(store, run, { after });
      deepStrictEqual([said(rest), rest.drained], [['a!', 'b!', 'c!', 'd!', 'e!'], true]);
    },
  },
  {
    title: 'reads what comes later after the cursor of what came before',
    needs: 'record',
    async check({ store, record }) {
      const run = await codeRun(store);
      await record(run, [note('output', 'early')]);
      const { cursor } = await read(store, run);
      await record(run, [note('output', 'late')]);
      deepStrictEqual(said(await read(store, run, { after: cursor })), ['late']);
    },
  },
  {
    title: 'numbers them on over all attempts, and reads these one after the other',
    takesUp: true,
    needs: 'record',
    async check({ store, record }) {
      const run = await codeRun(store);
      await record(run, [note('output', 'first'), note('warning', 'first')]);
      await store.transition([move(run, ['NotStarted'], 'Running')]);
      await store.nextAttempt({ instanceId: run.instanceId, closed: { attempt: 1 }, notBefore: at(0), retried: 1, statusMessage: '' });
      const taken = await store.takeUp(await rowOf(store, run), { host: 'h', boot: 'b', pid: 1, startTime: '1' });
      await record(taken as Instance, [note('output', 'second')]);
      const { records } = await read(store, taken as Instance);
      deepStrictEqual(records.map(({ seq, value }) => [seq, value]), [[1, 'first'], [2, 'first'], [3, 'second']]);
      const streams: readonly StreamName[] = ['warning'];
      const { cursor } = await read(store, taken as Instance, { streams });
      strictEqual((await read(store, taken as Instance, { after: cursor, streams })).records.length, 0);
      deepStrictEqual(said(await read(store, taken as Instance, { after: cursor })), ['first', 'second']);
    },
  },
];
