import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A process of a session of its own that nobody waits for. */
export interface Detached {
  readonly pid: number | undefined;
  /** Why it could not be started, or with which code it ended; undefined while it runs. */
  ended(): { readonly error?: NodeJS.ErrnoException; readonly exitCode?: number | null } | undefined;
  /** Resolves when it has ended, or could not be started. */
  readonly gone: Promise<void>;
  /** Resolves when it has been told what it was to be told, or will never hear it. */
  readonly told: Promise<void>;
  /** Lets this process end before that one does. */
  release(): void;
}

/**
 * The only starter of processes. Descriptors are files of the caller's; never a pipe, which would die with us. But for `told`:
 * it is for no file, and is written as a whole before anybody reads, at most as much as the system keeps meanwhile (64 KiB).
 * It is what comes from the descriptor behind the last of `stdio`. Default: there is no such descriptor.
 */
export function spawnDetached(argv: readonly [string, ...string[]], options: { readonly cwd: string; readonly env: Record<string, string>; readonly stdio: readonly ('ignore' | number)[]; readonly told?: string }): Detached {
  let ended: ReturnType<Detached['ended']>;
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const end = (how: NonNullable<typeof ended>): void => {
    ended ??= how;
    resolve();
  };
  const [file, ...words] = argv;
  try {
    // Loaded by a start only: it brings the network with it, a tenth of an empty Node process.
    const child = process.getBuiltinModule('node:child_process').spawn(file, words, { cwd: options.cwd, env: options.env, stdio: [...options.stdio, ...(options.told === undefined ? [] : ['pipe' as const])], detached: true });
    child.on('error', (error) => end({ error }));
    child.on('exit', (exitCode) => end({ exitCode }));
    const told = options.told === undefined ? Promise.resolve() : tell(child.stdio[options.stdio.length] as unknown as Socket, options.told);
    return { pid: child.pid, ended: () => ended, gone, told, release: () => child.unref() };
  } catch (error) {
    // A working directory that is a file fails here, everything else by event.
    return { pid: undefined, ended: () => ({ error: error as NodeJS.ErrnoException }), gone: Promise.resolve(), told: Promise.resolve(), release: () => {} };
  }
}

function tell(descriptor: Socket | undefined, text: string): Promise<void> {
  if (descriptor === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    // A process that is gone hears nothing, and says itself how it went.
    for (const event of ['finish', 'error', 'close'] as const) descriptor.on(event, () => resolve());
    // What has been written stays for the other side.
    descriptor.end(text, () => descriptor.destroy());
  });
}

/** What a short program has said, and its exit status. */
export interface Answer {
  /** Undefined when it could not be started, was killed, or took too long. */
  readonly status: number | undefined;
  /** Its standard output. */
  readonly text: string;
  /** Its standard error. */
  readonly complaint: string;
}

/** Waits for a short program, at most so many milliseconds. `environment`: default this process's. */
export function answerOf([file, ...words]: readonly [string, ...string[]], milliseconds: number, environment?: NodeJS.ProcessEnv): Answer {
  const { status, stdout, stderr, error } = process.getBuiltinModule('node:child_process').spawnSync(file, words, {
    encoding: 'utf8', timeout: milliseconds, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1_048_576, ...(environment === undefined ? {} : { env: environment }),
  });
  return error === undefined ? { status: status ?? undefined, text: stdout, complaint: stderr } : { status: undefined, text: '', complaint: error.message };
}

/** The same without standing still for it: undefined when it cannot be started, fails, or takes longer than so many milliseconds. */
export function answerWithin([file, ...words]: readonly [string, ...string[]], milliseconds: number): Promise<string | undefined> {
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    execFile(file, words, { encoding: 'utf8', timeout: milliseconds, killSignal: 'SIGKILL', maxBuffer: 1_048_576, windowsHide: true }, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}

/** A process that is talked with over a channel of its own, and that ends with this one. */
export interface Companion {
  readonly channel: Duplex;
  /** Resolves when it has ended, or could not be started. */
  readonly gone: Promise<{ readonly error?: Error; readonly exitCode?: number | null; readonly signal?: NodeJS.Signals | null }>;
  /** The end of what it wrote to its standard error. */
  lastWords(): string;
  /** Ends it with every process that it has started in its group. */
  kill(): void;
  /** Whether this process waits for it at its own end. */
  hold(on: boolean): void;
}

/** Those that live. Whatever this process ends by, but for a kill, they are ended; then it is descriptor 4 that tells them. */
const companions = new Set<Companion>();

function endCompanions(): void {
  for (const companion of companions) companion.kill();
}

/** How much of a companion's standard error is remembered, in characters. */
const LAST_WORDS = 2_000;

/** Descriptor 3 is the channel, 4 is never written to and closes when this process is gone. Its standard output is nobody's. */
export function spawnCompanion([file, ...words]: readonly [string, ...string[]], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Companion {
  const child = process.getBuiltinModule('node:child_process').spawn(file, words, { ...options, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], detached: true, windowsHide: true });
  const [, , complaints, channel, lifeline] = child.stdio as unknown as readonly [null, null, Socket, Socket, Socket];
  let said = '';
  complaints.on('data', (bytes: Buffer) => void (said = (said + bytes.toString()).slice(-LAST_WORDS)));
  for (const stream of [complaints, channel, lifeline]) stream.on('error', () => {});
  const gone = new Promise<Awaited<Companion['gone']>>((resolve) => {
    child.on('error', (error) => resolve({ error }));
    // When everything it has said has come as well.
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const companion: Companion = {
    channel,
    gone,
    lastWords: () => said,
    kill() {
      if (child.pid === undefined) return;
      try {
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
      } catch {
        // It has gone by itself.
      }
    },
    hold(on) {
      for (const one of [child, complaints, channel, lifeline]) if (on) one.ref(); else one.unref();
    },
  };
  if (companions.size === 0) process.once('exit', endCompanions);
  companions.add(companion);
  void gone.finally(() => {
    companions.delete(companion);
    if (companions.size === 0) process.off('exit', endCompanions);
  });
  return companion;
}
