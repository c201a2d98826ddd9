/**
 * One connection, from the call of ssh to its end.
 *
 *     connecting ── hello ──▶ asked ── started ──▶ following ── over on both streams ──▶ (rest ── end on both streams) ──▶ ended
 *          │                    │                      │
 *      unreached              lost                   lost       whatever is not written to the files is asked for again next time
 *
 * Until "hello" nothing has happened over there: only then is it certain that the work was not begun.
 *
 * ssh writes on standard error as well, a last word that no option keeps it from. So what comes there is written only when a word of
 * ours stands behind it, which is asked for ("ok") as soon as there is something.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, fsyncSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sizes } from './books.ts';
import { Incoming } from './incoming.ts';
import { lastWords } from './last-words.ts';
import type { RemoteOrder } from './order.ts';
import { beginText, payloadOf, reattachText, type Payload } from './script.ts';
import { connect, type Sharing, type Ssh } from './ssh.ts';

/** What became of a connection. */
export type SessionEnd =
  /** The work has ended, and all its output is in the files. */
  | { readonly is: 'ended'; readonly record: string; readonly secondsAgo: number | undefined }
  /** It could not be begun over there. */
  | { readonly is: 'failed'; readonly why: string }
  /** There is no trace of it over there, and there will not be. */
  | { readonly is: 'never' }
  /** It has been begun, and is left alone. */
  | { readonly is: 'left' }
  /** Nobody over there has answered; nothing has happened. */
  | { readonly is: 'unreached'; readonly why: string }
  /** It may go on. */
  | { readonly is: 'lost'; readonly why: string };

export interface SessionPlace {
  readonly order: RemoteOrder;
  readonly instanceId: string;
  /** Absent: the work is to be begun. */
  readonly received?: Sizes;
  /** For ssh's own words. */
  readonly log: string;
  readonly sharing: Sharing;
  readonly environment: NodeJS.ProcessEnv;
  /** Told when the work has been reached. */
  started(): void;
}

/** Milliseconds for login files over there. */
const HELLO_LIMIT = 60_000;
/** Milliseconds that ssh may take to end when nothing is left to be said. */
const FAREWELL = 5_000;
const STDOUT = 1;
const STDERR = 2;

export class Session {
  readonly #place: SessionPlace;
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #ssh: Ssh;
  readonly #out: Incoming;
  readonly #err: Incoming;
  readonly #payload: Payload | undefined;
  readonly #end = Promise.withResolvers<SessionEnd>();
  readonly #exited: Promise<void>;
  readonly #settled = new AbortController();
  #phase: 'connecting' | 'asked' | 'following' | 'over' = 'connecting';
  /** The words "over" or "end" that the streams have brought so far. */
  #overs = 0;
  #ends = 0;
  #over: readonly string[] = [];
  /** Of standard error, with nothing of ours behind it so far. */
  #unconfirmed: Uint8Array[] = [];
  #isAsked = false;
  #isErrorComplete = false;
  #wish: { readonly grace: number } | undefined;

