/**
 * The talk with one program, from its first line to its end. The rules of it are pure (`message.ts` says what a line is,
 * `protocol.ts` what may come when); here they meet a process.
 *
 *     stdout ─ lines ─▶ message ─ may it come now? ─▶ act: a record is written and waited for before the next line is read
 *     stderr ─ lines ─▶ Error records, read beside it
 *     exit   ─ what is left in the pipes is read, then: had it said how it ended?
 *
 * Its fate is decided once: by its outcome, by a fault, or by its exit. Waiting for every record is the back-pressure:
 * while we wait, the pipe fills and the program stands still. Nothing is kept for a program that does not read, either:
 * input is taken from the host one object at a time, and a program that asks for children and reads no answers is ended.
 */
import type { Readable } from 'node:stream';
import { type JobContext, type JobOutcome, isJobError } from '@nightshift/sdk';
import { Children } from './children.ts';
import { LineCutter } from './cut-lines.ts';
import { encode, type Order, sayError } from './encode.ts';
import { badLine, broke, crashed, type Culprit, type Exit, late, type Late, lateWords } from './faults.ts';
import type { ProgramCapabilities } from './manifest.ts';
import { LONGEST_LINE, type Message, quoteLine, readMessage } from './message.ts';
import type { Program } from './program.ts';
import { objection, type Phase } from './protocol.ts';
import { READ_LIMIT, settlesWithin, TERM_LIMIT } from './time-limit.ts';

/** A line on standard error that is longer becomes several records. */
const LONGEST_COMPLAINT = 65_536;
/** Answers that may wait for a program which does not read them, in characters. */
const MOST_BACKLOG = 1_048_576;
/** What is read after the exit, in bytes: no pipe holds so much, so more comes from somebody who has inherited it. */
const MOST_LEFT_BEHIND = 16_777_216;

/** More than a pipe holds: a flood on standard error does not put off the end. */
const MOST_IN_A_PIPE = 1_048_576;
/** Rounds of the event loop after which what was in a pipe has been read. */
const ROUNDS = 4;

type Asked = 'suspend' | 'resume';

export interface Parties {
  readonly program: Program;
  readonly context: JobContext<unknown>;
  readonly culprit: Culprit;
  readonly capabilities: ProgramCapabilities;
  /** Sent when the program is ready. */
  readonly prepare: string;
}

export class Conversation {
  /** Resolves when the program has acquired everything, with its token. Only `fate` tells of a program that never comes so far. */
  readonly prepared: Promise<string | undefined>;
  /** How the run ended. Settles exactly once, never rejects. */
  readonly fate: Promise<JobOutcome>;
  /** Resolves when the program has said that it is ready. */
  readonly ready: Promise<void>;
  readonly #parties: Parties;
  readonly #children: Children;
  readonly #ready = Promise.withResolvers<void>();
  readonly #prepared = Promise.withResolvers<string | undefined>();
  /** The next line after `prepared` waits for `start`: so it does not depend on chance what an over-eager program may say. */
  readonly #released = Promise.withResolvers<void>();
  readonly #fate = Promise.withResolvers<JobOutcome>();
  readonly #asked = new Map<Asked, PromiseWithResolvers<void>>();
  /** First line and number of what was refused, and of what it wrote to standard error when nobody could take it any more. */
  readonly #refused: Late = { lines: 0 };
  readonly #afterwords: Late = { lines: 0 };
  #reading: Promise<unknown> = Promise.resolve();
  #phase: Phase = 'hello';
  #hasSaidOutcome = false;
  #stopReason: string | undefined;
  #isEndedByUs = false;
  #lastWords: string | undefined;
  /** Chunks that have come, and how many are in hand. */
  #chunks = 0;
  #bytes = 0;
  #inHand = 0;
  #handled: PromiseWithResolvers<void> = Promise.withResolvers<void>();

