/**
 * One run of a RemoteJob: the coordinator. It starts a child for each computer, in the order given and so many at a time, and
 * follows what becomes of them. Whatever is to be remembered is remembered by the children: a coordinator that takes the job up
 * again goes on with the computers that have none yet.
 *
 *     child                      the place of its computer
 *     NotStarted, Running …      taken
 *     Disconnected               free for the next one; it goes on there by itself
 *     Completed, Failed, Stopped free
 *
 * The job is Disconnected when every child rests and some are Disconnected, and has ended when all of them have. When it is tried
 * again, the computers on which it was not Completed get a child once more.
 */
import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChildCommandRequest, type ChildJob, isFinished, type JobContext, type JobOutcome, type JobRun, type JobState, type ReattachToken } from '@nightshift/sdk';
import type { RemoteOrder } from './client/order.ts';
import { commandText } from './foresee.ts';
import { inputOf, programOf } from './sent.ts';
import type { RemoteSpec } from './spec.ts';

/** What a type with the capabilities of a RemoteJob must return. */
export type RemoteCapabilities = { readonly persist: true; readonly kill: true; readonly reattach: true };

/** Milliseconds between SIGTERM and SIGKILL over there where nobody said otherwise. */
const GRACE_PERIOD = 10_000;

const TOKEN = 'remote-run ';

/** What one try is about. */
interface Try {
  /** How many children earlier tries have had. */
  readonly before: number;
  readonly computers: readonly string[];
}

export class RemoteRun {
  /** Of one run alone; its children are found by the job itself. */
  readonly token: ReattachToken = `${TOKEN}${randomUUID()}` as ReattachToken;
  readonly #context: JobContext<RemoteSpec>;
  readonly #requestFor: (computer: string) => ChildCommandRequest;
  readonly #isRetry: boolean;
  #try: Try;
  /** Of this try, in the order of its computers. */
  readonly #children: ChildJob[] = [];
  readonly #states = new Map<ChildJob, JobState>();
  readonly #outcomes = new Map<ChildJob, JobOutcome>();
  readonly #disposed = new AbortController();
  readonly #killed = Promise.withResolvers<void>();
  #news: PromiseWithResolvers<void> = Promise.withResolvers();
  #isAway = false;
  #isKilled = false;
  /** Why the next child could not even be made. */
  #failure: Error | undefined;

  constructor(context: JobContext<RemoteSpec>, requestFor: (computer: string) => ChildCommandRequest, isRetry: boolean) {
    this.#context = context;
    this.#requestFor = requestFor;
    this.#isRetry = isRetry;
    this.#try = (context.restored as Try | undefined) ?? { before: 0, computers: context.spec.computerName };
    context.signal.addEventListener('abort', () => void this.#stop(), { signal: this.#disposed.signal });
  }

  async start(): Promise<JobOutcome> {
    return Promise.race([this.#adopt().then(() => this.#run()), this.#killed.promise.then((): JobOutcome => this.#stopped())]);
  }

  /** Whatever goes on below a job that was killed is ended with it. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    this.#killed.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
  }

  async #adopt(): Promise<void> {
    const children: ChildJob[] = [];
    for await (const child of this.#context.children()) children.push(child);
    if (this.#isRetry && children.length > 0) await this.#tryAgain(children);
    for (const child of children.slice(this.#try.before)) this.#follow(child);
  }

  /** Written down before anything is begun: a coordinator that takes the job up goes on with this try. */
  async #tryAgain(children: readonly ChildJob[]): Promise<void> {
    const last = children.slice(this.#try.before);
    // Nobody is at work twice on one computer.
    for (const child of last) this.#end(child);
    const outcomes = await Promise.all(last.map(({ finished }) => finished));
    this.#try = { before: children.length, computers: this.#try.computers.filter((_, index) => outcomes[index]?.state !== 'Completed') };
    await this.#context.checkpoint(this.#try);
  }

  async #run(): Promise<JobOutcome> {
    for (;;) {
      const news = this.#news.promise;
      if (this.#hasRoom()) {
        await this.#begin();
        continue;
      }
      if (this.#isOver()) return this.#outcome();
      this.#tellWhetherAway();
      await news;
    }
  }

  #hasRoom(): boolean {
    return this.#children.length < this.#try.computers.length && !this.#isStopping() && this.#count((state) => !isAtRest(state)) < this.#context.spec.throttleLimit;
  }

  async #begin(): Promise<void> {
    try {
      this.#follow(await this.#context.startChild(this.#requestFor(this.#try.computers[this.#children.length] as string)));
    } catch (cause) {
      this.#failure = cause as Error;
    }
  }

  #follow(child: ChildJob): void {
    this.#children.push(child);
    this.#states.set(child, 'NotStarted');
    void this.#followStates(child);
    void child.finished.then((outcome) => {
      this.#outcomes.set(child, outcome);
      return this.#ring();
    });
    // One that was begun just when the end was asked for.
    if (this.#context.signal.aborted) this.#end(child);
  }

  async #followStates(child: ChildJob): Promise<void> {
    for await (const state of child.states()) {
      this.#states.set(child, state);
      this.#ring();
    }
  }

