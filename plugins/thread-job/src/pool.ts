/**
 * A pool of warm workers with a limit. A job has a place as soon as it may run; a worker takes it as soon as there is one.
 * While more jobs wait than may run and they turn out to be short, workers are offered several ahead: they run them one
 * after the other, so that no more run than the limit says, and what turns out to be long gives back what is behind it.
 */
import { formatDuration, type Clock } from '@nightshift/sdk';
import { startHand, type Hand } from './hand.ts';
import { SLOTS, type Ended, type WorkerTask } from './messages.ts';
import { Throttle } from './throttle.ts';

/** What is to be run. */
export interface Work extends Omit<WorkerTask, 'key' | 'slot' | 'environment'> {
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds. Default: none. */
  readonly timeout?: number;
  /** Milliseconds between the signal and the end of the worker. */
  readonly gracePeriod: number;
}

/** How a job ended. */
export type Ending =
  | { readonly state: 'Completed'; readonly exitCode?: number }
  | { readonly state: 'Failed'; readonly reason: 'error' | 'exit' | 'timeout'; readonly message: string; readonly code?: string; readonly stack?: string; readonly exitCode?: number }
  | { readonly state: 'Stopped'; readonly reason: string };

/** A job as its owner knows it: what is told of it, in this order. One that is stopped before it begins ends without having begun. */
export interface ThreadTask {
  readonly work: Work;
  /** It runs from now on; false: it is wanted no more, and nothing else is told of it. */
  begun(): boolean;
  /** Bytes of whole lines, each a record. */
  wrote(bytes: Uint8Array): void;
  ended(ending: Ending): void;
}

/** What is said of a failure: of the body's own error exactly its message. Source: jobs.md 16.3. */
export function messageOf({ message, code }: Extract<Ending, { state: 'Failed' }>): string {
  return code === 'ThreadJobError' ? `ThreadJobError: ${message}` : message;
}

export interface StopHow {
  readonly reason: string;
  /** At once. Default false: the signal first. */
  readonly force?: boolean;
  /** Default: the job's own. */
  readonly gracePeriod?: number;
}

/** A job in a pool. */
export interface PooledJob {
  /** Runs it at once, whatever the limit says. Nothing for one that runs. */
  start(): void;
  /** The first reason stays. Nothing for one that has ended. */
  stop(how: StopHow): void;
  feed(values: readonly unknown[], isEnd: boolean): void;
  /** It waits for a job that it started itself in this pool: its place counts as free until the answer is called. */
  lend(): () => void;
}

export interface ThreadPool {
  /** From now on, also for jobs that wait. */
  setLimit(limit: number): void;
  add(task: ThreadTask): PooledJob;
  /** Jobs that have not ended. */
  readonly size: number;
  /** How many more would run at once. */
  readonly room: number;
  /** Ends everything at once. */
  close(): Promise<void>;
}

export const DEFAULT_LIMIT = 5;
/** Idle workers that are kept warm. */
const WARM = 5;
/** Workers that are being made at a time: each needs a processor for some fifty milliseconds. */
const BOOTING = 4;
/** Below this a job is short, in milliseconds. */
const SHORT = 1;
/** Work that is offered to a worker ahead, in milliseconds: no more may wait for one while another has nothing to do. */
const AHEAD = 10;
/** How often to look whether a job keeps others waiting that were offered to its worker, in milliseconds. */
const LOOK = 5;

/** What can be done with a job, whichever it is. */
type Doing = { readonly [Verb in keyof PooledJob]: (job: Job, ...words: Parameters<PooledJob[Verb]>) => ReturnType<PooledJob[Verb]> };

class Job implements PooledJob {
  readonly key: number;
  readonly task: ThreadTask;
  readonly work: Work;
  readonly #doing: Doing;
  is: 'waiting' | 'offered' | 'placed' | 'running' | 'ended' = 'waiting';
  crew: Member | undefined = undefined;
  stopped: StopHow | undefined = undefined;
  isKilled = false;
  lends = 0;
  cut: AbortController | undefined = undefined;

  constructor(key: number, task: ThreadTask, doing: Doing) {
    this.key = key;
    this.task = task;
    this.work = task.work;
    this.#doing = doing;
  }

