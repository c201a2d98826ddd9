/**
 * The token of a dashboard: 256 bits in a file that only the user can read, made at the first start and kept. Programs send it
 * as `Authorization: Bearer …`. A browser never has it: it is let in by a word that is printed and good once (`sessions.ts`).
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { JobError } from '@nightshift/sdk';

export interface Token {
  readonly file: string;
  is(token: string): boolean;
  /** What a program that has the token sends against forgery. */
  readonly csrf: string;
}

const BYTES = 32;
const FORM = /^[\w-]{43}$/;

/** Throws `StoreUnavailable` for a file that others can read, or that is not ours. */
export function openToken(folder: string): Token {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'token');
  const token = readToken(file) ?? makeToken(file);
  return { file, is: (other) => isSame(token, other), csrf: createHmac('sha256', token).update('csrf').digest('base64url') };
}

/** In constant time, whatever the lengths. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** 256 bits that nobody can guess. */
export function newWord(): string {
  return randomBytes(BYTES).toString('base64url');
}

function readToken(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unsafe(file, 'cannot be read as the file of a token', cause);
  }
  try {
    const facts = fstatSync(descriptor);
    const uid = process.getuid?.();
    if (!facts.isFile() || (uid !== undefined && facts.uid !== uid) || (uid !== undefined && (facts.mode & 0o077) !== 0)) throw unsafe(file, 'is no regular file of yours alone');
    const token = readFileSync(descriptor, 'utf8').trim();
    if (!FORM.test(token)) throw unsafe(file, 'holds no token');
    return token;
  } finally {
    closeSync(descriptor);
  }
}

/** Whole or not at all: of two that begin at the same moment, the first one's is both's. */
function makeToken(file: string): string {
  const token = newWord();
  const draft = `${file}.${process.pid}.new`;
  rmSync(draft, { force: true });
  const descriptor = openSync(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    writeSync(descriptor, `${token}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, file);
    return token;
  } catch (cause) {
    const other = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? readToken(file) : undefined;
    if (other === undefined) throw cause;
    return other;
  } finally {
    rmSync(draft, { force: true });
  }
}

function unsafe(file: string, fault: string, cause?: unknown): JobError {
  return new JobError({ code: 'StoreUnavailable', message: `${file} ${fault}`, hint: `rm ${file}; the next start makes another one` }, { cause });
}