  constructor(parties: Parties) {
    this.#parties = parties;
    this.#children = new Children(parties.context, (order) => this.send(order));
    [this.ready, this.prepared, this.fate] = [this.#ready.promise, this.#prepared.promise, this.#fate.promise];
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  /** It has said how it ended, and nothing has to be done to make it go but to ask. */
  get hasSaidOutcome(): boolean {
    return this.#hasSaidOutcome;
  }

  /** Says hello and listens from now on. */
  begin(greeting: Order): void {
    this.send(greeting);
    this.#reading = Promise.all([this.#readMessages(), this.#readComplaints()]);
    void this.#awaitExit();
  }

  start(): void {
    if (this.isOver) return;
    this.#phase = 'running';
    this.send({ type: 'start' });
    this.#released.resolve();
  }

  /** Nothing that is too long or no JSON gets so far, but for an answer about a child: that one is an error then. */
  send(order: Order): void {
    if (this.isOver && order.type !== 'dispose' && order.type !== 'error') return;
    try {
      this.#parties.program.send(encode(order));
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Whatever it was, the run cannot go on: Failed, and the program is told why. */
  fail(error: Error): void {
    if (this.isOver) return;
    this.#over();
    const { message, code = 'InternalError' } = sayError(error);
    this.send({ type: 'error', code, message });
    this.#fate.resolve({ state: 'Failed', error });
  }

  /** From now on an exit is what was wanted. The first reason counts. */
  stopping(reason: string): void {
    this.#stopReason ??= reason;
  }

  /** From now on so is any exit. */
  endedByUs(): void {
    this.#isEndedByUs = true;
  }

  /** Resolves with the answer, or with the end of the run: what has ended does not move. */
  async ask(what: Asked, order: Order): Promise<void> {
    if (this.isOver) return;
    let answer = this.#asked.get(what);
    if (answer === undefined) {
      this.#asked.set(what, (answer = Promise.withResolvers<void>()));
      this.send(order);
    }
    await Promise.race([answer.promise, this.fate]);
  }

  /** Nothing counts any more, and nothing is read. Resolves with what the program still said after its outcome. */
  async close(): Promise<string | undefined> {
    this.#over();
    await turns(ROUNDS);
    this.#parties.program.closeOutput();
    return lateWords(this.#parties.culprit, this.#refused, this.#afterwords);
  }

  #over(): void {
    this.#phase = 'over';
    this.#released.resolve();
  }

  async #readMessages(): Promise<void> {
    const { program, context, culprit } = this.#parties;
    const cutter = new LineCutter(LONGEST_LINE);
    await this.#read(program.stdout, cutter, (bytes, isWhole) => this.#take(bytes, isWhole));
    const rest = cutter.rest();
    // What is whole needs no line end; a piece is what is left when a program is cut off, and its exit tells more.
    if (rest !== undefined && readMessage(rest).fault?.code !== 'StdioProtocolViolation') await this.#take(rest, true);
    if (this.isOver || (await settlesWithin(context.clock, TERM_LIMIT, program.exited))) return;
    this.fail(broke(culprit, 'StdioProtocolViolation', 'closed its standard output before it said how it ended'));
  }

  async #readComplaints(): Promise<void> {
    const cutter = new LineCutter(LONGEST_COMPLAINT);
    await this.#read(this.#parties.program.stderr, cutter, (bytes) => this.#complain(bytes));
    const rest = cutter.rest();
    if (rest !== undefined) await this.#complain(rest);
  }

  async #read(stream: Readable, cutter: LineCutter, take: (bytes: Buffer, isWhole: boolean) => Promise<void>): Promise<void> {
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        // After a fault it may be a flood: that is not even cut.
        if (this.isOver && !this.#hasSaidOutcome) continue;
        this.#chunks++;
        this.#bytes += chunk.length;
        this.#inHand++;
        for (const { bytes, isWhole } of cutter.cut(chunk)) await take(bytes, isWhole);
        this.#inHand--;
        this.#wake();
      }
    } catch (error) {
      // A pipe that we have closed ourselves says so, too.
      if (!stream.destroyed) this.fail(error as Error);
    }
  }

  async #take(bytes: Buffer, isWhole: boolean): Promise<void> {
    const { culprit, capabilities } = this.#parties;
    if (this.#phase === 'over') return this.#refuse(bytes);
    if (!isWhole) return this.#fault(badLine(culprit, { code: 'StdioProtocolViolation', why: `wrote a line of more than ${LONGEST_LINE} bytes` }, bytes));
    const { message, fault } = readMessage(bytes);
    if (fault !== undefined) return this.#fault(badLine(culprit, fault, bytes));
    if (message === undefined) return;
    const objected = objection({ phase: this.#phase, asked: new Set(this.#asked.keys()), capabilities }, message);
    if (objected !== undefined) return this.#fault(badLine(culprit, objected, bytes));
    try {
      await this.#act(message, bytes);
    } catch (error) {
      // The host has ended the run meanwhile.
      if (isJobError(error) && error.code === 'StreamClosed') return this.#refuse(bytes);
      this.fail(error as Error);
    }
  }

  /** What it has written to standard error may tell how the line came about. */
  async #fault(error: Error): Promise<void> {
    await this.#complaintsSoFar();
    this.fail(error);
  }

  async #act(message: Message, bytes: Buffer): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#phase = 'preparing';
        this.#ready.resolve();
        return this.#parties.program.send(this.#parties.prepare);
      case 'prepared':
        this.#prepared.resolve(message.token);
        return this.#released.promise;
      case 'record':
        return (this.#parties.context.streams[message.record.stream] as { write(value: unknown): Promise<void> }).write(message.record.value);
      case 'blocked':
        return this.#parties.context.blocked(message.prompt);
      case 'startChild':
        return this.#startChild(message, bytes);
      case 'stopChild':
        return this.#children.stop(message);
      case 'suspended':
        return this.#answered('suspend');
      case 'resumed':
        return this.#answered('resume');
      case 'outcome':
        return this.#end(message);
    }
  }

