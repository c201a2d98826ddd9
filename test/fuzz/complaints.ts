// What holds for every complaint, whatever it is about.

import type { JobErrorFacts } from '@nightshift/sdk';
import { expect } from 'vitest';
import { STATUS } from '../../packages/cli/src/exit-codes.ts';
import { printError } from '../../packages/cli/src/print/error.ts';
import { printed } from '../../packages/cli/test/printed.ts';

const KNOWN: ReadonlySet<string> = new Set(Object.values(STATUS).flat());
const WARNINGS: ReadonlySet<string> = new Set(['TriggerInPast', 'DaylightSavingShift', 'CronDayMatch']);
/** ESC and the other controls but the end of a line, DEL, C1, and what turns the direction of reading. */
const UNSAFE = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
/** A terminal's worth. */
const LONGEST_LINE = 1_500;

/** A code that has an exit status, a sentence, and a place within the text, where the text has places. */
export function expectSound(complaint: JobErrorFacts, text: string): void {
  expect(KNOWN.has(complaint.code) || WARNINGS.has(complaint.code), complaint.code).toBe(true);
  expect(complaint.code).not.toBe('InternalError');
  expect(complaint.message).toMatch(/\S/);
  const { line, column, excerpt } = complaint;
  if (line === undefined) return;
  const lines = text.split('\n');
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(lines.length);
  const length = Array.from(lines[line - 1] as string).length;
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual(length + 1);
  if (excerpt !== undefined) expect((column as number) - 1 + excerpt.length).toBeLessThanOrEqual(Math.max(length, (column as number)));
}

/** Printed both ways there is nothing in it that a terminal would obey, and JSON is JSON. */
export async function expectPrintable(complaints: readonly JobErrorFacts[]): Promise<void> {
  const cause = new AggregateError(complaints.map((facts) => Object.assign(new Error(facts.message), { ...facts, name: 'JobError', message: facts.message, code: facts.code })));
  for (const json of [false, true]) {
    const { error } = await printed(() => printError({ verb: 'validate', json, debug: false }, cause));
    expect(error).not.toMatch(UNSAFE);
    const lines = error.split('\n').slice(0, -1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(json ? 2 * LONGEST_LINE : LONGEST_LINE);
    if (json) expect(lines.map((line) => (JSON.parse(line) as { error: JobErrorFacts }).error.code)).toEqual(complaints.map(({ code }) => code));
  }
}
