/**
 * The life of one run of a code type, wherever it runs: in a host process of its own, in a pool of threads, in a test.
 *
 *     prepare (30 s) ─▶ started ─▶ start ─────────────▶ its outcome is the end ─▶ dispose (10 s), once, in every ending
 *        │ throws: Failed (spawn)    ▲ wishes: stop ─ grace period ─▶ kill (2 s) ─▶ given up
 *        │                           │         suspend, resume, unblock
 *        ▼                           ▼
 *     the first end counts; what comes later is refused and told
 *
 * The plugin calls nothing of ours but what `context` holds, and everything it hands over is checked and copied. Source:
 * plugin-sdk.md section 4, jobs.md 18.3, security.md S14.
 */
import { JobError, STREAM_NAMES, type ChildCommandRequest, type ChildJobRequest, type JobContext, type JobStreams, type StopReason } from '@nightshift/sdk';
import { checkCheckpoint, checkRecord } from './code/check-record.ts';
import { CALL_LIMIT, DISPOSE_LIMIT, errorOf, KILL_LIMIT, pluginTimedOut, withinLimit, type Callee, type PluginCall } from './code/plugin-calls.ts';
import { checkRun, type AnyCodeJobType, type PluginRun } from './code/plugin-run.ts';
import { endOfOutcome, failed, stoppedEnd } from './code/run-end.ts';
import type { CodeRunEnd, CodeRunOrder, CodeRunPorts, CodeRunWish, PassingState } from './ports/code-run.ts';

/** The reason of a wish of somebody who gave none: nothing has to be said of it. */
const ASKED = 'asked';

/** A run that goes on by itself. */
export interface SupervisedRun {
  /** Resolves when the end is in the books and the plugin has been disposed of. Never rejects but for books that cannot be written. */
  readonly ended: Promise<CodeRunEnd>;
  /** Resolves when it has been carried out, at the latest with the end of the run. Rejects with why it cannot be. */
  wish(wish: CodeRunWish): Promise<void>;
  /** Something of the plugin's has failed where nobody waited for it, such as a rejection that nobody handles. */
  crash(thrown: unknown): void;
}

/** Begins a run and looks after it to its end. */
export function superviseRun(type: AnyCodeJobType, order: CodeRunOrder, ports: CodeRunPorts): SupervisedRun {
  return new Supervision(type, order, ports);
}

class Supervision implements SupervisedRun {
  readonly ended: Promise<CodeRunEnd>;
  readonly #type: AnyCodeJobType;
  readonly #order: CodeRunOrder;
  readonly #ports: CodeRunPorts;
  readonly #callee: Callee;
  readonly #context: JobContext<unknown>;
  readonly #signal = new AbortController();
  /** Cuts every sleep of ours at the end. */
  readonly #over = new AbortController();
  readonly #end = Promise.withResolvers<CodeRunEnd>();
  readonly #begun = Promise.withResolvers<void>();
  #run: PluginRun | undefined;
  #stopReason: StopReason | undefined;
  #askedAt = 0;
  #isKilled = false;
  #hasEnded = false;
  #isBlocked = false;
  #suspension: Promise<void> | undefined;
  #moves: Promise<void> = Promise.resolve();
  #checkpoints: Promise<void> = Promise.resolve();

  constructor(type: AnyCodeJobType, order: CodeRunOrder, ports: CodeRunPorts) {
    this.#type = type;
    this.#order = order;
    this.#ports = ports;
    this.#callee = { plugin: order.plugin, type: type.name };
    this.#context = this.#contextFor();
    this.ended = this.#live();
  }

