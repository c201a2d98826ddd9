import { type Clock, type JobContext, JobError, type JobOutcome, type JobRun, type ReattachToken, type StopReason } from '@nightshift/sdk';
import { Conversation } from './conversation.ts';
import { encode, hello, prepare } from './encode.ts';
import { type Culprit, late, untidy } from './faults.ts';
import type { ManifestEntry, ProgramCapabilities } from './manifest.ts';
import { type Program, startProgram } from './program.ts';
import type { ProgramPlugin } from './program-plugin.ts';
import { DISPOSE_LIMIT, FAULT_LIMIT, KILL_LIMIT, LATE_TERM_LIMIT, PREPARE_LIMIT, READY_LIMIT, settlesWithin, TERM_LIMIT } from './time-limit.ts';

/** The version of this package: a test compares. */
export const VERSION = '0.1.0';

/**
 * Starts the program and lets it acquire what it needs. Rejects when it cannot, and then nothing of it is left.
 * `token`: what an earlier program of this instance has handed out.
 */
export async function prepareRun(entry: ManifestEntry, plugin: ProgramPlugin, context: JobContext<unknown>, token?: ReattachToken): Promise<JobRun<ProgramCapabilities>> {
  const culprit = { plugin: plugin.name, type: entry.name };
  const line = encode(prepare(entry.name, context, token));
  // A secret reaches a program as it reaches a command.
  const program = await startProgram(entry.argv, plugin.folder, { ...context.environment, ...context.secrets });
  const talk = new Conversation({ program, context, culprit, capabilities: entry.capabilities, prepare: line });
  const run = new StdioRun({ program, talk, context, culprit, capabilities: entry.capabilities });
  talk.begin(hello(plugin.nightshift ?? VERSION));
  try {
    return run.methods(await acquired(talk, context, culprit));
  } catch (error) {
    await run.abandon(error);
    throw error;
  }
}

/** Resolves with the token when the program is prepared. Rejects with why it is not, or with the reason of a stop meanwhile. */
async function acquired(talk: Conversation, { clock, signal }: JobContext<unknown>, culprit: Culprit): Promise<string | undefined> {
  const begun = clock.monotonic();
  const obstacle = obstacleTo(talk, signal);
  const isReady = await settlesWithin(clock, READY_LIMIT, Promise.race([talk.ready, obstacle]));
  if (!isReady) throw late(culprit, `did not say "ready" in ${READY_LIMIT / 1_000} s`, 'Does it read its standard input line by line, and flush its standard output?');
  const left = PREPARE_LIMIT - (clock.monotonic() - begun);
  const isPrepared = await settlesWithin(clock, left, Promise.race([talk.prepared, obstacle]));
  if (!isPrepared) throw late(culprit, 'did not say "prepared" in 30 s', 'Does it wait at "prepare" for something that it should do at "start"?');
  return talk.prepared;
}

/** Rejects with whatever comes before `prepared`; never resolves. */
function obstacleTo(talk: Conversation, signal: AbortSignal): Promise<never> {
  const failed = talk.fate.then((outcome) => Promise.reject('error' in outcome ? outcome.error : new Error(outcome.state)));
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(new JobError({ code: 'InvalidJobState', message: `the job was stopped while it was prepared (${String(signal.reason)})` }));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const obstacle = Promise.race([failed, stopped]);
  obstacle.catch(() => {});
  return obstacle;
}

interface Parts {
  readonly program: Program;
  readonly talk: Conversation;
  readonly context: JobContext<unknown>;
  readonly culprit: Culprit;
  readonly capabilities: ProgramCapabilities;
}

/** A prepared program. */
class StdioRun {
  readonly #program: Program;
  readonly #talk: Conversation;
  readonly #context: JobContext<unknown>;
  readonly #clock: Clock;
  readonly #culprit: Culprit;
  readonly #capabilities: ProgramCapabilities;
  #isStopAsked = false;
  #hasStarted = false;
  #ending: Promise<void> | undefined;

