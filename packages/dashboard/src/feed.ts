/**
 * What has changed, told to all who listen: one look at the stores for any number of pages, and none while nobody listens.
 *
 *     every half second   has anybody written into a store? a number that SQLite keeps; nothing more is read if not
 *     every second        the unfinished jobs are looked at, for nobody else may: what has ended is written down
 *     every two seconds   counts and the scheduler, where something has changed; else every half minute
 *
 * A page that does not take what it is sent is let go: it asks for everything anew when it comes back.
 */
import type { SurveyedJob } from '@nightshift/host';
import { FINISHED_STATES, JOB_STATES } from '@nightshift/sdk';
import type { LogPlace, ServerEvent } from './api.ts';
import { countsOf, loadingOf, schedulerOf } from './answers/now.ts';
import { jobRows } from './answers/rows.ts';
import { jobAt, logsOf } from './answers/run.ts';
import type { Desk } from './desk.ts';
import { Refusal } from './door/refusal.ts';

export interface Feed {
  /** The events for one page, as server-sent events; `follow`: the job whose logs it shows. Throws a refusal where there are too many. */
  listen(follow: string | undefined): ReadableStream<Uint8Array>;
  readonly listeners: number;
  /** Until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
}

interface Listener {
  send(event: ServerEvent): void;
  beat(): void;
  end(): void;
  readonly follow: string | undefined;
  /** Sizes as they were told. */
  readonly logs: Map<string, string>;
}

/** Source: security specification S23. */
const MOST = 100;
const TICK = 500;
const LOOK = 1_000;
const COUNT = 2_000;
const COUNT_IDLE = 30_000;
const BEAT = 15_000;
/** Bytes that wait for a page before it is let go. */
const BACKLOG = 4_194_304;
/** Unfinished jobs that are told one by one, and that are looked at in one round. */
const MANY = 500;
const AT_ONCE = 100;
const KEYS = 200;
const UNFINISHED = JOB_STATES.filter((state) => !FINISHED_STATES.includes(state));

export function createFeed(desk: Desk): Feed {
  const { survey } = desk;
  const { clock } = survey;
  const listeners = new Set<Listener>();
  const changedKeys = new Set<string>();
  let wake = Promise.withResolvers<void>();
  survey.definitions.onChange((keys) => {
    if (listeners.size === 0) return;
    for (const key of keys) if (changedKeys.size <= KEYS) changedKeys.add(key);
  });
  const tell = (event: ServerEvent): void => {
    for (const listener of listeners) listener.send(event);
  };
  const jobs = createJobWatch(desk);
  let told = { now: '', at: -Infinity, loading: '' };
  /** What a change has made old and nobody has looked at since: the store says only once that somebody has written. */
  let owed = { jobs: false, anchor: false, now: false };

  const round = async (state: { looked: number; anchored: number; beaten: number }): Promise<void> => {
    const now = clock.monotonic();
    if (survey.hasChanged()) owed = { jobs: true, anchor: true, now: true };
    if (owed.jobs || now - state.looked >= LOOK) {
      state.looked = now;
      const event = await jobs.changes(owed.jobs);
      owed = { ...owed, jobs: false };
      if (event !== undefined) tell(event);
    }
    if (owed.anchor && now - state.anchored >= COUNT) {
      state.anchored = now;
      await anchor(desk);
      owed = { ...owed, anchor: false };
    }
    if (now - told.at >= (owed.now ? COUNT : COUNT_IDLE)) {
      const event = { is: 'now', counts: await countsOf(desk), scheduler: await schedulerOf(desk) } as const;
      owed = { ...owed, now: false };
      const text = JSON.stringify(event);
      if (text !== told.now) tell(event);
      told = { ...told, now: text, at: now };
    }
    const loading = JSON.stringify(loadingOf(desk));
    if (changedKeys.size > 0 || loading !== told.loading) {
      const more = changedKeys.size > KEYS;
      tell({ is: 'definitions', keys: more ? [] : [...changedKeys], more, loading: loadingOf(desk) });
      changedKeys.clear();
      told = { ...told, loading };
    }
    // One log that cannot be read is not the trouble of all who look.
    for (const listener of listeners) await tellLogs(desk, listener).catch(troubleTold(desk));
    if (now - state.beaten >= BEAT) {
      state.beaten = now;
      for (const listener of listeners) listener.beat();
    }
  };
  return {
    get listeners() {
      return listeners.size;
    },
    listen(follow) {
      if (listeners.size >= MOST) throw new Refusal(503, `${MOST} pages listen already`);
      let own: Listener | undefined;
      return new ReadableStream<Uint8Array>({
        start(controller) {
          own = listenerOn(controller, follow, () => listeners.delete(own as Listener));
          listeners.add(own);
          own.send({ is: 'hello', at: clock.now().toISOString(), version: desk.version });
          wake.resolve();
        },
        cancel: () => void listeners.delete(own as Listener),
      }, { highWaterMark: BACKLOG, size: (chunk) => chunk.byteLength });
    },
    async run(signal) {
      const stopped = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => stopped.resolve(), { once: true });
      const state = { looked: -Infinity, anchored: -Infinity, beaten: -Infinity };
      while (!signal.aborted) {
        if (listeners.size === 0) {
          wake = Promise.withResolvers<void>();
          if (listeners.size === 0) await Promise.race([wake.promise, stopped.promise]);
          jobs.forget();
          told = { now: '', at: -Infinity, loading: told.loading };
          continue;
        }
        await round(state).catch(troubleTold(desk));
        await clock.sleep(TICK, signal).catch(() => undefined);
      }
      for (const listener of [...listeners]) {
        listener.send({ is: 'bye' });
        listener.end();
      }
    },
  };
}

