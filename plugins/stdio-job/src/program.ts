import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { JobError } from '@nightshift/sdk';
import type { Exit } from './faults.ts';

/**
 * One process in a session of its own, with pipes to its three standard files. Nothing here knows what is said through them.
 *
 * When it ends, whatever it has left in its process group ends with it: such a child would hold the pipes, and be nobody's.
 * A child in a session of its own is found by the instance id in its environment, as those of commands are.
 */
export class Program {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves with how it ended. What it has written may not have been read by then. */
  readonly exited: Promise<Exit>;
  readonly #pid: number;
  readonly #stdin: Writable;
  #exit: Exit | undefined;
  #backlog = 0;
  #wakeAll = Promise.withResolvers<void>();

  constructor(child: ChildProcess) {
    this.#pid = child.pid as number;
    [this.#stdin, this.stdout, this.stderr] = [child.stdin as Writable, child.stdout as Readable, child.stderr as Readable];
    // A program that does not listen any more is no trouble: it is ended by time, and its end is seen elsewhere.
    this.#stdin.on('error', () => {});
    this.#stdin.on('close', () => this.#wake());
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(this.#end({ code, signal }))));
  }

  /** How it ended; undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** False when it has closed its standard input, or we have, or it is gone. */
  get hears(): boolean {
    return this.#exit === undefined && this.#stdin.writable && !this.#stdin.destroyed;
  }

  /** Never fails: who is gone, or has closed its standard input, hears nothing. */
  send(line: string): void {
    if (!this.hears) return;
    this.#backlog += line.length;
    this.#stdin.write(line, () => {
      this.#backlog -= line.length;
      this.#wake();
    });
  }

  /** Resolves when at most so many characters wait, which it has not read and the pipe does not hold, or nobody hears any more. */
  async room(characters: number): Promise<void> {
    while (this.hears && this.#backlog > characters) await this.#wakeAll.promise;
  }

  /** The last word to it: end of input. */
  closeInput(): void {
    if (this.hears) this.#stdin.end();
  }

  /** To its whole process group. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#exit === undefined) this.#signalGroup(name);
  }

  /** Reads no more; for pipes that somebody else holds open. */
  closeOutput(): void {
    this.stdout.destroy();
    this.stderr.destroy();
  }

  #end(exit: Exit): Exit {
    this.#signalGroup('SIGKILL');
    this.#exit = exit;
    this.#stdin.destroy();
    this.#wake();
    return exit;
  }

  #signalGroup(name: 'SIGTERM' | 'SIGKILL'): void {
    try {
      process.kill(-this.#pid, name);
    } catch {
      // Nobody is left in it.
    }
  }

  #wake(): void {
    this.#wakeAll.resolve();
    this.#wakeAll = Promise.withResolvers<void>();
  }
}

/** Starts a program in a folder. Rejects with `ProgramNotFound`, `NotExecutable`, `DirectoryNotFoundException` or `SpawnFailed`. */
export async function startProgram([file, ...words]: readonly [string, ...string[]], folder: string, environment: Readonly<Record<string, string>>): Promise<Program> {
  // Loaded by a start only: reading a manifest needs no processes.
  const { spawn } = process.getBuiltinModule('node:child_process');
  try {
    const child = spawn(file, words, { cwd: folder, env: { ...environment }, stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.on('error', () => {});
    return new Program(child);
  } catch (cause) {
    throw await notStarted(file, folder, cause as NodeJS.ErrnoException);
  }
}

async function notStarted(file: string, folder: string, cause: NodeJS.ErrnoException): Promise<JobError> {
  const { stat } = process.getBuiltinModule('node:fs/promises');
  const isThere = await stat(folder).then((found) => found.isDirectory(), () => false);
  const name = JSON.stringify(file);
  if (!isThere) return new JobError({ code: 'DirectoryNotFoundException', message: `the plugin's folder ${JSON.stringify(folder)} is not there any more` }, { cause });
  if (cause.code === 'ENOENT') return new JobError({ code: 'ProgramNotFound', message: `no program is named ${name}, or the interpreter that its first line names is not there (looked up from ${JSON.stringify(folder)})`, hint: 'relative paths in "argv" start with "./" and are looked up in the plugin\'s folder' }, { cause });
  if (cause.code === 'EACCES') return new JobError({ code: 'NotExecutable', message: `${name} may not be executed`, hint: 'make it executable, or name its interpreter first in "argv"' }, { cause });
  return new JobError({ code: 'SpawnFailed', message: `${name} could not be started: ${cause.message}` }, { cause });
}