  async wish(wish: CodeRunWish): Promise<void> {
    if (this.#hasEnded) return;
    await Promise.race([this.#carryOut(wish), this.#end.promise]);
  }

  crash(thrown: unknown): void {
    this.#settle(failed(thrown), 'failed where nobody waited for it');
  }

  async #live(): Promise<CodeRunEnd> {
    this.#prepare();
    if (this.#order.timeout !== undefined) void this.#keepLimit(this.#order.timeout);
    const end = await this.#withAllRecords(await this.#end.promise);
    await this.#ports.books.ended(end);
    await this.#dispose();
    return end;
  }

  /** The first end counts. */
  #settle(end: CodeRunEnd, how: string): void {
    if (this.#hasEnded) {
      const { statusMessage } = end;
      // What was given up, or is stopped, may end in whatever way.
      if (this.#stopReason === undefined) this.#warn(new JobError({ code: 'PluginMessageInvalid', message: `'${this.#callee.plugin}': ${this.#type.name} ${how} after its end${statusMessage === undefined ? '' : ` (${statusMessage})`}; the first end stays` }));
      return;
    }
    this.#hasEnded = true;
    this.#over.abort();
    const final = this.#stopReason === undefined || end.givenUp === true ? end : stoppedEnd(this.#stopReason, end, this.#order.timeout);
    this.#end.resolve(final);
  }

  #prepare(): void {
    const { token } = this.#order;
    const call = token === undefined ? 'prepare' : 'reattach';
    const make = async (): Promise<unknown> => (token === undefined ? this.#type.prepare(this.#context) : this.#type.reattach?.(this.#context, token));
    // One that comes too late is let go at once: nobody else knows of it.
    const tooLate = (made: unknown): void => void this.#disposeOf(made as PluginRun);
    void withinLimit(this.#ports.clock, CALL_LIMIT, () => pluginTimedOut(this.#callee, call, CALL_LIMIT), make, tooLate).then(
      (made) => this.#begin(made),
      (thrown: unknown) => this.#settle({ ...failed(thrown, 'spawn'), ...this.#givenUpIfTimedOut(thrown) }, 'was prepared'),
    );
  }

  #givenUpIfTimedOut(thrown: unknown): Pick<CodeRunEnd, 'givenUp'> {
    return this.#ports.ownProcess && thrown instanceof JobError && thrown.code === 'PluginTimedOut' && this.#stopReason === undefined ? { givenUp: true } : {};
  }

  async #begin(made: unknown): Promise<void> {
    if (this.#hasEnded) return void this.#disposeOf(made as PluginRun);
    try {
      this.#run = made as PluginRun;
      const run = checkRun(this.#callee, this.#type.capabilities, made);
      if (this.#stopReason !== undefined) return this.#settle({ state: 'Stopped', reason: 'stopped' }, 'was stopped');
      await this.#ports.books.started(run.token === undefined || this.#type.capabilities.reattach !== true ? {} : { token: run.token });
      if (this.#stopReason !== undefined) return this.#settle({ state: 'Stopped', reason: 'stopped' }, 'was stopped');
    } catch (cause) {
      return this.#settle(failed(cause, 'spawn'), 'was prepared');
    }
    this.#begun.resolve();
    this.#start();
  }

  #start(): void {
    const run = this.#run as PluginRun;
    void new Promise<unknown>((resolve) => resolve(run.start())).then(
      (outcome) => this.#settle(this.#endOf(outcome), 'ended'),
      (thrown: unknown) => this.#settle(failed(thrown), 'failed'),
    );
  }

  #endOf(outcome: unknown): CodeRunEnd {
    try {
      return endOfOutcome(this.#callee, outcome);
    } catch (cause) {
      return failed(cause);
    }
  }

  /** A run whose records are lost has not done what it says. */
  async #withAllRecords(end: CodeRunEnd): Promise<CodeRunEnd> {
    try {
      await this.#ports.records.drained();
      await this.#checkpoints;
      await this.#moves;
      return end;
    } catch (cause) {
      return end.state === 'Completed' ? failed(cause) : end;
    }
  }

  async #keepLimit(timeout: number): Promise<void> {
    if (await this.#slept(timeout)) await this.#stop('timeout', this.#order.gracePeriod);
  }

  /** False when the run has ended meanwhile. */
  async #slept(milliseconds: number): Promise<boolean> {
    await this.#ports.clock.sleep(milliseconds, this.#over.signal).catch(() => {});
    return !this.#hasEnded;
  }

  async #carryOut(wish: CodeRunWish): Promise<void> {
    if (wish.is === 'stop') return this.#stop(wish.reason, wish.killAfter ?? this.#order.gracePeriod);
    if (wish.is === 'kill') return this.#kill(wish.reason);
    await this.#begun.promise;
    if (wish.is === 'suspend') return this.#suspend(wish.reason);
    if (wish.is === 'resume') return this.#resume(wish.reason);
    return this.#unblock(wish.input);
  }

  /** Tells the plugin. The first reason counts. False: it has been told. */
  #ask(reason: StopReason): boolean {
    if (this.#stopReason !== undefined) return false;
    this.#stopReason = reason;
    this.#askedAt = this.#ports.clock.monotonic();
    this.#signal.abort(reason);
    return true;
  }

  async #stop(reason: StopReason, killAfter: number | false): Promise<void> {
    if (this.#ask(reason) && killAfter !== false && (await this.#slept(killAfter))) await this.#kill(reason);
    await this.#end.promise;
  }

  async #kill(reason: StopReason): Promise<void> {
    if (this.#isKilled) return void (await this.#end.promise);
    this.#isKilled = true;
    const isAtOnce = this.#ask(reason);
    const waited = Math.round((this.#ports.clock.monotonic() - this.#askedAt) / 100) * 100;
    const run = this.#run;
    const canKill = this.#type.capabilities.kill === true && run?.kill !== undefined;
    if (canKill) {
      void this.#call('kill', KILL_LIMIT, () => run.kill?.(reason)).catch((thrown: unknown) => this.#warn(thrown));
      if (!(await this.#slept(KILL_LIMIT))) return;
    }
    this.#giveUp(canKill ? pluginTimedOut(this.#callee, 'kill', KILL_LIMIT) : isAtOnce ? undefined : pluginTimedOut(this.#callee, 'stop', waited));
  }

  /** Without a reason to complain where nobody gave it the time to answer. */
  #giveUp(why: JobError | undefined): void {
    if (!this.#ports.ownProcess) return this.#warn(why ?? pluginTimedOut(this.#callee, 'stop', 0));
    const end = stoppedEnd(this.#stopReason as StopReason, {}, this.#order.timeout);
    const texts = [end.statusMessage, why === undefined ? undefined : `${why.code}: ${why.message}`].filter((text) => text !== undefined);
    this.#settle({ ...end, ...(texts.length === 0 ? {} : { statusMessage: texts.join('; ') }), givenUp: true }, 'was given up');
  }

  /** However long it takes: what is in hand may be brought to its end first. */
  #suspend(reason: string): Promise<void> {
    this.#require('suspend', 'suspended');
    this.#suspension ??= this.#hold(reason);
    return this.#suspension;
  }

  async #hold(reason: string): Promise<void> {
    const said = reason === ASKED ? undefined : reason;
    this.#move('Suspending', said);
    try {
      await (this.#run as Required<PluginRun>).suspend(reason);
      this.#move('Suspended', said);
    } catch (thrown) {
      // Nothing stands still; the table of states knows no straight way back.
      this.#move('Suspended');
      this.#move('Running');
      this.#suspension = undefined;
      throw thrown;
    }
    await this.#moves;
  }

  async #resume(reason: string): Promise<void> {
    this.#require('suspend', 'resumed');
    await this.#suspension?.catch(() => {});
    if (this.#suspension === undefined) return;
    this.#suspension = undefined;
    await this.#call('resume', CALL_LIMIT, () => this.#run?.resume?.(reason));
    this.#move('Running');
    await this.#moves;
  }

  async #unblock(input: unknown): Promise<void> {
    this.#require('input', 'unblocked');
    if (!this.#isBlocked) throw new JobError({ code: 'InvalidJobState', message: `${this.#order.instance.name} waits for no answer` });
    await this.#call('unblock', CALL_LIMIT, () => this.#run?.unblock?.(input));
    this.#isBlocked = false;
    this.#move('Running');
    await this.#moves;
  }

  async #call(call: PluginCall, limit: number, make: () => unknown): Promise<void> {
    await withinLimit(this.#ports.clock, limit, () => pluginTimedOut(this.#callee, call, limit), make);
  }

  #require(capability: 'suspend' | 'input' | 'reattach', what: string): void {
    if (this.#type.capabilities[capability] !== true) {
      throw new JobError({ code: 'Job2OperationNotSupportedOnJob', message: `${this.#order.instance.name} is a ${this.#type.name}, which cannot be ${what}: it does not declare the capability ${capability}` });
    }
  }

  /** In order, and only until somebody has asked for the end. */
  #move(to: PassingState, statusMessage?: string): void {
    this.#moves = this.#moveAfter(this.#moves, to, statusMessage);
  }

  async #moveAfter(before: Promise<void>, to: PassingState, statusMessage: string | undefined): Promise<void> {
    await before;
    if (this.#hasEnded || this.#stopReason !== undefined) return;
    await this.#ports.books.moved(to, statusMessage).catch((cause: unknown) => this.#warn(cause));
  }

  #contextFor(): JobContext<unknown> {
    const { plugin: _plugin, timeout: _timeout, token: _token, input, folder, restored, ...known } = this.#order;
    return {
      ...known,
      input: input ?? nothing(),
      ...(folder === undefined ? {} : { folder }),
      ...(restored === undefined ? {} : { restored }),
      streams: this.#streams(),
      signal: this.#signal.signal,
      clock: this.#ports.clock,
      blocked: (prompt) => {
        this.#require('input', 'blocked');
        this.#refuseAfterEnd('be blocked');
        this.#isBlocked = true;
        this.#move('Blocked', String(prompt));
      },
      requestSuspend: (reason) => {
        this.#require('suspend', 'suspended');
        this.#refuseAfterEnd('be suspended');
        void this.wish({ is: 'suspend', reason: String(reason) }).catch((thrown: unknown) => this.#warn(thrown));
      },
      disconnected: (message) => {
        this.#require('reattach', 'disconnected');
        this.#refuseAfterEnd('be disconnected');
        this.#move('Disconnected', String(message));
      },
      reconnected: () => {
        this.#require('reattach', 'reconnected');
        this.#refuseAfterEnd('be reconnected');
        this.#move('Running');
      },
      checkpoint: (value) => quiet(this.#checkpoint(value)),
      startChild: (request) => this.#startChild(request),
      children: () => this.#ports.children.all(),
    };
  }

  #streams(): JobStreams {
    const writers = STREAM_NAMES.map((stream) => [stream, { write: (record: unknown) => quiet(this.#write(stream, record)) }] as const);
    return Object.fromEntries(writers) as unknown as JobStreams;
  }

  /** Everything up to the sink happens in the call itself: the order of the records is that of the calls. */
  #write(stream: keyof JobStreams, record: unknown): Promise<void> {
    try {
      this.#refuseAfterEnd('write records');
      return this.#ports.records.write(checkRecord(this.#callee, stream, record));
    } catch (cause) {
      // The plugin may not look at what becomes of its record: so it is told elsewhere as well.
      if (!this.#hasEnded) this.#warn(cause);
      return Promise.reject(cause as Error);
    }
  }

  async #checkpoint(value: unknown): Promise<void> {
    this.#refuseAfterEnd('be checkpointed');
    const json = checkCheckpoint(this.#callee, value);
    const stored = this.#checkpoints.catch(() => {}).then(() => this.#ports.books.checkpoint(json));
    this.#checkpoints = stored;
    stored.catch(() => {});
    await stored;
  }

  async #startChild(request: ChildJobRequest | ChildCommandRequest): Promise<Awaited<ReturnType<CodeRunPorts['children']['start']>>> {
    this.#refuseAfterEnd('start children');
    return this.#ports.children.start(request);
  }

  #refuseAfterEnd(what: string): void {
    if (this.#hasEnded) throw new JobError({ code: 'StreamClosed', message: `${this.#order.instance.name} has ended and cannot ${what} any more` });
  }

  async #dispose(): Promise<void> {
    if (this.#run !== undefined) await this.#disposeOf(this.#run);
  }

  async #disposeOf(run: PluginRun | null | undefined): Promise<void> {
    if (typeof run?.[Symbol.asyncDispose] !== 'function') return;
    await this.#call('dispose', DISPOSE_LIMIT, () => run[Symbol.asyncDispose]()).catch((thrown: unknown) => this.#warn(thrown));
  }

  #warn(thrown: unknown): void {
    if (thrown instanceof JobError) return this.#ports.books.warn(thrown);
    const { message } = errorOf(thrown);
    this.#ports.books.warn(new JobError({ code: 'PluginMessageInvalid', message: `'${this.#callee.plugin}': ${this.#type.name}: ${message}` }, { cause: thrown }));
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** Who does not wait for it is not ended by its failure. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