  constructor({ program, talk, context, culprit, capabilities }: Parts) {
    [this.#program, this.#talk, this.#context, this.#clock, this.#culprit, this.#capabilities] = [program, talk, context, context.clock, culprit, capabilities];
  }

  /** What the host calls: of the capabilities only those that the manifest declares. */
  methods(token: string | undefined): JobRun<ProgramCapabilities> {
    const { suspend, kill, input, reattach } = this.#capabilities;
    const { suspend: hold, resume } = { suspend: (reason: string) => this.#ask('suspend', reason), resume: (reason: string) => this.#ask('resume', reason) };
    return {
      start: () => this.#start(),
      [Symbol.asyncDispose]: () => this.#dispose(),
      ...(suspend === true ? { suspend: hold, resume } : {}),
      ...(kill === true ? { kill: (reason: StopReason) => this.#kill(reason) } : {}),
      ...(input === true ? { unblock: (answer: unknown) => this.#unblock(answer) } : {}),
      ...(reattach === true ? { token: token as ReattachToken } : {}),
    };
  }

  /** Ends a program that never came to be prepared. One that let us wait has had its time; one that was stopped may let go of what it has. */
  async abandon(why: unknown): Promise<void> {
    const isLate = why instanceof JobError && why.code === 'PluginTimedOut';
    if (isLate) this.#talk.fail(why);
    if (this.#talk.isOver) await this.#end(isLate ? LATE_TERM_LIMIT : TERM_LIMIT, isLate ? 0 : FAULT_LIMIT);
    else await this.#letGo(Math.max(0, Math.min(DISPOSE_LIMIT, this.#context.gracePeriod - LATE_TERM_LIMIT)));
    await this.#talk.close();
  }

  async #start(): Promise<JobOutcome> {
    const { signal } = this.#context;
    if (signal.aborted) return { state: 'Stopped', reason: String(signal.reason) };
    this.#hasStarted = true;
    this.#talk.start();
    const stop = (): void => void this.#stop(String(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    void this.#passInput();
    const outcome = await this.#talk.fate;
    signal.removeEventListener('abort', stop);
    return outcome;
  }

  /** A program that can be killed is killed by the host, which says when; any other is ended here when its time is up. */
  async #stop(reason: string): Promise<void> {
    this.#isStopAsked = true;
    this.#talk.stopping(reason);
    const { gracePeriod, streams } = this.#context;
    this.#talk.send({ type: 'stop', reason, gracePeriod });
    if (this.#capabilities.kill === true || (await settlesWithin(this.#clock, gracePeriod, this.#talk.fate))) return;
    const { code, message } = late(this.#culprit, `was not at its end ${gracePeriod / 1_000} s after "stop" and is ended`, 'Does it read its standard input while it works?');
    this.#talk.endedByUs();
    // Refused where the host has given it up by now: then the host has said so itself.
    await Promise.race([streams.warning.write(`${code}: ${message}`).catch(() => {}), this.#end(TERM_LIMIT)]);
    await this.#end(TERM_LIMIT);
  }

  async #kill(reason: StopReason): Promise<void> {
    this.#isStopAsked = true;
    this.#talk.stopping(reason);
    this.#talk.send({ type: 'kill', reason });
    if (await settlesWithin(this.#clock, KILL_LIMIT, this.#talk.fate)) return;
    this.#talk.endedByUs();
    this.#program.signal('SIGKILL');
    await this.#talk.fate;
  }

  #ask(what: 'suspend' | 'resume', reason: string): Promise<void> {
    return this.#talk.ask(what, { type: what, reason });
  }

  async #unblock(input: unknown): Promise<void> {
    this.#program.send(encode({ type: 'unblock', input }));
  }

  /** One object at a time, and the next when the program has taken this one. */
  async #passInput(): Promise<void> {
    const objects = this.#context.input[Symbol.asyncIterator]();
    const isOver = this.#talk.fate.then(() => undefined);
    try {
      // Who does not hear any more takes nothing more, however much there is.
      while (this.#program.hears && !this.#talk.isOver) {
        const next = objects.next();
        next.catch(() => {});
        const taken = await Promise.race([next, isOver]);
        if (taken === undefined || taken.done === true) break;
        this.#talk.send({ type: 'input', value: taken.value });
        await Promise.race([this.#program.room(0), isOver]);
      }
      this.#talk.send({ type: 'inputEnd' });
    } catch (error) {
      this.#talk.fail(error as Error);
    }
    // Nobody waits for it: a source that waits for its next object may never answer.
    objects.return?.().then(undefined, () => {});
  }

  /** Rejects with what the program did wrong at its end, when it is gone all the same. */
  async #dispose(): Promise<void> {
    const isTidy = this.#talk.hasSaidOutcome || !(this.#talk.isOver || this.#isStopAsked || this.#hasStarted);
    const complaint = isTidy ? await this.#letGo(DISPOSE_LIMIT) : await this.#end(TERM_LIMIT, this.#isStopAsked ? 0 : FAULT_LIMIT);
    const said = await this.#talk.close();
    if (complaint !== undefined) throw said === undefined ? complaint : new JobError({ code: complaint.code, message: `${complaint.message}; ${said}` });
    if (said !== undefined) throw new JobError({ code: 'PluginMessageInvalid', message: said });
  }

  /** Asks it to release everything and exit. Resolves when it is gone, with what was wrong about that. */
  async #letGo(limit: number): Promise<JobError | undefined> {
    if (this.#program.exit !== undefined) return undefined;
    this.#talk.send({ type: 'dispose' });
    this.#program.closeInput();
    const isGone = await settlesWithin(this.#clock, limit, this.#program.exited);
    if (!isGone) this.#program.signal('SIGKILL');
    const exit = await this.#program.exited;
    if (!isGone) return late(this.#culprit, 'did not exit in 10 s after "dispose"', 'Does it wait for a thread or a child that never ends?');
    return exit.code === 0 ? undefined : untidy(this.#culprit, exit);
  }

  /** End of input; after `patience` SIGTERM, and after `limit` more SIGKILL. Resolves when it is gone. */
  #end(limit: number, patience = 0): Promise<undefined> {
    this.#ending ??= this.#endNow(limit, patience);
    return this.#ending.then(() => undefined);
  }

  async #endNow(limit: number, patience: number): Promise<void> {
    this.#program.closeInput();
    if (patience > 0 && (await settlesWithin(this.#clock, patience, this.#program.exited))) return;
    this.#program.signal('SIGTERM');
    if (await settlesWithin(this.#clock, limit, this.#program.exited)) return;
    this.#program.signal('SIGKILL');
    await this.#program.exited;
  }
}
