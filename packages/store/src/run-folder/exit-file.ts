import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StopReason } from '@nightshift/sdk';
import { RUN_FILES } from './layout.ts';
import { notOurFile, type Fault } from './unreadable.ts';

/** Who took the run over: the shim by its identity, or a recovery that will not let it run. */
export type Claim =
  | { readonly by: 'shim'; readonly pid: number; readonly startTime: string; readonly boot: string; readonly at: Date }
  | { readonly by: 'recovery'; readonly at: Date }
  /** Made, but its content was never written. */
  | { readonly by: 'nobody'; readonly at: Date };

/** How a command ended, as its shim recorded it. */
export interface ExitRecord {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly reason?: 'timeout';
  readonly at: Date;
}

const REVOKED = 'revoked';

/** The claim of an attempt; undefined when there is none. */
export function readClaim(attempt: string): Claim | undefined {
  const file = readWithTime(join(attempt, RUN_FILES.claim));
  if (file === undefined) return undefined;
  const [pid, startTime, boot] = file.text.trim().split(' ');
  if (pid === REVOKED) return { by: 'recovery', at: file.at };
  if (pid === undefined || startTime === undefined || boot === undefined || !/^\d+$/.test(pid)) return { by: 'nobody', at: file.at };
  return { by: 'shim', pid: Number(pid), startTime, boot, at: file.at };
}

/** Takes the claim so that the command can never run. False when somebody was first. */
export function revokeClaim(attempt: string): boolean {
  try {
    writeFileSync(join(attempt, RUN_FILES.claim), `${REVOKED}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/**
 * Takes a claim back that was made and never filled: its shim is dead, or stands still between two of its lines. Whoever fills it
 * after all looks for this mark then, and runs nothing. False: it has been filled meanwhile, and says who has it.
 */
export function revokeEmptyClaim(attempt: string): boolean {
  try {
    writeFileSync(join(attempt, RUN_FILES.revoked), '', { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  // Only now: what was empty before the mark was there may have been filled by one who did not see it.
  return readClaim(attempt)?.by === 'nobody';
}

/** The exit record of an attempt. Blank, empty or unreadable bytes count as absent: they were only reserved. */
export function readExit(attempt: string): ExitRecord | undefined {
  const file = readWithTime(join(attempt, RUN_FILES.exit));
  if (file === undefined || file.text.trim() === '') return undefined;
  try {
    const record = JSON.parse(file.text) as Partial<ExitRecord> | null;
    const isRecord = Number.isInteger(record?.exitCode) || typeof record?.signal === 'string';
    return isRecord ? { ...record, at: file.at } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a claim or an exit record says that no crash of ours can have left: somebody, or the disk, has written over it. Empty,
 * blank, zeros, or the beginning of what was to be written are what a crash leaves, and mean what an absent file means.
 */
export function damageIn(attempt: string): Fault | undefined {
  const claim = readWithTime(join(attempt, RUN_FILES.claim));
  if (claim !== undefined && readClaim(attempt)?.by === 'nobody' && !TORN_CLAIM.test(written(claim.text))) return { file: join(attempt, RUN_FILES.claim), why: 'it names no process' };
  const exit = readWithTime(join(attempt, RUN_FILES.exit));
  if (exit !== undefined && readExit(attempt) === undefined && !isTornExit(written(exit.text))) return { file: join(attempt, RUN_FILES.exit), why: 'it holds no exit record' };
  return undefined;
}

/** What a power cut has not written reads as zeros, what was only reserved as blanks. */
function written(text: string): string {
  return text.replace(/[\0\s]+$/, '');
}

const TORN_CLAIM = /^(?:r(?:e(?:v(?:o(?:k(?:e)?)?)?)?)?)?$|^\d+(?: [\d-]*(?: [\w-]*)?)?$/;
/** How a record of the shim begins, up to what differs. */
const BEGINNINGS = ['{"exitCode":', '{"signal":"SIG', '{"reason":"timeout","exitCode":', '{"reason":"timeout","signal":"SIG'];

function isTornExit(text: string): boolean {
  return BEGINNINGS.some((beginning) => beginning.startsWith(text) || (text.startsWith(beginning) && /^[\w+-]*"?$/.test(text.slice(beginning.length))));
}

/** Leaves the wish to stop beside the claim, so that an index built anew still knows why the run ended. The first reason stays. */
export function writeStop(attempt: string, reason: StopReason): void {
  try {
    writeFileSync(join(attempt, RUN_FILES.stop), `${reason}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    // Somebody was first; or the run folder is gone, and with it whatever could be built from it.
    if (!['EEXIST', 'ENOENT'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
  }
}

/** The wish to stop that an attempt was left with. */
export function readStop(attempt: string): StopReason | undefined {
  const text = readWithTime(join(attempt, RUN_FILES.stop))?.text.trim();
  return text === undefined || text === '' ? undefined : (text as StopReason);
}

/** The process that keeps the time limit of an attempt; undefined when it has none. */
export function readWatchdog(attempt: string): number | undefined {
  const pid = Number(readWithTime(join(attempt, RUN_FILES.watchdog))?.text);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Bytes of output that an attempt has left so far. */
export function outputBytesOf(attempt: string): number {
  return [RUN_FILES.stdout, RUN_FILES.stderr, RUN_FILES.records].reduce((sum, name) => sum + (statSync(join(attempt, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Bytes. None of these files ever has more than a line. */
const LONGEST = 65_536;

function readWithTime(path: string): { text: string; at: Date } | undefined {
  // Asked often while there is nothing yet: an error each time would be dear.
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  // A pipe would be waited for.
  if (!facts.isFile() || facts.size > LONGEST) throw notOurFile(path);
  try {
    const text = readFileSync(path, 'latin1');
    return { text, at: statSync(path).mtime };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
