/**
 * The program of a child of a RemoteJob: the watcher of a command on one other computer (sdk, `CommandLine.reattach`). Its standard
 * output and standard error are the files of its attempt, and what arrives is appended there, byte for byte.
 *
 *     remote-client begin | reattach      with NIGHTSHIFT_RUN_DIR, NIGHTSHIFT_ATTEMPT and NIGHTSHIFT_INSTANCE_ID
 *
 * All output is on the disk before the outcome is; the folder on the other computer goes after that, and not before.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Books } from './client/books.ts';
import { conclude } from './client/conclude.ts';
import { controlFolder, hasOpenConnections } from './client/control-folder.ts';
import { lastWords } from './client/last-words.ts';
import { readOrder, type RemoteOrder } from './client/order.ts';
import { Session, type SessionEnd } from './client/session.ts';
import type { Sharing } from './client/ssh.ts';

class Watcher {
  readonly #books: Books;
  readonly #order: RemoteOrder;
  readonly #isFirst: boolean;
  /** Outside the run folder: a connection that is left open keeps it open, and somebody may want to remove the folder. */
  readonly #log: string;
  #session: Session | undefined;
  #grace: number | undefined;
  #isLeft = false;

  constructor(books: Books, isFirst: boolean) {
    this.#books = books;
    this.#order = readOrder(books.runFolder);
    this.#isFirst = isFirst;
    this.#log = join(controlFolder(process.env) ?? books.folder, `log.${process.pid}`);
  }

  /** Something may have happened over there. */
  get mayHaveBegun(): boolean {
    return !this.#isFirst || this.#session?.isConnecting === false;
  }

  /** Whoever wishes the end has left the reason. Without one this computer goes down, or somebody has ended us by hand: the work goes on. */
  hear(signal: 'SIGTERM' | 'SIGQUIT'): void {
    if (this.#books.isToStop()) return this.stop(signal === 'SIGQUIT');
    this.#isLeft = true;
    this.#session?.leave();
  }

  /** A wish that comes early is told as soon as somebody is there to hear it. Where nothing can have begun, nothing is waited for. */
  stop(isForced: boolean): void {
    this.#grace = isForced ? 0 : this.#order.gracePeriod;
    if (this.#session === undefined) return;
    if (this.#isFirst && this.#session.isConnecting) this.#session.abandon();
    else this.#session.stop(this.#grace);
  }

  async run(): Promise<void> {
    // Of another one that bore this pid.
    rmSync(this.#log, { force: true });
    const end = await this.#connected();
    const { outcome, disconnected } = { outcome: undefined, disconnected: '', ...conclude(end, { order: this.#order, isStopped: this.#grace !== undefined, hasStarted: this.#books.hasStarted(), isFirst: this.#isFirst, now: new Date() }) };
    if (outcome === undefined) this.#books.disconnected(disconnected);
    else this.#books.ended(outcome);
    await this.#session?.close(outcome !== undefined && end.is === 'ended');
    rmSync(this.#log, { force: true });
  }

  /** A connection that was left open may have died unnoticed: nobody has answered, so it is safe to try once without it. */
  async #connected(): Promise<SessionEnd> {
    const hadOthers = hasOpenConnections(process.env);
    const end = await this.#connect(this.#order.shares ? 'make' : 'use');
    const isTheirFault = end.is === 'unreached' && hadOthers && this.#grace === undefined && !this.#isLeft && /^$|mux|control|master/i.test(lastWords(this.#log));
    return isTheirFault ? this.#connect('none') : end;
  }

  #connect(sharing: Sharing): Promise<SessionEnd> {
    this.#session = new Session({
      order: this.#order, instanceId: ownInstanceId(), log: this.#log, sharing, environment: process.env,
      ...(this.#isFirst ? {} : { received: this.#books.received() }), started: () => this.#books.started(),
    });
    if (this.#isLeft) this.#session.leave();
    else if (this.#grace !== undefined) this.stop(this.#grace === 0);
    return this.#session.end;
  }
}

/** The name of a folder over there, which is removed in the end: nothing else than an id will do. */
function ownInstanceId(): string {
  const { NIGHTSHIFT_INSTANCE_ID: id = '' } = process.env;
  if (!/^[0-9a-f]{8}-[0-9a-f-]{20,40}$/.test(id)) throw new Error('NIGHTSHIFT_INSTANCE_ID holds no instance id');
  return id;
}

async function main(): Promise<void> {
  const { NIGHTSHIFT_RUN_DIR: runFolder = '.', NIGHTSHIFT_ATTEMPT: attempt = '1' } = process.env;
  const books = new Books(runFolder, Number(attempt));
  // Nobody's signal ends it before it can say how things stand.
  let watcher: Watcher | undefined;
  let early: 'SIGTERM' | 'SIGQUIT' | undefined;
  for (const signal of ['SIGTERM', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      early = signal;
      watcher?.hear(signal);
    });
  }
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => {});
  books.open();
  const isFirst = process.argv[2] === 'begin';
  try {
    watcher = new Watcher(books, isFirst);
    if (early !== undefined) watcher.hear(early);
    await watcher.run();
  } catch (cause) {
    const { message } = cause as Error;
    if (watcher?.mayHaveBegun ?? !isFirst) books.disconnected(`it could not be watched: ${message}`);
    else books.ended({ state: 'Failed', reason: 'spawn', statusMessage: `it could not be begun: ${message}` });
  }
}

// Whatever cannot be written down even so is not to be said in the place of the command: without an outcome the job is Disconnected.
void main().then(() => process.exit(), () => process.exit(1));
