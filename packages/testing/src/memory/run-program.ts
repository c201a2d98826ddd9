import { spawn, type ChildProcess } from 'node:child_process';
import type { CommandLine } from '@nightshift/sdk';

/** A program that runs. */
export interface RunningProgram {
  readonly process: ChildProcess;
  /** How it ended; `unstarted` says why it never began. */
  readonly ended: Promise<{ readonly exitCode?: number; readonly signal?: string; readonly unstarted?: string }>;
  /** To the program and everything that it has started in its group. */
  kill(signal: NodeJS.Signals): void;
}

/** Who hears what a program writes. */
export type Hear = (channel: 'stdout' | 'stderr', bytes: Uint8Array) => void;

/** Starts what a command describes as a process of its own group, with nothing around it: no shim, no secrets, no other user. */
export function runProgram(command: CommandLine, environment: Readonly<Record<string, string | undefined>>, hear: Hear): RunningProgram {
  const [file, ...args] = command.argv;
  const child = spawn(file, args, {
    detached: true,
    stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: environmentOf(command, environment),
    ...(command.workingDirectory === undefined ? {} : { cwd: command.workingDirectory }),
  });
  child.stdout?.on('data', (bytes: Buffer) => hear('stdout', bytes));
  child.stderr?.on('data', (bytes: Buffer) => hear(command.mergeStreams === true ? 'stdout' : 'stderr', bytes));
  child.stdin?.on('error', () => {});
  child.stdin?.end((command.input ?? []).map((line) => `${line}\n`).join(''));
  const ended = new Promise<Awaited<RunningProgram['ended']>>((resolve) => {
    child.once('error', (cause) => resolve({ unstarted: cause.message }));
    child.once('close', (exitCode, signal) => resolve(signal === null ? { exitCode: exitCode ?? 0 } : { signal }));
  });
  return { process: child, ended, kill: (signal) => killGroup(child, signal) };
}

function environmentOf({ environment = {} }: CommandLine, base: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const merged = Object.entries({ ...base, ...environment });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (cause) {
    // It has ended meanwhile, which is what was wanted.
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
