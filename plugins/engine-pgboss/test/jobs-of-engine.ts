import type { EngineStore, Instance, NewInstance } from '@nightshift/sdk';
import { bossOn } from '../src/boss.ts';
import type { EngineContext } from '../src/context.ts';
import { openDatabase } from '../src/database.ts';
import { daysOf } from '../src/days.ts';
import { hintsOn } from '../src/hints.ts';
import { migrate } from '../src/migrate.ts';
import type { PgbossOptions } from '../src/options.ts';
import { folderStore } from '../src/output/folder.ts';
import { s3Store } from '../src/output/s3.ts';
import { realTime } from './real-time.ts';

let made = 0;

/** A UUIDv7 of a moment. */
export function newInstanceId(moment: number = Date.UTC(2026, 0, 2)): string {
  const time = moment.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${(++made).toString(16).padStart(12, '0')}`;
}

const HOLDER = { host: 'h', boot: 'b', pid: 1, startTime: '1' };

export function planJob(facts: Partial<NewInstance> = {}): NewInstance {
  return { instanceId: newInstanceId(), type: 'T', command: 'true', origin: { kind: 'demand', runNow: false }, ...facts };
}

/** A child that somebody runs. */
export function planRun(facts: Partial<NewInstance> = {}): NewInstance {
  return planJob({ origin: { kind: 'parent' }, run: { carries: 'x', holder: HOLDER }, ...facts });
}

/** A child that waits in the queue. */
export function planWaiting(facts: Partial<NewInstance> = {}): NewInstance {
  return planJob({ origin: { kind: 'parent' }, run: { carries: 'x' }, launch: '{}', ...facts });
}

export async function insertPair(store: EngineStore, facts: Partial<NewInstance> = {}, child: NewInstance = planRun()): Promise<readonly [Instance, Instance]> {
  return (await store.insert(planJob(facts), [child])) as unknown as readonly [Instance, Instance];
}

/** What the parts of an engine work with, for tests of one of them. */
export async function contextOf(options: PgbossOptions): Promise<EngineContext & AsyncDisposable> {
  const database = openDatabase(options, realTime);
  await migrate(database);
  const boss = bossOn(database);
  const { output } = options;
  const objects = output === undefined ? undefined : 'folder' in output ? folderStore(output.folder) : s3Store(output.s3);
  return {
    database, schema: options.schema, boss, days: daysOf(database), hints: hintsOn(database), clock: realTime, options, upkeep: { tend() {}, failed() {} }, ...(objects === undefined ? {} : { objects }),
    async [Symbol.asyncDispose]() {
      await boss[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
