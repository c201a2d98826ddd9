/**
 * What a watcher leaves in its attempt's folder (sdk, `CommandLine.reattach`), and how much of the output it has: the sizes of the
 * files of all attempts so far are how far the job has come. So nothing needs to be remembered, and nothing can be remembered wrongly.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** How the work has ended, or why it could not be begun. */
export interface Outcome {
  readonly state: 'Completed' | 'Failed' | 'Stopped';
  readonly reason?: 'exit' | 'signal' | 'timeout' | 'spawn' | 'interrupted' | 'stopped';
  readonly statusMessage?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly at?: string;
}

/** Bytes of the two files. */
export interface Sizes {
  readonly stdout: number;
  readonly stderr: number;
}

/** Bytes kept free for the outcome, so that a full disk cannot keep it from being written. */
const RESERVED = 2_048;
const BRIEF = 200;

export class Books {
  readonly runFolder: string;
  readonly attempt: number;
  readonly folder: string;

  constructor(runFolder: string, attempt: number) {
    this.runFolder = runFolder;
    this.attempt = attempt;
    this.folder = join(runFolder, String(attempt));
  }

  /** Before anything else: whoever stops the job signals this process alone from now on. */
  open(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeWhole(join(this.folder, 'host'), `${process.pid} ${startTime()}`);
    const reserved = openSync(join(this.folder, 'outcome.json'), 'w', 0o600);
    try {
      writeSync(reserved, ' '.repeat(RESERVED));
      fsyncSync(reserved);
    } finally {
      closeSync(reserved);
    }
  }

  /** Whoever wishes the end of the work leaves this before the signal. */
  isToStop(): boolean {
    return existsSync(join(this.folder, 'stop'));
  }

  started(): void {
    writeWhole(join(this.folder, 'started'), '');
  }

  /** Whether an attempt so far, this one included, has reached the work. */
  hasStarted(): boolean {
    return this.#attempts().some((folder) => statSync(join(folder, 'started'), { throwIfNoEntry: false }) !== undefined);
  }

  /** What has been written by all attempts. */
  received(): Sizes {
    const sizeOf = (name: string): number => this.#attempts().reduce((sum, folder) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
    return { stdout: sizeOf('stdout'), stderr: sizeOf('stderr') };
  }

  /** Where there is no room, in that of the outcome, which there is none of. */
  disconnected(why: string): void {
    const path = join(this.folder, 'disconnected');
    try {
      writeWhole(path, `${why}\n`);
    } catch (cause) {
      if (!isFull(cause)) throw cause;
      rmSync(join(this.folder, 'outcome.json'), { force: true });
      writeWhole(path, `${why}\n`);
    }
  }

  /** In one step; where there is no room for that, in the reserved bytes. */
  ended(outcome: Outcome): void {
    const path = join(this.folder, 'outcome.json');
    try {
      writeWhole(path, JSON.stringify(outcome));
    } catch (cause) {
      if (!isFull(cause)) throw cause;
      const { statusMessage, ...facts } = outcome;
      const brief = JSON.stringify({ ...facts, ...(statusMessage === undefined ? {} : { statusMessage: statusMessage.slice(0, BRIEF) }) });
      const file = openSync(path, 'r+');
      try {
        writeSync(file, brief.padEnd(RESERVED), 0);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    }
  }

  #attempts(): readonly string[] {
    return Array.from({ length: this.attempt }, (_, index) => join(this.runFolder, String(index + 1)));
  }
}

function isFull(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

/** Field 22 of /proc/PID/stat, counted from behind the name, which may hold anything; "-" where there is no such file. */
function startTime(): string {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}

function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    const file = openSync(beside, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cause;
  }
}