  constructor(place: SessionPlace) {
    this.#place = place;
    this.#out = new Incoming(this.#nonce, { said: (words) => this.#hear(words, true), wrote: (bytes) => writeAll(STDOUT, bytes) });
    this.#err = new Incoming(this.#nonce, { said: (words) => this.#hear(words, false), wrote: (bytes) => this.#hold(bytes) });
    if (place.received === undefined) this.#payload = payloadOf(place.order, place.instanceId);
    this.#ssh = connect(place.order, place.log, place.sharing, place.environment);
    this.#exited = new Promise((resolve) => {
      // Not "close": a connection that is left open keeps the descriptors that it was born with.
      this.#ssh.once('exit', () => resolve());
      this.#ssh.once('error', (cause: NodeJS.ErrnoException) => {
        this.#settle({ is: 'unreached', why: cause.code === 'ENOENT' ? 'the program ssh was not found' : cause.message });
        resolve();
      });
    });
    this.#begin();
  }

  /** Settles once; rejects where what came could not be written. */
  get end(): Promise<SessionEnd> {
    return this.#end.promise;
  }

  /** Whether nothing can have happened over there. */
  get isConnecting(): boolean {
    return this.#phase === 'connecting';
  }

  /** Asks for the end of the work, `grace` milliseconds before it is killed; as soon as there is somebody to ask. */
  stop(grace: number): void {
    this.#wish = { grace };
    if (this.#phase === 'following') this.#tellWish();
  }

  /** Ends it where nothing can have happened. */
  abandon(): void {
    this.#ssh.kill();
  }

  /** The work goes on without us. */
  leave(): void {
    this.#settle({ is: this.#phase === 'connecting' ? 'unreached' : 'lost', why: 'the program that watches it was told to end' });
  }

  /** Nothing is wanted any more. The folder over there goes when `isDone`. */
  async close(isDone: boolean): Promise<void> {
    if (isDone) this.#tell('ns_forget');
    this.#ssh.stdin.end();
    await Promise.race([this.#exited, sleep(FAREWELL, undefined, { ref: false })]);
    this.#ssh.kill('SIGKILL');
  }

  #begin(): void {
    const { order, instanceId, received } = this.#place;
    const { stdin, stdout, stderr } = this.#ssh;
    // Whatever ends it is told by the end of ssh.
    stdin.on('error', () => {});
    stdout.on('error', () => {}).on('data', (chunk: Buffer) => this.#push(this.#out, chunk));
    stderr.on('error', () => {}).on('data', (chunk: Buffer) => this.#push(this.#err, chunk));
    stdin.write(received === undefined ? beginText(order, this.#nonce, instanceId, this.#payload as Payload) : reattachText(this.#nonce, instanceId, received));
    void this.#exited.then(() => this.#lose());
    void this.#limitHello();
  }

  async #limitHello(): Promise<void> {
    await sleep(HELLO_LIMIT, undefined, { signal: this.#settled.signal, ref: false }).catch(() => {});
    if (this.#phase === 'connecting') this.#settle({ is: 'unreached', why: 'it has not answered for a minute' });
  }

  #push(stream: Incoming, chunk: Buffer): void {
    if (this.#settled.signal.aborted) return;
    try {
      stream.push(chunk);
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #hold(bytes: Uint8Array): void {
    if (this.#isErrorComplete) return;
    // A copy: the chunk may be long.
    this.#unconfirmed.push(Uint8Array.from(bytes));
    if (this.#isAsked || this.#phase !== 'following') return;
    this.#isAsked = true;
    this.#tell('ns_ok');
  }

  #confirm(): void {
    this.#isAsked = false;
    for (const bytes of this.#unconfirmed.splice(0)) writeAll(STDERR, bytes);
  }

  #hear([word, ...words]: readonly string[], isOut: boolean): void {
    if (!isOut) this.#confirm();
    if (!isOut && word === 'end') this.#isErrorComplete = true;
    if (word === 'over' && isOut) this.#over = words;
    if (word === 'over' && ++this.#overs === 2) return this.#askForRest();
    if (word === 'end' && ++this.#ends === 2) return this.#finish();
    if (word === 'hello' && isOut) return this.#answerHello();
    if (word === 'started') return this.#follow();
    if (word === 'failed') return this.#settle({ is: 'failed', why: words.join(' ') });
    if (word === 'never') this.#settle({ is: 'never' });
  }

  #answerHello(): void {
    this.#phase = 'asked';
    if (this.#payload !== undefined) void this.#send(this.#payload).catch((cause: unknown) => this.#fail(cause));
  }

  async #send({ parts }: Payload): Promise<void> {
    for (const part of parts) {
      const source: Iterable<Buffer> | Readable = 'path' in part ? createReadStream(part.path) : [Buffer.from(part.base64, 'base64')];
      for await (const chunk of source as AsyncIterable<Buffer>) {
        if (this.#settled.signal.aborted) return;
        if (chunk.length > 0 && !this.#ssh.stdin.write(chunk)) await Promise.race([new Promise((resolve) => this.#ssh.stdin.once('drain', resolve)), this.#exited]);
      }
    }
  }

  #follow(): void {
    this.#phase = 'following';
    this.#place.started();
    if (this.#place.received === undefined && this.#place.order.leaves) return this.#settle({ is: 'left' });
    if (this.#wish !== undefined) this.#tellWish();
  }

  #tellWish(): void {
    this.#tell(`ns_stop ${Math.ceil((this.#wish?.grace ?? 0) / 100)}`);
  }

  /** Mostly everything has come by now. */
  #askForRest(): void {
    this.#phase = 'over';
    const { stdout, stderr } = this.#received();
    if (Number(this.#over[0]) === stdout && Number(this.#over[1]) === stderr) return this.#finish();
    this.#tell(`ns_rest ${stdout} ${stderr}`);
  }

  #received(): Sizes {
    const { stdout, stderr } = this.#place.received ?? { stdout: 0, stderr: 0 };
    return { stdout: stdout + this.#out.received, stderr: stderr + this.#err.received };
  }

  #finish(): void {
    const [, , age = '-', ...record] = this.#over;
    try {
      this.#isErrorComplete = false;
      for (const stream of [this.#out, this.#err]) stream.finish();
      this.#confirm();
      for (const file of [STDOUT, STDERR]) fsync(file);
    } catch (cause) {
      return this.#fail(cause);
    }
    this.#settle({ is: 'ended', record: record.join(' '), secondsAgo: /^\d+$/.test(age) ? Number(age) : undefined });
  }

  #lose(): void {
    const said = lastWords(this.#place.log);
    if (this.#phase !== 'connecting') return this.#settle({ is: 'lost', why: said === '' ? 'the connection was lost' : said });
    this.#settle({ is: 'unreached', why: [said, this.#err.noise, this.#out.noise].find((words) => words !== '') ?? `ssh ended with code ${this.#ssh.exitCode ?? this.#ssh.signalCode}` });
  }

  #tell(line: string): void {
    if (!this.#ssh.stdin.writableEnded) this.#ssh.stdin.write(`${line}\n`);
  }

  #settle(end: SessionEnd): void {
    this.#settled.abort();
    this.#end.resolve(end);
  }

  #fail(cause: unknown): void {
    this.#settled.abort();
    this.#end.reject(cause as Error);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(file, rest));
}

/** What is no file of ours, such as a terminal of somebody who tries this by hand, has nothing to be made safe. */
function fsync(file: number): void {
  try {
    fsyncSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EINVAL') throw cause;
  }
}
