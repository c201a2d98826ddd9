/** A process of a session of its own that nobody waits for. */
export interface Detached {
  readonly pid: number | undefined;
  /** Why it could not be started, or with which code it ended; undefined while it runs. */
  ended(): { readonly error?: NodeJS.ErrnoException; readonly exitCode?: number | null } | undefined;
  /** Resolves when it has ended, or could not be started. */
  readonly gone: Promise<void>;
  /** Lets this process end before that one does. */
  release(): void;
}

/** The only starter of processes. Descriptors are files of the caller's; never a pipe, which would die with us. */
export function spawnDetached(argv: readonly [string, ...string[]], options: { readonly cwd: string; readonly env: Record<string, string>; readonly stdio: readonly ('ignore' | number)[] }): Detached {
  let ended: ReturnType<Detached['ended']>;
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const end = (how: NonNullable<typeof ended>): void => {
    ended ??= how;
    resolve();
  };
  const [file, ...words] = argv;
  try {
    // Loaded by a start only: it brings the network with it, a tenth of an empty Node process.
    const child = process.getBuiltinModule('node:child_process').spawn(file, words, { cwd: options.cwd, env: options.env, stdio: [...options.stdio], detached: true });
    child.on('error', (error) => end({ error }));
    child.on('exit', (exitCode) => end({ exitCode }));
    return { pid: child.pid, ended: () => ended, gone, release: () => child.unref() };
  } catch (error) {
    // A working directory that is a file fails here, everything else by event.
    return { pid: undefined, ended: () => ({ error: error as NodeJS.ErrnoException }), gone: Promise.resolve(), release: () => {} };
  }
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
