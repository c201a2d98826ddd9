// Whatever is typed: it is understood, or refused as a mistake of use, by the parser and by the whole product.

import * as fc from 'fast-check';
import { isJobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { parse } from '../../packages/cli/src/options/parse.ts';
import { STATUS } from '../../packages/cli/src/exit-codes.ts';
import { VERBS } from '../../packages/cli/test/tables.ts';
import { newPlace } from '../e2e/product.ts';
import { expectPrintable, expectSound } from './complaints.ts';
import { DEADLINE, runs, withinASecond } from './runs.ts';
import { argumentsFor } from './words.ts';

const OF_USE = new Set(STATUS[2]);

describe('any words are understood by the parser, or refused as a mistake of use:', () => {
  test.each(VERBS.map(({ table }) => [table.name, table] as const))('%s', async (_, table) => {
    await fc.assert(fc.asyncProperty(argumentsFor(table), async (words) => {
      try {
        const parsed = await withinASecond(() => parse(table, words));
        for (const name of Object.keys(table.options)) expect(parsed.has(name)).toBe(parsed.list(name) !== undefined);
      } catch (cause) {
        if (!isJobError(cause)) throw cause;
        expect(OF_USE).toContain(cause.code);
        expectSound(cause, '');
        await expectPrintable([cause]);
      }
    }), runs(500));
  }, DEADLINE);
});

/** Nothing that leaves the folder of the test, waits, or does harm when it is run. */
const HARMLESS = ['', 'x', '-1', '0', '1', '7', '1e3', 'abc', 'true', 'N', 'n', 'N..M', 'a b', '*', '[', 'K=V', '0s', '90', 'json', 'jsonl', 'id', 'xml', 'sh', 'Running', 'nope', 'x'.repeat(3_000), '\u001b[31m', '\u009b31m', '\u202e', 'a\nb', '__proto__', '😀'];
const ENDING = ['start-job', 'get-job', 'stop-job', 'remove-job', 'get-job-type', 'validate', 'next', 'new', 'import', 'trust', 'doctor', 'help', 'completion'];
const HARMLESS_VERBS = VERBS.filter(({ table }) => ENDING.includes(table.name));
/** What a system can hand over; and no `--wait`: what the job then writes, and its exit code, are its own. */
const isSayable = (word: string): boolean => !word.includes('\0') && word.isWellFormed() && !/^--?wai/i.test(word);
const calls = fc.constantFrom(...HARMLESS_VERBS).chain(({ table }) => argumentsFor(table, HARMLESS).map((words) => [table.name, words.filter(isSayable)] as const));
const STATUSES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 124];
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('any words leave a real process with a known status, no trace, and nothing that a terminal would obey', async () => {
  const place = newPlace();
  await fc.assert(fc.asyncProperty(calls, async ([verb, words]) => {
    const { code, stdout, stderr } = await place.run('nightshift', [verb, ...words], { env: { NIGHTSHIFT_DEBUG: undefined } });
    expect(STATUSES).toContain(code);
    expect(stderr).not.toContain('InternalError');
    if (!words.some((word) => /^--?deb/i.test(word))) expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stderr).not.toMatch(UNSAFE);
    if (code === 2) expect(stdout).toBe('');
  }), runs(48));
}, DEADLINE);