/** A store that cannot be read now may be read in half a second; what is a mistake of ours is told and no reason to fall silent. */
function troubleTold({ warn }: Desk): (cause: unknown) => void {
  return (cause) => warn(cause);
}

function listenerOn(controller: ReadableStreamDefaultController<Uint8Array>, follow: string | undefined, gone: () => void): Listener {
  const encoder = new TextEncoder();
  const write = (text: string): void => {
    try {
      // More waits for it than anybody would read.
      if ((controller.desiredSize ?? 0) <= 0) throw new Error('the page does not read');
      controller.enqueue(encoder.encode(text));
    } catch {
      gone();
      closeQuietly(controller);
    }
  };
  return {
    follow,
    logs: new Map(),
    send: (event) => write(`data: ${JSON.stringify(event)}\n\n`),
    beat: () => write(': still here\n\n'),
    end() {
      gone();
      closeQuietly(controller);
    },
  };
}

function closeQuietly(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close();
  } catch {
    // It was closed by whoever listened.
  }
}

/** Due times count from when the scheduler first saw their triggers. */
export async function anchor({ survey }: Desk): Promise<void> {
  const clocks = await survey.clocks();
  survey.definitions.anchor(new Map(clocks.map(({ definition, triggerId, knownSince }) => [`${definition}#${triggerId}`, knownSince])));
}

async function tellLogs(desk: Desk, listener: Listener): Promise<void> {
  if (listener.follow === undefined) return;
  const job = await jobAt(desk, listener.follow).catch(() => undefined);
  for (const log of job === undefined ? [] : await logsOf(desk, job)) {
    const [place, state] = [placeOf(log), `${log.bytes} ${log.ended} ${log.error?.message}`];
    if (listener.logs.get(place) === state) continue;
    listener.logs.set(place, state);
    listener.send({ is: 'log', log });
  }
}

function placeOf({ jobId, attempt, channel }: LogPlace): string {
  return `${jobId} ${attempt} ${channel}`;
}

interface JobWatch {
  /** What is new since the last call; undefined: nothing. `isWritten`: somebody has written into a store. */
  changes(isWritten: boolean): Promise<ServerEvent | undefined>;
  forget(): void;
}

/** Knows the unfinished jobs as they were told, some that have ended, and the moment up to which ends were told. */
function createJobWatch(desk: Desk): JobWatch {
  const { survey } = desk;
  let known: Map<number, string> | undefined;
  /** Ids of finished jobs that were told lately: they may be removed while somebody looks at them. */
  let finished: readonly number[] = [];
  let upTo = new Date(0);
  let offset = 0;
  const printOf = ({ view, instance }: SurveyedJob): string => JSON.stringify([view.state, view.statusMessage, view.attempt, view.beginTime, view.endTime, instance.queued, instance.notBefore]);
  return {
    forget: () => void (known = undefined),
    async changes(isWritten) {
      if (!isWritten && known?.size === 0) return undefined;
      const now = survey.clock.now();
      const count = await survey.jobs.count({ topLevel: true, states: UNFINISHED });
      if (count > MANY) {
        const wasMany = known === undefined;
        known = undefined;
        return isWritten || !wasMany ? { is: 'jobs', jobs: [], removed: [], more: true } : undefined;
      }
      const rows = await survey.jobs.find({ topLevel: true, states: UNFINISHED });
      offset = rows.length <= AT_ONCE ? 0 : (offset + AT_ONCE) % rows.length;
      const turn = rows.slice(offset, offset + AT_ONCE);
      const looked = await survey.jobs.lookAt(isWritten ? rows : turn);
      const prints = new Map(looked.map((job) => [job.instance.id, printOf(job)]));
      const unfinished = new Map(rows.map(({ instance: { id } }) => [id, prints.get(id) ?? known?.get(id) ?? '']));
      const before = known;
      known = new Map([...unfinished].filter(([id]) => !looked.some((job) => job.instance.id === id && FINISHED_STATES.includes(job.view.state))));
      const since = upTo;
      upTo = new Date(now.getTime() - 1);
      // Who came while this was found out has asked before, and what began in between is in no later difference.
      if (before === undefined) return { is: 'jobs', jobs: [], removed: [], more: true };
      const gone = [...before.keys()].filter((id) => !unfinished.has(id));
      const ended = await survey.jobs.lookAt(await survey.jobs.find({ topLevel: true, endedSince: since, last: AT_ONCE }));
      const left = gone.length === 0 ? [] : await survey.jobs.lookAt(await survey.jobs.find({ ids: gone }));
      const changed = new Map([...looked.filter((job) => before.get(job.instance.id) !== prints.get(job.instance.id)), ...ended, ...left].map((job) => [job.instance.id, job]));
      const asked = [...new Set([...gone, ...(isWritten ? finished : [])])];
      const there = new Set((asked.length === 0 ? [] : await survey.jobs.find({ ids: asked })).map(({ instance }) => instance.id));
      const removed = asked.filter((id) => !there.has(id));
      finished = [...finished.filter((id) => !removed.includes(id)), ...[...changed.values()].filter(({ view }) => FINISHED_STATES.includes(view.state)).map(({ instance }) => instance.id)].slice(-MANY);
      if (changed.size === 0 && removed.length === 0) return undefined;
      const rowsToTell = await jobRows(desk, [...changed.values()].slice(0, AT_ONCE));
      return { is: 'jobs', jobs: rowsToTell, removed, more: changed.size > AT_ONCE || ended.length === AT_ONCE };
    },
  };
}

