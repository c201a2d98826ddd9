/**
 * The process of a pool of thread jobs: one per session store and pool name. Started by who starts a job and finds none, woken
 * by a file, and gone a minute after its last job. Which of several is the host stands in the store, in the same transactions
 * as the jobs: who leaves sees every job that was started before, and who starts one afterwards sees that nobody is there.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Instance, JobError } from '@nightshift/sdk';
import { createThreadBooks, type EmbeddedStore } from '@nightshift/store';
import { isAlive, thisMachine, thisProcess } from '../launch/identity.ts';
import { createStores } from '../stores.ts';
import { readWhole } from './inbox.ts';
import type { ThreadOrder } from './order.ts';
import { takeAway, threadsFolder } from './places.ts';
import { createThreadJobs } from './thread-jobs.ts';
import { DEFAULT_LIMIT, workerFile } from '@nightshift/thread-job/pool';

export interface PoolHostRequest {
  readonly pool: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Milliseconds without a job after which it ends. */
  readonly idle: number;
  readonly warn: (warning: JobError) => void;
}

/** A file of a start that was cut off before its row was there is given so long, in milliseconds. */
const YOUNG = 60_000;

/** Resolves when it has ended: another one is the host, or nothing has been to do for long enough. */
export async function runPoolHost({ pool, environment, clock, idle, warn }: PoolHostRequest): Promise<void> {
  const stores = createStores(environment, warn);
  const store = stores.session() as EmbeddedStore;
  const me = thisProcess();
  const books = createThreadBooks(store, stores.parts.ids, thisMachine().boot);
  const queue = join(threadsFolder(store.root), 'queue');
  const over = Promise.withResolvers<void>();
  let isHost = false;
  let rest: AbortController | undefined;

  const threads = createThreadJobs({ store, books, clock, me, worker: workerFile(), aheads: false, warn, woken: () => isHost && scan(), idled: () => restAWhile() });

  function scan(): void {
    rest?.abort();
    threads.setLimit(pool, books.pool(pool).limit ?? DEFAULT_LIMIT);
    const waiting = books.waiting(pool);
    for (const instance of waiting) if (!threads.has(instance.instanceId)) adopt(instance);
    const last = waiting.at(-1);
    if (last !== undefined) books.seen(pool, last.id);
    restAWhile();
  }

  function adopt(instance: Instance): void {
    const file = join(queue, `${instance.instanceId}.json`);
    const order = readWhole(file) as ThreadOrder | undefined;
    if (order === undefined) {
      const end = { state: 'Failed', reason: 'spawn', statusMessage: 'what was to be run is not there any more', endTime: clock.now(), outputBytes: 0 } as const;
      books.write([], [{ id: instance.id, end }]);
      return;
    }
    threads.adopt(instance, { ...order, environment: { ...order.environment, NIGHTSHIFT_THREAD_HOST: threads.inbox } }, () => {
      const isOurs = books.takeUp(instance.id, me, clock.now());
      takeAway(file);
      return isOurs;
    });
  }

  /** Nothing is to do. */
  function restAWhile(): void {
    if (threads.size > 0) return;
    rest?.abort();
    rest = new AbortController();
    clock.sleep(idle, rest.signal).then(leave, () => {});
  }

  /** Unless somebody has started a job meanwhile. */
  function leave(): void {
    if (threads.size > 0) return;
    if (books.leave(pool)) over.resolve();
    else scan();
  }

  isHost = books.host(pool, me, isAlive);
  if (isHost) {
    removeLeftovers(queue, store, clock);
    scan();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void threads.close().then(() => over.resolve()));
    await over.promise;
  }
  await threads.close();
  stores.close();
}

/** Of jobs that were stopped or removed while nobody was there. */
function removeLeftovers(queue: string, store: EmbeddedStore, clock: Clock): void {
  mkdirSync(queue, { recursive: true, mode: 0o700 });
  const files = readdirSync(queue, { withFileTypes: true }).filter(({ name }) => name.endsWith('.json')).map(({ name }) => join(queue, name));
  const old = files.filter((file) => clock.now().getTime() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > YOUNG);
  if (old.length === 0) return;
  const waiting = new Set(store.look(() => store.database.prepare(`SELECT instanceId FROM instance WHERE state = 'NotStarted' AND run ->> 'form' = 'thread'`).all()).map((row) => row['instanceId']));
  for (const file of old) if (!waiting.has(file.slice(queue.length + 1, -'.json'.length))) takeAway(file);
}