  start(): void {
    this.#doing.start(this);
  }

  stop(how: StopHow): void {
    this.#doing.stop(this, how);
  }

  feed(values: readonly unknown[], isEnd: boolean): void {
    this.#doing.feed(this, values, isEnd);
  }

  lend(): () => void {
    return this.#doing.lend(this);
  }
}

interface Member {
  readonly hand: Hand;
  /** The first runs, the others are offered to it. */
  jobs: Job[];
  isBooting: boolean;
}

let lastKey = 0;

/** `aheads`: workers may run jobs before `begun` is told of them. Default false. */
export function createThreadPool(parts: { readonly clock: Clock; readonly worker: URL; readonly aheads?: boolean }): ThreadPool {
  const throttle = new Throttle<Job>(DEFAULT_LIMIT);
  const members = new Set<Member>();
  const idle: Member[] = [];
  /** They have a place and want a worker. */
  const placed: Job[] = [];
  let size = 0;
  let depth = 1;
  let isLooking = false;
  let isPumping = false;
  let willOffer = false;
  let isClosed = false;

  function pump(): void {
    if (isPumping || isClosed) return;
    isPumping = true;
    for (let job = throttle.next(); job !== undefined; job = throttle.next()) place(job);
    dispatch();
    offerAhead();
    isPumping = false;
  }

  /** It may run: from here on it counts as running, whether its worker is there or still being made. */
  function place(job: Job): void {
    job.is = 'placed';
    if (begin(job)) placed.push(job);
    else drop(job);
    dispatch();
  }

  /** Somebody has stopped it where we could not see it. */
  function drop(job: Job): void {
    throttle.end(job);
    job.is = 'ended';
    size -= 1;
  }

  function begin(job: Job): boolean {
    const { timeout } = job.work;
    if (!job.task.begun()) return false;
    if (timeout !== undefined) {
      job.cut = new AbortController();
      parts.clock.sleep(timeout, job.cut.signal).then(() => stop(job, { reason: 'timeout' }), () => {});
    }
    return true;
  }

  function dispatch(): void {
    while (placed.length > 0) {
      const member = idle.pop() ?? hire();
      if (member === undefined) return;
      const job = placed.shift() as Job;
      member.hand.hold(true);
      give(member, [job]);
      job.is = 'running';
    }
  }

  function give(member: Member, jobs: readonly Job[]): void {
    // One environment goes with one message: those of other environments come with the next.
    for (let rest = jobs; rest.length > 0; ) {
      const { environment } = (rest[0] as Job).work;
      const end = rest.findIndex(({ work }) => work.environment !== environment);
      const same = end === -1 ? rest : rest.slice(0, end);
      rest = end === -1 ? [] : rest.slice(end);
      for (const job of same) job.crew = member;
      member.jobs.push(...same);
      member.hand.give(same, environment);
    }
  }

  function hire(): Member | undefined {
    if ([...members].filter(({ isBooting }) => isBooting).length >= BOOTING) return undefined;
    const member: Member = {
      jobs: [],
      isBooting: true,
      hand: startHand(parts.worker, {
        isReady: () => {
          member.isBooting = false;
          dispatch();
        },
        wrote: (key, bytes) => jobOf(member, key)?.task.wrote(bytes),
        ended: (ended) => bodyEnded(member, ended),
        done: (took) => collect(member, took),
        gone: (how) => handGone(member, how),
      }),
    };
    members.add(member);
    return member;
  }

  /** More wait than may run, and those that run are short. */
  function offerAhead(): void {
    if (parts.aheads !== true || depth === 1 || throttle.waiting === 0 || placed.length > 0) return;
    // What there is goes to all of them, not to the first.
    const share = Math.ceil(throttle.waiting / members.size);
    for (const member of members) {
      const [first] = member.jobs;
      if (first === undefined || member.isBooting || member.jobs.length > depth / 2 || first.stopped !== undefined) continue;
      const jobs: Job[] = [];
      for (let room = Math.min(depth - member.jobs.length, share); room > 0; room--) {
        const job = throttle.take();
        if (job === undefined) break;
        job.is = 'offered';
        jobs.push(job);
      }
      if (jobs.length > 0) give(member, jobs);
    }
    if (!isLooking) void lookForLongOnes();
  }

  /** Those that are added in one go are offered together: each by itself would be a message, which costs more than a short job. */
  function offerSoon(): void {
    if (willOffer) return;
    willOffer = true;
    queueMicrotask(() => {
      willOffer = false;
      pump();
    });
  }

  /** As long as anything is offered ahead. */
  async function lookForLongOnes(): Promise<void> {
    isLooking = true;
    for (let seen = new Map<Member, Job>(); ; ) {
      await parts.clock.sleep(LOOK);
      const holding = [...members].filter(({ jobs }) => jobs.length > 1);
      if (holding.length === 0) break;
      for (const member of holding) {
        collect(member, 0);
        if (seen.get(member) !== member.jobs[0]) continue;
        depth = 1;
        takeBack(member);
      }
      seen = new Map(holding.map((member) => [member, member.jobs[0] as Job]));
      pump();
    }
    isLooking = false;
  }

  /** What a worker has not begun goes back to the front of the queue. True when it had begun none of it. */
  function takeBack(member: Member): boolean {
    const back = member.jobs.filter((job) => job.is === 'offered' && member.hand.revoke(job.key));
    if (back.length > 0) {
      member.jobs = member.jobs.filter((job) => !back.includes(job));
      for (const job of back) {
        job.is = 'waiting';
        job.crew = undefined;
      }
      throttle.putBack(back);
    }
    return member.jobs.length <= 1;
  }

  /** Those of whose end only the shared memory knows. */
  function collect(member: Member, took: number): void {
    for (let [job] = member.jobs; job !== undefined && member.hand.isDone(job.key); [job] = member.jobs) jobEnded(member, job, { took });
  }

  function bodyEnded(member: Member, ended: Ended): void {
    collect(member, 0);
    const job = jobOf(member, ended.key);
    if (job !== undefined) jobEnded(member, job, ended);
  }

  function jobEnded(member: Member, job: Job, ended: Pick<Ended, 'took' | 'failed' | 'isSpent'>): void {
    depth = ended.took < SHORT ? Math.min(SLOTS / 2, depth * 2, Math.ceil(AHEAD / ended.took)) : 1;
    if (depth === 1) takeBack(member);
    if (member.jobs[0] === job) member.jobs.shift();
    else member.jobs = member.jobs.filter((one) => one !== job);
    if (job.is === 'offered') begin(job);
    throttle.end(job);
    if (ended.isSpent === true) {
      retire(member);
      end(job, endingOf(job, ended.failed));
      pump();
      return;
    }
    if (throttle.free <= 0) takeBack(member);
    const [next] = member.jobs;
    end(job, endingOf(job, ended.failed));
    if (next?.is === 'offered') {
      throttle.begin(next);
      next.is = 'running';
      begin(next);
      pump();
    } else if (next === undefined) release(member);
    else pump();
  }

  /** Free for the next; a few that nobody needs are kept warm, and this process does not stay for them. */
  function release(member: Member): void {
    if (!members.has(member)) return pump();
    idle.push(member);
    pump();
    if (!idle.includes(member)) return;
    if (idle.length > WARM) retire(member);
    else member.hand.hold(false);
  }

  /** It runs nothing any more. */
  function retire(member: Member): void {
    takeBack(member);
    members.delete(member);
    if (idle.includes(member)) idle.splice(idle.indexOf(member), 1);
    void member.hand.terminate();
  }

  function handGone(member: Member, { error, exitCode }: { readonly error?: Error; readonly exitCode: number }): void {
    const wasOurs = members.delete(member);
    if (idle.includes(member)) idle.splice(idle.indexOf(member), 1);
    takeBack(member);
    collect(member, 0);
    const [job, ...others] = member.jobs;
    member.jobs = [];
    if (job !== undefined) {
      member.hand.drain(job.key);
      throttle.end(job);
      if (job.is === 'offered') begin(job);
      end(job, endingOfGone(job, error, exitCode));
    }
    // Nothing can have begun behind the one that died.
    for (const other of others) finish(other, { state: 'Failed', reason: 'error', message: 'its worker is gone' });
    if (wasOurs || job !== undefined) pump();
  }

  function finish(job: Job, ending: Ending): void {
    throttle.end(job);
    end(job, ending);
  }

  function end(job: Job, ending: Ending): void {
    if (job.is === 'ended') return;
    job.is = 'ended';
    job.cut?.abort();
    size -= 1;
    job.task.ended(ending);
  }

  function stop(job: Job, how: StopHow): void {
    if (job.is === 'ended') return;
    const isFirst = job.stopped === undefined;
    job.stopped ??= how;
    const member = job.crew;
    if (job.is === 'waiting' || (job.is === 'offered' && member?.hand.revoke(job.key) === true)) {
      if (member !== undefined) member.jobs = member.jobs.filter((one) => one !== job);
      finish(job, stopped(job));
    } else if (job.is === 'placed') {
      placed.splice(placed.indexOf(job), 1);
      finish(job, stopped(job));
    } else if (how.force === true) kill(job);
    else if (isFirst) {
      member?.hand.send({ stop: job.key, reason: how.reason });
      const cut = (job.cut = new AbortController());
      parts.clock.sleep(how.gracePeriod ?? job.work.gracePeriod, cut.signal).then(() => kill(job), () => {});
    }
    pump();
  }

  /** Ends its worker, endless loop or not. */
  function kill(job: Job): void {
    const member = job.crew;
    if (job.is === 'ended' || member === undefined || job.isKilled) return;
    // The next has begun: this one's end is on its way to us.
    if (!takeBack(member) && member.jobs.slice(1).some(({ key }) => member.hand.hasBegun(key))) return;
    job.isKilled = true;
    members.delete(member);
    void member.hand.terminate();
  }

  function jobOf(member: Member, key: number): Job | undefined {
    return member.jobs.find((job) => job.key === key);
  }

  const doing: Doing = {
    start(job) {
      if (job.is === 'offered') {
        if (job.crew?.hand.revoke(job.key) !== true) return;
        job.crew.jobs = job.crew.jobs.filter((one) => one !== job);
        job.crew = undefined;
        job.is = 'waiting';
      }
      if (job.is !== 'waiting') return;
      throttle.begin(job);
      place(job);
    },
    stop,
    feed: ({ crew, key }, values, isEnd) => crew?.hand.send({ input: key, values, isEnd }),
    lend(job) {
      let isLent = true;
      job.lends += 1;
      throttle.lend(job);
      pump();
      return () => {
        if (!isLent) return;
        isLent = false;
        job.lends -= 1;
        if (job.lends === 0) throttle.takeBack(job);
      };
    },
  };
  return {
    get size() {
      return size;
    },
    get room() {
      return Math.max(0, throttle.free - throttle.waiting);
    },
    setLimit(limit) {
      throttle.limit = limit;
      if (throttle.free < 0) for (const member of members) takeBack(member);
      pump();
    },
    add(task) {
      const job = new Job(++lastKey, task, doing);
      size += 1;
      throttle.add(job);
      if (throttle.free > 0) pump();
      else offerSoon();
      return job;
    },
    async close() {
      isClosed = true;
      await Promise.all([...members].map(({ hand }) => hand.terminate()));
    },
  };
}

/** A body that ends by itself while it is being stopped, however, was stopped. Source: jobs.md 2.6. */
function endingOf(job: Job, failed: Ended['failed']): Ending {
  if (job.stopped !== undefined) return stopped(job);
  return failed === undefined ? { state: 'Completed' } : { state: 'Failed', reason: 'error', ...failed };
}

function endingOfGone(job: Job, error: Error | undefined, exitCode: number): Ending {
  if (job.stopped !== undefined) return stopped(job);
  if (error !== undefined) return { state: 'Failed', reason: 'error', message: error.message };
  return exitCode === 0 ? { state: 'Completed', exitCode } : { state: 'Failed', reason: 'exit', message: `the job exited with code ${exitCode}`, exitCode };
}

function stopped({ stopped: how, work }: Job): Ending {
  const { reason } = how as StopHow;
  return reason === 'timeout' ? { state: 'Failed', reason, message: `the job ran longer than ${formatDuration(work.timeout ?? 0)}` } : { state: 'Stopped', reason };
}
