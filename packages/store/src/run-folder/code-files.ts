/**
 * The files of a run of JavaScript, beside those that its shim keeps (exit-file.ts).
 *
 *     <attempt>/order.json     what is to be run; written by the launcher
 *     <attempt>/host           the process that runs it: pid and start time
 *     <attempt>/started        prepared, and the work begins, with the time and, of a run that outlives its host, the token
 *     <attempt>/records.ndjson what it wrote (read-code.ts)
 *     <attempt>/wish.N.json    what somebody wishes of it, besides an end; answer.N.json: what became of that
 *     <attempt>/outcome.json   how it ended, by its own account; the exit record follows. Blank until then
 *     checkpoint.json          of all attempts together: the last value it has stored
 *     data/                    its private folder
 *
 * Everything is made in one step: a file that is there is whole, or blank.
 */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFinished, type JobReason } from '@nightshift/sdk';
import { syncFolder } from './job-file.ts';
import { attemptFolder } from './layout.ts';

export const CODE_FILES = { order: 'order.json', host: 'host', started: 'started', outcome: 'outcome.json', checkpoint: 'checkpoint.json', data: 'data' } as const;

/** How a run of JavaScript ended, as its host wrote it down. */
export interface CodeOutcome {
  readonly state: 'Completed' | 'Failed' | 'Stopped';
  readonly reason?: JobReason;
  readonly statusMessage?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly error?: { readonly message: string; readonly code?: string; readonly stack?: string };
  readonly at: Date;
}

/** Undefined: none was written, or not by us. */
export function readOutcome(attempt: string): CodeOutcome | undefined {
  const file = readSmall(join(attempt, CODE_FILES.outcome));
  if (file === undefined) return undefined;
  try {
    const outcome = JSON.parse(file.text) as Partial<CodeOutcome> | null;
    return outcome?.state !== undefined && isFinished(outcome.state) ? ({ ...outcome, at: instantIn(outcome.at) ?? file.at } as CodeOutcome) : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes that are there from the beginning, so that a full disk cannot keep a run from saying how it ended. */
const RESERVED = 2_048;

/** Before anything of the plugin's runs. Throws what the system says. */
export function reserveOutcome(attempt: string): void {
  writeSynced(join(attempt, CODE_FILES.outcome), ' '.repeat(RESERVED));
}

/** In one step; where there is no room for that, `brief` in the place of the reserved bytes. */
export function writeOutcome(attempt: string, text: string, brief: () => string): void {
  const path = join(attempt, CODE_FILES.outcome);
  try {
    writeWhole(path, text);
  } catch (cause) {
    if (!FULL.includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    const file = openSync(path, 'r+');
    try {
      writeSync(file, brief().padEnd(RESERVED), 0);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

const FULL: readonly string[] = ['ENOSPC', 'EDQUOT'];

/** When the work began; undefined: it has not. */
export function startedAt(attempt: string): Date | undefined {
  const file = readSmall(join(attempt, CODE_FILES.started));
  if (file === undefined) return undefined;
  try {
    return instantIn((JSON.parse(file.text) as { readonly at?: unknown }).at) ?? file.at;
  } catch {
    return file.at;
  }
}

/** With what a later host finds a run that outlives its hosts: what the newest attempt up to this one that has begun left, if it has no end. */
export function tokenLeft(runFolder: string, attempt: number): string | undefined {
  for (let number = attempt; number > 0; number--) {
    const folder = attemptFolder(runFolder, number);
    if (readOutcome(folder) !== undefined) return undefined;
    if (startedAt(folder) !== undefined) return tokenIn(folder);
  }
  return undefined;
}

/** What an attempt itself left for a later host. */
export function tokenIn(attempt: string): string | undefined {
  const text = readSmall(join(attempt, CODE_FILES.started))?.text;
  if (text === undefined) return undefined;
  try {
    const { token } = JSON.parse(text) as { readonly token?: unknown };
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

/** By the clock that the records go by: the time of a file is that of the last tick of the kernel. */
function instantIn(value: unknown): Date | undefined {
  const at = new Date(value as string);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

export function hasCheckpoint(runFolder: string): boolean {
  return existsSync(join(runFolder, CODE_FILES.checkpoint));
}

/** The last checkpoint as JSON; undefined: there is none. */
export function readCheckpoint(runFolder: string): string | undefined {
  return readSmall(join(runFolder, CODE_FILES.checkpoint))?.text;
}

/** The process that runs the code of an attempt: undefined while it has not said. */
export function readCodeHost(attempt: string): { readonly pid: number; readonly startTime: string } | undefined {
  const [pid, startTime] = readSmall(join(attempt, CODE_FILES.host))?.text.trim().split(' ') ?? [];
  return pid === undefined || startTime === undefined || !/^\d+$/.test(pid) ? undefined : { pid: Number(pid), startTime };
}

/** Writes a file in one step; one that is there is replaced. Survives a power cut when this returns. */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.new`;
  writeSynced(beside, text);
  renameSync(beside, path);
  syncFolder(dirname(path));
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(file, bytes));
    fsyncSync(file);
  } catch (cause) {
    rmSync(path, { force: true });
    throw cause;
  } finally {
    closeSync(file);
  }
}

const WISH = /^wish\.(\d+)\.json$/;

/** Leaves a wish behind all that are there. */
export function writeWish(attempt: string, wish: unknown): number {
  const beside = join(attempt, `wish.${process.pid}.new`);
  writeSynced(beside, JSON.stringify(wish));
  try {
    for (let number = (wishesIn(attempt).at(-1) ?? 0) + 1; ; number++) {
      try {
        linkSync(beside, join(attempt, `wish.${number}.json`));
        return number;
      } catch (cause) {
        // Somebody else was quicker; his comes first.
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      }
    }
  } finally {
    rmSync(beside, { force: true });
  }
}

/** The wishes behind the first `known`, oldest first. */
export function readWishes(attempt: string, known: number): readonly { readonly number: number; readonly wish: unknown }[] {
  return wishesIn(attempt).filter((number) => number > known).map((number) => ({ number, wish: JSON.parse(readFileSync(join(attempt, `wish.${number}.json`), 'utf8')) as unknown }));
}

/** What became of a wish. */
export function writeAnswer(attempt: string, number: number, answer: unknown): void {
  writeWhole(join(attempt, `answer.${number}.json`), JSON.stringify(answer));
}

/** Undefined: there is no answer yet. */
export function readAnswer(attempt: string, number: number): unknown {
  const file = readSmall(join(attempt, `answer.${number}.json`));
  return file === undefined ? undefined : (JSON.parse(file.text) as unknown);
}

function wishesIn(attempt: string): number[] {
  return readdirSync(attempt).flatMap((name) => WISH.exec(name)?.[1] ?? []).map(Number).toSorted((a, b) => a - b);
}

/** More than any of these files has. */
const LONGEST = 67_108_864;

/** Undefined: it is not there, no file, or far too large. */
export function readSmall(path: string): { readonly text: string; readonly at: Date } | undefined {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts?.isFile() !== true || facts.size > LONGEST) return undefined;
  try {
    return { text: readFileSync(path, 'utf8'), at: facts.mtime };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
