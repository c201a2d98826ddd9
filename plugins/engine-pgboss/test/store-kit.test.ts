import { START, STREAM_NAMES, type Engine, type Instance, type JobStore, type OutputChannel } from '@nightshift/sdk';
import { exerciseJobStore } from '@nightshift/testing';
import { describe, test } from 'vitest';
import { storeOf } from '../../../packages/host/src/engine/store-of.ts';
import { bossOn } from '../src/boss.ts';
import type { EngineContext } from '../src/context.ts';
import { openDatabase } from '../src/database.ts';
import type { PgbossOptions } from '../src/options.ts';
import { DEFAULT_ROUTE } from '../src/store/rows.ts';
import { goOn } from '../src/queue/next-attempt.ts';
import { openEngine } from '../src/open.ts';
import { realTime } from './real-time.ts';
import { serverOfThisFile } from './server.ts';

const file = serverOfThisFile();
const runner = { describe, test, skip: (title: string) => test.skip(title) };

type Opened = JobStore & { readonly engine: Engine; readonly options: PgbossOptions };

/** As every verb sees the store of an engine; and the next attempt, which is a part of `settle`, by itself. */
function openWith(options: PgbossOptions): Opened {
  const engine = openEngine(options, { clock: realTime, namespace: 'p' });
  const store: JobStore = {
    ...storeOf(engine),
    takeUp: async () => undefined,
    async nextAttempt(next) {
      await using database = openDatabase(options, realTime);
      await using boss = bossOn(database);
      await boss.prepare([DEFAULT_ROUTE]);
      const context = { boss, schema: options.schema } as EngineContext;
      const REFUSED = new Error('moved on');
      return await database.transaction(async (within) => {
        if ((await goOn(context, within, next)) === undefined) throw REFUSED;
        return true;
      }).catch((cause: unknown) => (cause === REFUSED ? false : Promise.reject(cause as Error)));
    },
  };
  return Object.assign(store, { engine, options });
}

async function append({ engine }: Opened, instance: Instance, channel: OutputChannel, text: string): Promise<void> {
  const place = { instanceId: instance.instanceId, attempt: instance.attempt, channel };
  const { is } = await engine.output.append({ ...place, fence: instance.fence ?? 0, offset: await engine.output.size(place) }, Buffer.from(text));
  if (is !== 'written') throw new Error(`the output was not written: ${is}`);
}

describe('the store on PostgreSQL', () => {
  exerciseJobStore<Opened>(runner, {
    takesUp: false,
    open: async () => openWith(await file.emptied()),
    reopen: async ({ options }) => openWith(options),
    print: append,
    async record(store, instance, records) {
      const { records: before } = await store.read(instance, { after: START, streams: STREAM_NAMES, limit: 100_000 });
      const lines = records.map(({ at, stream, value }, index) => JSON.stringify({ seq: before.length + index + 1, at, stream, value }));
      await append(store, instance, 'records', lines.map((line) => `${line}\n`).join(''));
    },
    close: async ({ engine }) => engine[Symbol.asyncDispose](),
  });
});
