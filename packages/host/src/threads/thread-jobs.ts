/**
 * Thread jobs of this process: their pools, and their rows, which this process writes itself. Many are written in one
 * transaction: what has begun, been started and ended in one turn of the event loop.
 *
 *     start ──▶ rows, all starts of a turn at once ──▶ pools ──▶ begun, ended ──▶ rows, all changes of a turn at once
 *
 * A job whose start was answered has a row, and no job begins before its row is there.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { viewOf, type JobView } from '@nightshift/core';
import { isFinished, JobError, type Clock, type Instance, type ProcessIdentity } from '@nightshift/sdk';
import type { EmbeddedStore, NewThread, ThreadBooks, ThreadChange } from '@nightshift/store';
import { createThreadPool, type Ending, type PooledJob, type StopHow, type ThreadPool, type ThreadTask, type Work } from '@nightshift/thread-job/pool';
import { isAlive } from '../launch/identity.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { endOf, withEnd, workOf, type ThreadOrder } from './order.ts';
import { newsFile, takeAway, threadsFolder } from './places.ts';
import { createThreadRecords, type ThreadRecords } from './records.ts';

/** A thread job that is to be started by this process. */
export interface ThreadStart {
  readonly job: Omit<NewThread, 'beginTime'>;
  readonly pool: string;
  /** Of the pool from now on. */
  readonly limit?: number;
  readonly order: ThreadOrder;
}

/** A thread job of this process. */
export interface StartedThread {
  readonly id: number;
  /** As it was when it was first looked at. */
  readonly job: JobView;
  /** Runs it at once if it waits, whatever the limit of its pool says. */
  start(): void;
  /** Resolves with the job as it ended; never rejects. */
  readonly finished: Promise<JobView>;
}

export interface ThreadJobs {
  /** Resolves when its row is there. Rejects with `StoreFull` and its like: there is no job then. */
  start(start: ThreadStart): Promise<StartedThread>;
  /** Takes up a job whose row is there. `takeUp`: writes that it runs now; false when it must not. */
  adopt(instance: Instance, order: ThreadOrder, takeUp?: () => boolean): StartedThread;
  setLimit(pool: string, limit: number): void;
  /** Resolves when its end has been written; undefined: it is no job of this process that is unfinished. */
  stop(instanceId: string, how: StopHow): Promise<unknown> | undefined;
  has(instanceId: string): boolean;
  /** Jobs that have not ended, or whose end has not been written. */
  readonly size: number;
  readonly inbox: string;
  /** Writes what is to be written. */
  flush(): void;
  /** Ends what still runs, and its rows say so. */
  close(): Promise<void>;
}

export interface ThreadJobsParts {
  readonly store: EmbeddedStore;
  readonly books: ThreadBooks;
  readonly clock: Clock;
  readonly me: ProcessIdentity;
  readonly worker: URL;
  /** Whether workers may run ahead of the books. */
  readonly aheads: boolean;
  readonly warn: (warning: JobError) => void;
  /** Called when the last job has ended. */
  readonly idled?: () => void;
  /** Called when somebody has woken this process. */
  readonly woken?: () => void;
  /** Now and then, after starts: nobody else looks after the session store. */
  readonly prune?: () => Promise<void>;
}

/** Between two looks whether the session store holds too much, in milliseconds: nothing goes that is younger than ten minutes. */
const PRUNE_EVERY = 30_000;
/** Starts that are written at a time: the first of very many run while the others are written. */
const CHUNK = 256;
/** More than this many jobs on their way are a crowd. */
const MANY = 64;
/** Milliseconds. */
const MOMENT = 4;
/** How often to look whether those that wait still live, in milliseconds. */
const LOOK_FOR_DEAD = 1_000;
/** Until what could not be written is tried again, in milliseconds. */
const RETRY = 500;

export function createThreadJobs(parts: ThreadJobsParts): ThreadJobs {
  return new Threads(parts);
}

interface Pending {
  readonly start: ThreadStart;
  resolve(started: StartedThread): void;
  reject(cause: unknown): void;
}

