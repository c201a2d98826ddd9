/**
 * What a watcher (`CommandLine.reattach`) leaves in the folder of its attempt. It is anybody's program, and may be killed while it
 * writes: so nothing is believed that is not in the right shape, and what is not counts as not there.
 *
 *     host           its process, as that of JavaScript (code-files.ts)
 *     started        it has come to the work
 *     outcome.json   how the work has ended
 *     disconnected   why it does not see it any more
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FINISHED_STATES, JOB_REASONS } from '@nightshift/sdk';
import { CODE_FILES, readSmall, type CodeOutcome } from './code-files.ts';
import { outputBytesOf, readClaim } from './exit-file.ts';
import { attemptFolder } from './layout.ts';

const DISCONNECTED = 'disconnected';

/** What one attempt has left. */
export interface WatcherLeft {
  readonly outcome?: Omit<CodeOutcome, 'error'>;
  /** One line. */
  readonly said?: string;
}

/** The last attempt up to this one that somebody has run; those that were only prepared can have left nothing. */
export function lastThatRan(runFolder: string, attempt: number): number | undefined {
  for (let number = attempt; number > 0; number--) if (readClaim(attemptFolder(runFolder, number))?.by === 'shim') return number;
  return undefined;
}

export function readWatcher(attempt: string): WatcherLeft {
  const file = readSmall(join(attempt, CODE_FILES.outcome));
  const read = file === undefined ? {} : outcomeIn(file.text, file.at);
  if ('outcome' in read) return read;
  const said = lineIn(readSmall(join(attempt, DISCONNECTED))?.text.replaceAll(/\s+/g, ' ')) ?? read.fault;
  return said === undefined ? {} : { said };
}

/** It has come to the work; whoever has delivered something has, too. */
export function hasReached(attempt: string): boolean {
  return statSync(join(attempt, CODE_FILES.started), { throwIfNoEntry: false }) !== undefined || outputBytesOf(attempt) > 0;
}

const MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  state: (value) => (FINISHED_STATES as readonly unknown[]).includes(value),
  reason: (value) => (JOB_REASONS as readonly unknown[]).includes(value),
  statusMessage: (value) => typeof value === 'string',
  exitCode: Number.isInteger,
  signal: (value) => typeof value === 'string' && /^SIG[A-Z0-9+-]{1,16}$/.test(value),
  at: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

/** Characters of a text of somebody else that a row takes. */
const LONGEST_TEXT = 4_096;

function outcomeIn(text: string, at: Date): { readonly outcome: NonNullable<WatcherLeft['outcome']> } | { readonly fault?: string } {
  // Room that was made before it was needed.
  if (/^[\0\s]*$/.test(text)) return {};
  const came = parsed(text);
  if (came === undefined) return { fault: 'its outcome.json is cut off, or no JSON' };
  const wrong = Object.keys(MEMBERS).find((key) => (came[key] ?? undefined) !== undefined && MEMBERS[key]?.(came[key]) !== true);
  if (wrong !== undefined || came['state'] === undefined) return { fault: `its outcome.json is none: "${wrong ?? 'state'}" is ${JSON.stringify(came[wrong ?? 'state'])?.slice(0, 80) ?? 'missing'}` };
  const { at: said, statusMessage, ...others } = Object.fromEntries(Object.keys(MEMBERS).flatMap((key) => ((came[key] ?? undefined) === undefined ? [] : [[key, came[key]]])));
  const message = lineIn(statusMessage as string | undefined);
  return { outcome: { ...(others as Pick<CodeOutcome, 'state'>), ...(message === undefined ? {} : { statusMessage: message }), at: said === undefined ? at : new Date(said as string) } };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function lineIn(text: string | undefined): string | undefined {
  const line = text?.trim().slice(0, LONGEST_TEXT);
  return line === '' ? undefined : line;
}
