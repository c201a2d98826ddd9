/** What a question says in its query, read strictly: a value that means nothing is refused rather than ignored. */
import { checkName, isJobError, JOB_STATES, type JobState } from '@nightshift/sdk';
import { Refusal } from '../door/refusal.ts';

/** The keys of a query, each at most once. */
export interface Question {
  text(key: string): string | undefined;
  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined;
  number(key: string, least: number, most: number): number | undefined;
  instant(key: string): Date | undefined;
  states(key: string): readonly JobState[] | undefined;
}

const LONGEST = 1_000;

export function questionOf(query: URLSearchParams, known: readonly string[]): Question {
  for (const key of query.keys()) {
    if (!known.includes(key)) throw new Refusal(400, `the question has no "${key.slice(0, 50)}"`, { hint: `it has ${known.join(', ')}` });
    if (query.getAll(key).length > 1) throw new Refusal(400, `"${key}" was asked twice`);
  }
  const text = (key: string): string | undefined => {
    const value = query.get(key) ?? undefined;
    if (value !== undefined && value.length > LONGEST) throw new Refusal(400, `"${key}" is too long`);
    return value === '' ? undefined : value;
  };
  return {
    text,
    oneOf(key, words) {
      const value = text(key);
      if (value === undefined) return undefined;
      const word = words.find((one) => one.toLowerCase() === value.toLowerCase());
      if (word === undefined) throw new Refusal(400, `"${key}" is one of ${words.join(', ')}`);
      return word;
    },
    number(key, least, most) {
      const value = text(key);
      if (value === undefined) return undefined;
      if (!/^\d{1,16}$/.test(value) || Number(value) < least || Number(value) > most) throw new Refusal(400, `"${key}" is a number from ${least} to ${most}`);
      return Number(value);
    },
    instant(key) {
      const value = text(key);
      if (value === undefined) return undefined;
      const instant = new Date(value);
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/.test(value) || Number.isNaN(instant.getTime())) throw new Refusal(400, `"${key}" is a time such as 2027-03-27T02:30:00Z`);
      return instant;
    },
    states(key) {
      const words = text(key)?.split(',');
      return words?.map((word) => {
        const state = JOB_STATES.find((one) => one.toLowerCase() === word.toLowerCase());
        if (state === undefined) throw new Refusal(400, `"${key}" is of ${JOB_STATES.join(', ')}`);
        return state;
      });
    },
  };
}

/** A cursor that we have given: what it holds is ours to read, whoever sends it. */
export function writeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function readCursor(text: string | undefined, isRight: (value: unknown) => boolean): unknown {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isRight(value)) return value;
  } catch {
    // Refused below.
  }
  throw new Refusal(400, 'the cursor is none of ours');
}

/** The parts of a definition's key in a path. Source: security specification S5. */
export function keyOf(namespace: string, name: string): string {
  for (const part of [namespace, name]) {
    // A namespace that was computed begins with any hex digit.
    if (part === namespace && /^[0-9a-f]{8}$/.test(part)) continue;
    try {
      checkName(part);
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      throw new Refusal(400, cause.message, { code: cause.code });
    }
  }
  return `${namespace}/${name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}`;
}

export function notFound(what: string): Refusal {
  return new Refusal(404, what);
}