class Threads implements ThreadJobs {
  readonly #parts: ThreadJobsParts;
  readonly #pools = new Map<string, ThreadPool>();
  readonly #live = new Map<string, Thread>();
  readonly #inbox: Inbox;
  /** An open file. */
  #news: number | undefined;
  #starts: Pending[] = [];
  #changed: Thread[] = [];
  #isScheduled = false;
  #isDelayed = false;
  #isLookingForDead = false;
  #lastPrune: number;
  /** Places that are lent, by the file that says so. */
  readonly #lent = new Map<string, () => void>();
  /** Files of wishes that are being fulfilled, by instance id. */
  readonly #wishes = new Map<string, string>();
  readonly #onExit = (): void => this.flush();

  constructor(parts: ThreadJobsParts) {
    this.#parts = parts;
    const threads = threadsFolder(parts.store.root);
    this.#inbox = openInbox(threads, parts.me, parts.clock, { woken: () => this.#look(), has: (instanceId) => this.has(instanceId) });
    const news = newsFile(threads);
    this.#news = news === undefined ? undefined : openSync(news, 'r+');
    this.#lastPrune = parts.clock.monotonic();
    // What has ended has ended, whoever calls process.exit() in the same turn.
    process.once('exit', this.#onExit);
  }

  get size(): number {
    return this.#live.size + this.#starts.length;
  }

  get inbox(): string {
    return this.#inbox.folder;
  }

  has(instanceId: string): boolean {
    return this.#live.has(instanceId);
  }

  start(start: ThreadStart): Promise<StartedThread> {
    return new Promise((resolve, reject) => {
      this.#starts.push({ start, resolve, reject });
      this.schedule();
    });
  }

  adopt(instance: Instance, order: ThreadOrder, takeUp?: () => boolean): StartedThread {
    const thread = new Thread(this, instance, takeUp);
    this.#live.set(instance.instanceId, thread);
    thread.enter(this.#pool(instance.run?.pool ?? 'default'), order);
    return thread;
  }

  setLimit(pool: string, limit: number): void {
    this.#pool(pool).setLimit(limit);
  }

  stop(instanceId: string, how: StopHow): Promise<unknown> | undefined {
    const thread = this.#live.get(instanceId);
    if (thread === undefined) return undefined;
    thread.pooled?.stop(how);
    return thread.finished;
  }

  schedule(): void {
    if (this.#isScheduled) return;
    // Of many that are on their way, those that end within a moment are written together.
    if (this.#starts.length === 0 && this.#live.size > MANY) {
      if (this.#isDelayed) return;
      this.#isDelayed = true;
      void this.#flushLater();
      return;
    }
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  async #flushLater(): Promise<void> {
    await this.#parts.clock.sleep(MOMENT);
    if (this.#isDelayed) this.flush();
  }

  /** Something of it is to be written. */
  changed(thread: Thread): void {
    this.#changed.push(thread);
    this.schedule();
  }

  flush(): void {
    this.#isScheduled = this.#isDelayed = false;
    const starts = this.#starts.splice(0, CHUNK);
    // First: what begins by that is written with the rest.
    for (const { start } of starts) if (start.limit !== undefined) this.setLimit(start.pool, start.limit);
    const changed = this.#changed;
    this.#changed = [];
    let instances: readonly Instance[];
    try {
      instances = this.#parts.books.write(this.#rowsOf(starts), changed.map(({ change }) => change));
    } catch (cause) {
      this.#notWritten(starts, changed, cause);
      return;
    }
    for (const thread of changed) this.#written(thread);
    starts.forEach(({ start, resolve }, index) => resolve(this.adopt(instances[index] as Instance, start.order)));
    if (changed.length > 0) this.tell();
    if (changed.length > 0 && this.size === 0) this.#parts.idled?.();
    if (starts.length > 0) this.#prune();
    if (this.#starts.length > 0) this.schedule();
  }

  /** Those that find room run as soon as their rows are there. */
  #rowsOf(starts: readonly Pending[]): readonly NewThread[] {
    if (starts.length === 0) return [];
    const beginTime = this.#parts.clock.now();
    const room = new Map<string, number>();
    return starts.map(({ start: { job, pool } }) => {
      const left = room.get(pool) ?? this.#pool(pool).room;
      room.set(pool, left - 1);
      return left > 0 ? { ...job, beginTime } : job;
    });
  }

  /** Starts are refused: there are no jobs. What has happened is written as soon as it can be. */
  #notWritten(starts: readonly Pending[], changed: readonly Thread[], cause: unknown): void {
    for (const { reject } of starts) reject(cause);
    if (changed.length === 0) return;
    this.#changed.unshift(...changed);
    if (starts.length === 0) this.#parts.warn(cause instanceof JobError ? cause : new JobError({ code: 'InputOutputError', message: `what became of thread jobs cannot be written just now: ${(cause as Error).message}` }, { cause }));
    this.#isScheduled = true;
    void this.#parts.clock.sleep(RETRY).then(() => this.flush());
  }

  #written(thread: Thread): void {
    if (!thread.settle()) return;
    this.#live.delete(thread.instance.instanceId);
    const wish = this.#wishes.get(thread.instance.instanceId);
    if (wish !== undefined) takeAway(wish);
    this.#wishes.delete(thread.instance.instanceId);
  }

  /** Somebody else has stopped it, and its row says so. */
  dropped({ instance }: Thread): void {
    this.#live.delete(instance.instanceId);
    if (this.size === 0) this.#parts.idled?.();
  }

  #pool(name: string): ThreadPool {
    let pool = this.#pools.get(name);
    if (pool === undefined) this.#pools.set(name, (pool = createThreadPool(this.#parts)));
    return pool;
  }

  get now(): Date {
    return this.#parts.clock.now();
  }

  /** Whoever waits for a thread job, in whatever process, looks again. */
  tell(): void {
    if (this.#news === undefined) return;
    try {
      writeSync(this.#news, '.', 0);
    } catch (cause) {
      // A full disk: they look now and then by themselves.
      if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    }
  }

  #prune(): void {
    const { clock, prune } = this.#parts;
    if (prune === undefined || clock.monotonic() - this.#lastPrune < PRUNE_EVERY) return;
    this.#lastPrune = clock.monotonic();
    void prune();
  }

  /** Somebody has put something into our inbox. */
  #look(): void {
    for (const { name, path, content } of this.#inbox.files('stop')) {
      if (this.stop(name, content as StopHow) !== undefined) this.#wishes.set(name, path);
      else if (this.#inbox.isOfNobody(name)) takeAway(path);
    }
    for (const { path, content } of this.#inbox.files('queue')) {
      const { instance, order, limit } = content as { instance: Instance; order: ThreadOrder; limit?: number };
      const starter = instance.run?.startedBy ?? '';
      if (!this.has(starter) && !this.#inbox.isOfNobody(starter)) continue;
      takeAway(path);
      if (limit !== undefined) this.setLimit(instance.run?.pool ?? 'default', limit);
      this.adopt(instance, order);
    }
    for (const { name, path } of this.#inbox.files('starts')) {
      if (this.has(name) || this.#inbox.isOfNobody(name)) takeAway(path);
      this.#live.get(name)?.start();
    }
    this.#lend();
    this.#parts.woken?.();
  }

  #lend(): void {
    const waits = this.#inbox.files('waits') as readonly { readonly path: string; readonly content: { readonly waiter: string; readonly by: ProcessIdentity; readonly for: readonly string[] } }[];
    const wanted = new Map(waits.filter(({ content }) => isAlive(content.by)).map(({ path, content }) => [path, content]));
    for (const [path, takeBack] of this.#lent) {
      if (wanted.has(path)) continue;
      takeBack();
      this.#lent.delete(path);
    }
    for (const [path, { waiter, for: awaited }] of wanted) {
      const thread = this.#live.get(waiter);
      if (this.#lent.has(path) || thread?.pooled === undefined) continue;
      // Of its own pool: others have places of their own.
      if (awaited.some((instanceId) => this.#samePool(thread, instanceId))) this.#lent.set(path, thread.pooled.lend());
    }
    if (this.#lent.size > 0) this.#lookForDeadWaiters();
  }

  #samePool({ instance }: Thread, awaited: string): boolean {
    const other = this.#live.get(awaited);
    return other !== undefined && other.instance.run?.pool === instance.run?.pool;
  }

  /** A process that was killed while it waited takes nothing away. */
  #lookForDeadWaiters(): void {
    if (this.#isLookingForDead) return;
    this.#isLookingForDead = true;
    void this.#lookLater();
  }

  async #lookLater(): Promise<void> {
    await this.#parts.clock.sleep(LOOK_FOR_DEAD);
    this.#isLookingForDead = false;
    this.#lend();
  }

  async close(): Promise<void> {
    this.flush();
    const ended = [...this.#live.values()].map((thread) => {
      thread.pooled?.stop({ reason: 'shutdown', force: true });
      return thread.finished;
    });
    await Promise.all(ended);
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    this.flush();
    process.off('exit', this.#onExit);
    if (this.#news !== undefined) closeSync(this.#news);
    this.#news = undefined;
    this.#inbox[Symbol.dispose]();
  }
}

const NONE: readonly Instance[] = [];
const UNREAD: Parameters<typeof viewOf>[2] = new Map();

/** One thread job, from its row to the end of it. */
class Thread implements StartedThread, ThreadTask {
  readonly #owner: Threads;
  readonly #takeUp: (() => boolean) | undefined;
  #settled: PromiseWithResolvers<JobView> | undefined;
  #isSettled = false;
  #records: ThreadRecords | undefined;
  #view: JobView | undefined;
  #trouble: Error | undefined;
  #isQueued = false;
  #work: Work | undefined;
  instance: Instance;
  change: ThreadChange;
  pooled: PooledJob | undefined;

  constructor(owner: Threads, instance: Instance, takeUp: (() => boolean) | undefined) {
    this.#owner = owner;
    this.instance = instance;
    this.change = { id: instance.id };
    this.#takeUp = takeUp;
  }

  get id(): number {
    return this.instance.id;
  }

  get job(): JobView {
    return (this.#view ??= this.#viewNow());
  }

  get finished(): Promise<JobView> {
    if (this.#isSettled) return Promise.resolve(this.#viewNow());
    return (this.#settled ??= Promise.withResolvers()).promise;
  }

  #viewNow(): JobView {
    return viewOf(this.instance, NONE, UNREAD);
  }

  get work(): Work {
    return this.#work as Work;
  }

  start(): void {
    this.pooled?.start();
    this.#owner.flush();
  }

  enter(pool: ThreadPool, order: ThreadOrder): void {
    this.#work = workOf(this.instance, order);
    this.pooled = pool.add(this);
  }

  begun(): boolean {
    if (this.#takeUp !== undefined && !this.#takeUp()) {
      this.#owner.dropped(this);
      return false;
    }
    if (this.instance.state !== 'NotStarted') return true;
    const beginTime = this.#owner.now;
    this.instance = { ...this.instance, state: 'Running', beginTime };
    if (this.#takeUp !== undefined) this.#owner.tell();
    else this.#change({ beginTime });
    return true;
  }

  wrote(bytes: Uint8Array): void {
    try {
      (this.#records ??= createThreadRecords(this.instance)).append(bytes);
      this.#owner.tell();
    } catch (cause) {
      // A job whose records are lost has not done what it says.
      this.#trouble ??= cause as Error;
      this.pooled?.stop({ reason: 'stopped' });
    }
  }

  ended(ending: Ending): void {
    const how = this.#trouble === undefined ? ending : ({ state: 'Failed', reason: 'error', message: `a record could not be written: ${this.#trouble.message}` } as const);
    const end = endOf(how, this.#owner.now, this.#records?.size ?? 0);
    this.#records?.close();
    this.instance = withEnd(this.instance, end);
    this.#change({ end });
  }

  #change(more: Omit<ThreadChange, 'id'>): void {
    this.change = { ...this.change, ...more };
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#owner.changed(this);
  }

  /** What has changed is written down. True when that was the end. */
  settle(): boolean {
    this.#isQueued = false;
    if (!isFinished(this.instance.state)) return false;
    this.#isSettled = true;
    this.#settled?.resolve(this.#viewNow());
    this.#work = undefined;
    return true;
  }
}
