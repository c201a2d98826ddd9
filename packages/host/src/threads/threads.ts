/** Thread jobs for the verbs: in this process, or handed to the host of their pool. Loaded by who starts one. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { pruneSessionStore, viewOf, type JobView } from '@nightshift/core';
import { isFinished, type Clock, type Instance, type JobError, type ProcessIdentity } from '@nightshift/sdk';
import { createThreadBooks, type EmbeddedStore, type NewThread, type ThreadBooks } from '@nightshift/store';
import type { ThreadSpec } from '@nightshift/thread-job';
import { bodyOf, workerFile } from '@nightshift/thread-job/pool';
import { threadEnvironment } from '../launch/environment.ts';
import { isAlive, thisMachine, thisProcess } from '../launch/identity.ts';
import { newInstanceId } from '../launch/instance-id.ts';
import type { HostStores } from '../stores.ts';
import type { ThreadOrder } from './order.ts';
import { dropInto, inboxOf, takeAway, threadsFolder, wake } from './places.ts';
import { startPoolHost } from './rouse.ts';
import { createThreadJobs, type StartedThread, type ThreadJobs } from './thread-jobs.ts';

/** What start-thread-job was asked for; everything has been checked. */
export interface ThreadRequest {
  readonly spec: ThreadSpec;
  /** What get-job shows: the text, or the absolute path of the file. */
  readonly command: string;
  readonly name?: string;
  /** Default `default`. */
  readonly pool?: string;
  /** Of the pool from now on. */
  readonly throttleLimit?: number;
  readonly args: readonly unknown[];
  readonly input: readonly unknown[];
  /** Absolute and existing. */
  readonly workingDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly gracePeriod?: number;
}

export interface Threads extends AsyncDisposable {
  /** Runs it in this process, and with it. */
  start(request: ThreadRequest): Promise<StartedThread>;
  /** Hands it to the process of its pool, started if need be. Resolves when that has seen it: it runs, or waits for a place. */
  submit(request: ThreadRequest): Promise<JobView>;
  /** Undefined: it is no unfinished job of this process. */
  stop: ThreadJobs['stop'];
}

export interface ThreadsParts {
  readonly stores: HostStores;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
  /** Words behind Node that start the host of a pool. */
  readonly threadHost: readonly string[];
}

/** How long the host of a pool may take to see a job, in milliseconds; then the job waits for it alone. */
const PATIENCE = 15_000;
/** Between two looks whether it has, in milliseconds. */
const LOOK = 3;

export function createThreads(parts: ThreadsParts): Threads {
  const { stores, clock, environment } = parts;
  const store = stores.session() as EmbeddedStore;
  const me = thisProcess();
  const books = createThreadBooks(store, stores.parts.ids, thisMachine().boot);
  let own: ThreadJobs | undefined;
  const jobs = (): ThreadJobs => (own ??= createThreadJobs({ store, books, clock, me, worker: workerFile(), aheads: true, warn: parts.warn, prune: () => pruneSessionStore({ clock }, store) }));
  const snapshot = perTurn(() => threadEnvironment(environment, undefined));
  const ownEnvironment = perTurn(() => ({ ...snapshot(), [HOST]: inboxOf(threadsFolder(store.root), me) }));
  const bodies = perTurn(() => new Map<string, ReturnType<typeof bodyOf>>());
  /** A file is looked at once for all starts of one turn. */
  const bodyIn = (spec: ThreadSpec, folder: string): ReturnType<typeof bodyOf> => {
    const { filePath } = spec;
    if (filePath === undefined || spec.initializationScript !== undefined) return bodyOf(spec, folder);
    const known = bodies();
    let body = known.get(filePath);
    if (body === undefined) known.set(filePath, (body = bodyOf(spec, folder)));
    return body;
  };
  const factsOf = sharedFacts(environment);
  const order = ({ spec, args, input, workingDirectory, environment: declared }: ThreadRequest, inherited: Record<string, string>): ThreadOrder => ({
    spec,
    args,
    input,
    workingDirectory,
    environment: declared === undefined ? inherited : { ...inherited, ...declared },
  });
  return {
    start(request) {
      const outer = hostOfThread(environment, store);
      const row = rowOf(request, factsOf(request, me));
      if (outer !== undefined) return startWithin(parts, books, outer, request.throttleLimit, row, order(request, { ...snapshot(), [HOST]: outer }), me);
      const { pool = 'default', throttleLimit } = request;
      return jobs().start({ job: row, pool, order: { ...order(request, ownEnvironment()), body: bodyIn(request.spec, request.workingDirectory) }, ...(throttleLimit === undefined ? {} : { limit: throttleLimit }) });
    },
    submit: (request) => submit(parts, books, store, request, rowOf(request, factsOf(request, undefined)), order(request, snapshot())),
    stop: (instanceId, how) => own?.stop(instanceId, how),
    async [Symbol.asyncDispose]() {
      await own?.close();
    },
  };
}