  async #startChild(message: Extract<Message, { type: 'startChild' }>, bytes: Buffer): Promise<void> {
    const { program, context, culprit } = this.#parties;
    if (this.#children.isTaken(message.ref)) return this.fail(badLine(culprit, { code: 'PluginMessageInvalid', why: 'named two children alike: "ref" is that of one that still runs' }, bytes));
    const hasRoom = await settlesWithin(context.clock, READ_LIMIT, program.room(MOST_BACKLOG));
    if (!hasRoom) return this.fail(late(culprit, `has not read what it was sent for ${READ_LIMIT / 1_000} s`, 'Does it read its standard input while it works?'));
    await this.#children.start(message);
  }

  #answered(what: Asked): void {
    this.#asked.get(what)?.resolve();
    this.#asked.delete(what);
  }

  async #end({ outcome }: Extract<Message, { type: 'outcome' }>): Promise<void> {
    await this.#complaintsSoFar();
    if (this.isOver) return;
    this.#hasSaidOutcome = true;
    this.#over();
    this.#fate.resolve(outcome.state === 'Stopped' ? { state: 'Stopped', reason: outcome.reason ?? this.#stopReason ?? 'stopped' } : outcome);
  }

  /** What was written to standard error before this line is in its pipe already: it belongs before the end. */
  async #complaintsSoFar(): Promise<void> {
    // The line is in hand itself.
    await this.#quiet(1, MOST_IN_A_PIPE);
  }

  /** After the exit: reads what it has left behind. Not to the end of the pipes, for somebody may have inherited them. */
  async #drain(): Promise<void> {
    await Promise.race([this.#reading, this.#quiet(0, MOST_LEFT_BEHIND)]);
    this.#parties.program.closeOutput();
    await this.#reading;
  }

  /** Resolves when nothing has come for some rounds of the event loop, in each of which the pipes were looked at. */
  async #quiet(inHand: number, most: number): Promise<void> {
    const from = this.#bytes;
    let seen: number;
    do {
      seen = this.#chunks;
      while (this.#inHand > inHand) await this.#handled.promise;
      await turns(ROUNDS);
    } while ((seen !== this.#chunks || this.#inHand > inHand) && this.#bytes - from < most);
  }

  #wake(): void {
    this.#handled.resolve();
    this.#handled = Promise.withResolvers<void>();
  }

  async #complain(bytes: Buffer): Promise<void> {
    const text = bytes.toString('utf8').replace(/\r$/, '');
    if (text.trim() !== '') this.#lastWords = text;
    try {
      await this.#parties.context.streams.error.write({ message: text });
    } catch (error) {
      if (isJobError(error) && error.code === 'StreamClosed') return note(this.#afterwords, bytes);
      this.fail(error as Error);
    }
  }

  /** After the end. Told once to the program, and to whoever disposes of it. */
  #refuse(bytes: Buffer): void {
    if (!this.#hasSaidOutcome) return;
    if (this.#refused.lines === 0) this.send({ type: 'error', code: 'StreamClosed', message: 'the run has ended; nothing is taken after its outcome' });
    note(this.#refused, bytes);
  }

  async #awaitExit(): Promise<void> {
    const exit = await this.#parties.program.exited;
    await this.#drain();
    if (this.isOver) return;
    const before = this.#phase === 'running' ? 'said how it ended' : 'was prepared';
    this.#over();
    this.#fate.resolve(this.#outcomeOf(exit, before));
  }

  /** Without a word of its own: as it was wanted, or Failed. */
  #outcomeOf(exit: Exit, before: string): JobOutcome {
    if (this.#stopReason !== undefined && (this.#isEndedByUs || exit.code === 0)) return { state: 'Stopped', reason: this.#stopReason };
    const facts = { ...(exit.code === null ? {} : { exitCode: exit.code }), ...(exit.signal === null ? {} : { signal: exit.signal }) };
    return { state: 'Failed', error: crashed(this.#parties.culprit, exit, before, this.#lastWords), ...facts };
  }
}

function note(late: Late, bytes: Buffer): void {
  late.first ??= quoteLine(bytes);
  late.lines++;
}

async function turns(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise((resolve) => setImmediate(resolve));
}