  /** Who kills asks for the end as well, and at once: then nobody over there is to be asked first. */
  async #stop(): Promise<void> {
    await Promise.resolve();
    if (this.#isKilled) return;
    for (const child of this.#children) this.#end(child);
    this.#ring();
  }

  #end(child: ChildJob): void {
    void child.stop('parent').catch((cause: unknown) => this.#context.streams.warning.write((cause as Error).message)).catch(() => {});
  }

  #isStopping(): boolean {
    return this.#context.signal.aborted || this.#failure !== undefined;
  }

  #isOver(): boolean {
    return this.#outcomes.size === this.#children.length && (this.#isStopping() || this.#children.length === this.#try.computers.length);
  }

  /** Everybody rests, and not everybody has ended. */
  #tellWhetherAway(): void {
    const away = this.#count((state) => state === 'Disconnected');
    const isAway = away > 0 && this.#count(isAtRest) === this.#children.length;
    if (isAway && !this.#isAway) this.#context.disconnected(`${away} of ${this.#context.spec.computerName.length} computers ${away === 1 ? 'is' : 'are'} not connected`);
    if (!isAway && this.#isAway) this.#context.reconnected();
    this.#isAway = isAway;
  }

  #count(isMeant: (state: JobState) => boolean): number {
    return [...this.#states.values()].filter(isMeant).length;
  }

  /** In the order of the computers: the first that failed says why. That of one computer is its own, exit code and all; source: jobs.md 1.3. */
  #outcome(): JobOutcome {
    const outcomes = this.#children.map((child) => this.#outcomes.get(child) as JobOutcome);
    const [only] = outcomes;
    if (this.#context.spec.computerName.length === 1 && only !== undefined && only.state !== 'Stopped') return only;
    const failed = outcomes.find((outcome) => outcome.state === 'Failed');
    // No exit code: each computer has its own.
    if (failed !== undefined) return { state: 'Failed', error: failed.error, ...optional('reason', failed.reason) };
    if (this.#failure !== undefined) return { state: 'Failed', error: this.#failure };
    return this.#context.signal.aborted || outcomes.some(({ state }) => state === 'Stopped') ? this.#stopped() : { state: 'Completed' };
  }

  #stopped(): JobOutcome {
    return { state: 'Stopped', reason: this.#context.signal.aborted ? String(this.#context.signal.reason) : 'stopped' };
  }

  #ring(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}

function isAtRest(state: JobState): boolean {
  return state === 'Disconnected' || isFinished(state);
}

/** With everything that is sent: a file that is not there is told before anybody is called. */
export async function prepareRemote(context: JobContext<RemoteSpec>): Promise<JobRun<RemoteCapabilities>> {
  // One that was only cut off is taken up.
  return newRun(context, true);
}

async function newRun(context: JobContext<RemoteSpec>, isRetry: boolean): Promise<RemoteRun> {
  const { spec, workingDirectory, argumentList } = context;
  const sent = { ...programOf(context), ...optional('input', await inputOf(context)) };
  const text = commandText(spec, workingDirectory, argumentList);
  return new RemoteRun(context, (computer) => requestFor(computer, spec, sent, text), isRetry);
}

/** Takes up what an earlier coordinator has begun. Throws where the token is none of ours. */
export async function reattachRemote(context: JobContext<RemoteSpec>, token: ReattachToken): Promise<JobRun<RemoteCapabilities>> {
  if (!token.startsWith(TOKEN)) throw new Error('no job on other computers left this token');
  return newRun(context, false);
}

function requestFor(computer: string, spec: RemoteSpec, sent: Pick<RemoteOrder, 'words' | 'file' | 'input'>, text: string): ChildCommandRequest {
  const { environment, timeout, gracePeriod = GRACE_PERIOD, credential, port, inDisconnectedSession } = spec;
  const order: RemoteOrder = { computer, environment, gracePeriod, shares: mayShare(spec), leaves: inDisconnectedSession, ...sent, ...optional('user', credential), ...optional('port', port), ...optional('timeout', timeout) };
  // The order lies in the child's own folder, where no other user reads it; its words are seen by everybody.
  return { location: computer, gracePeriod, ...optional('timeout', timeout), command: { argv: clientWords('begin'), reattach: clientWords('reattach'), commandText: text, input: [JSON.stringify(order)] } };
}

/** A connection that is left open is a process of ssh beside the one that uses it: together not more than the limit allows. */
function mayShare({ computerName, throttleLimit }: RemoteSpec): boolean {
  return 2 * computerName.length <= throttleLimit;
}

/** In every build the client lies beside this file, with the same ending. */
function clientWords(verb: 'begin' | 'reattach'): readonly [string, ...string[]] {
  const from = import.meta.url;
  return [process.execPath, fileURLToPath(new URL(`./remote-client${extname(new URL(from).pathname)}`, from)), verb];
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: Value });
}