/** Read once for all starts of one turn of the event loop: a variable that changes between two of them is seen by neither. */
function perTurn<T>(read: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    if (known === undefined) {
      known = { value: read() };
      setImmediate(() => (known = undefined));
    }
    return known.value;
  };
}

/** Tells a thread job which process runs it. */
const HOST = 'NIGHTSHIFT_THREAD_HOST';

type Facts = NewThread['run'];

/** The same object for the same facts, as long as they follow one another: rows that share it are written together. */
function sharedFacts(environment: NodeJS.ProcessEnv): (request: ThreadRequest, holder: ProcessIdentity | undefined) => Facts {
  const startedBy = environment[HOST] === undefined ? undefined : environment['NIGHTSHIFT_INSTANCE_ID'];
  let last: Facts | undefined;
  return ({ pool = 'default', timeout, gracePeriod }, holder) => {
    if (last?.pool === pool && last.timeout === timeout && last.gracePeriod === gracePeriod && last.holder === holder) return last;
    last = {
      form: 'thread',
      pool,
      ...(holder === undefined ? {} : { holder }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(gracePeriod === undefined ? {} : { gracePeriod }),
      ...(startedBy === undefined ? {} : { startedBy }),
    };
    return last;
  };
}

function rowOf({ command, name }: ThreadRequest, run: Facts): NewThread {
  const row = { instanceId: newInstanceId(), type: 'ThreadJob', command, run };
  return name === undefined ? row : { ...row, name };
}

/** The inbox of the process that runs the thread job which this code is part of, where it works on the same store. */
function hostOfThread({ [HOST]: inbox }: NodeJS.ProcessEnv, { root }: EmbeddedStore): string | undefined {
  return !isMainThread && inbox !== undefined && dirname(inbox) === threadsFolder(root) ? inbox : undefined;
}

/** A thread of a thread: it goes to the pools of the process that both belong to. */
async function startWithin({ clock }: ThreadsParts, books: ThreadBooks, inbox: string, limit: number | undefined, row: NewThread, order: ThreadOrder, me: ProcessIdentity): Promise<StartedThread> {
  const [instance] = books.write([row], []) as readonly [Instance];
  dropInto(inbox, 'queue', `${instance.instanceId}.json`, { instance, order, ...(limit === undefined ? {} : { limit }) });
  const file = join(inbox, 'queue', `${instance.instanceId}.json`);
  while (existsSync(file)) await clock.sleep(LOOK);
  return {
    id: instance.id,
    job: viewOf(books.find(instance.id) ?? instance, [], new Map()),
    start: () => void dropInto(inbox, 'starts', instance.instanceId, {}),
    get finished() {
      return ended(books, instance, clock, inbox, me);
    },
  };
}

async function ended(books: ThreadBooks, instance: Instance, clock: Clock, inbox: string, me: ProcessIdentity): Promise<JobView> {
  const waiter = instance.run?.startedBy;
  const file = waiter === undefined ? undefined : dropInto(inbox, 'waits', `${waiter}.${instance.instanceId}`, { waiter, by: me, for: [instance.instanceId] });
  try {
    for (;;) {
      const now = books.find(instance.id);
      if (now === undefined || isFinished(now.state)) return viewOf(now ?? instance, [], new Map());
      await clock.sleep(10);
    }
  } finally {
    if (file !== undefined) takeAway(file);
  }
}

async function submit(parts: ThreadsParts, books: ThreadBooks, store: EmbeddedStore, request: ThreadRequest, row: NewThread, order: ThreadOrder): Promise<JobView> {
  const { pool = 'default', throttleLimit } = request;
  const threads = threadsFolder(store.root);
  // What is to be run first: whoever finds the row finds it.
  mkdirSync(join(threads, 'queue'), { recursive: true, mode: 0o700 });
  writeFileSync(join(threads, 'queue', `${row.instanceId}.json`), JSON.stringify(order), { mode: 0o600 });
  const [instance] = books.write([row], [], throttleLimit === undefined ? undefined : { pool, limit: throttleLimit }) as readonly [Instance];
  rouse(parts, books, threads, pool);
  const until = parts.clock.monotonic() + PATIENCE;
  for (;;) {
    const now = books.find(instance.id) ?? instance;
    if (now.state !== 'NotStarted' || books.pool(pool).seenId >= now.id || parts.clock.monotonic() > until) return viewOf(now, [], new Map());
    await parts.clock.sleep(LOOK);
  }
}

/** Wakes the host of a pool, or starts one: of several that are started at one moment, one stays. */
function rouse(parts: ThreadsParts, books: ThreadBooks, threads: string, pool: string): void {
  const { host } = books.pool(pool);
  if (host !== undefined && isAlive(host) && wake(inboxOf(threads, host))) return;
  startPoolHost(parts, threads, pool);
}
