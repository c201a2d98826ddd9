import type { Engine, EngineParts } from '@nightshift/sdk';
import { bossOn } from './boss.ts';
import type { EngineContext } from './context.ts';
import { openDatabase, type Database } from './database.ts';
import { daysOf } from './days.ts';
import { hintsOn } from './hints.ts';
import { definitionsOf } from './firings/definitions.ts';
import { firingsOf } from './firings/firings.ts';
import { migrate } from './migrate.ts';
import type { PgbossOptions } from './options.ts';
import { folderStore } from './output/folder.ts';
import type { ObjectStore } from './output/object-store.ts';
import { outputOf } from './output/output.ts';
import { s3Store } from './output/s3.ts';
import { queueOf } from './queue/queue.ts';
import { storeOf } from './store/store.ts';
import { upkeepOf } from './upkeep.ts';

/** Connects nothing yet: the first call of any method does, and migrates. */
export function openEngine(options: PgbossOptions, { clock }: EngineParts): Engine {
  const database = migrated(openDatabase(options, clock));
  const boss = bossOn(database, options.entryLimit);
  const hints = hintsOn(database);
  const objects = options.output === undefined ? undefined : objectsOf(options.output);
  const context: EngineContext = { database, schema: database.schema, boss, days: daysOf(database), hints, clock, options, upkeep: { tend: () => upkeep.tend(), failed: (cause) => upkeep.failed(cause) }, ...(objects === undefined ? {} : { objects }) };
  const upkeep = upkeepOf(context);
  return {
    ...partsOf(context),
    features: { durable: true, shared: true },
    async [Symbol.asyncDispose]() {
      await hints.settled();
      await upkeep.settled();
      await boss[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

function partsOf(context: EngineContext): Pick<Engine, 'store' | 'output' | 'firings' | 'definitions' | 'queue'> {
  return {
    store: storeOf(context),
    output: outputOf(context),
    firings: firingsOf(context),
    definitions: definitionsOf(context),
    queue: queueOf(context),
  };
}

function objectsOf(output: NonNullable<PgbossOptions['output']>): ObjectStore {
  return 'folder' in output ? folderStore(output.folder) : s3Store(output.s3);
}

/** The same database, whose schema is brought up to date before the first question; a failure is tried again with the next. */
function migrated(database: Database): Database {
  let done: Promise<void> | undefined;
  const ready = (): Promise<void> => {
    done ??= migrate(database);
    done.catch(() => (done = undefined));
    return done;
  };
  return {
    ...database,
    query: async (text, values) => (await ready(), database.query(text, values)),
    transaction: async (act) => (await ready(), database.transaction(act)),
  };
}
