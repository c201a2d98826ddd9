import { describe, expect, test } from 'vitest';
import { waitJob } from '../../src/verbs/wait-job.ts';
import { asked } from '../asked.ts';
import { complaintOf } from '../complaint.ts';

const requestOf = async (...argv: string[]) => (await asked(waitJob, '7', ...argv)).words[1] as { timeout?: number };

describe('a time to wait', () => {
  test.each([
    ['--timeout 30s', 30_000], ['--timeout 1h30m', 5_400_000], ['--timeout=250ms', 250], ['--timeout PT5M', 300_000], ['--timeout 0', 0],
    ['-Timeout 30', 30_000], ['-TimeoutSec 2', 2_000], ['-timeoutsec 0', 0], ['-Timeout 30s', 30_000],
  ])('%s is %i ms', async (text, milliseconds) => {
    expect((await requestOf(...text.split(' '))).timeout).toBe(milliseconds);
  });

  test.each(['', '--timeout -1', '--timeout=-1', '-Timeout -1', '-TimeoutSec -1'])('without an end: "%s"', async (text) => {
    expect(await requestOf(...text.split(' ').filter(Boolean))).not.toHaveProperty('timeout');
  });

  test.each([
    ['--timeout 5', 'DurationInvalid'], ['--timeout -2', 'DurationInvalid'], ['--timeout -5s', 'MissingArgument'], ['--timeout=-5s', 'DurationInvalid'], ['--timeout x', 'DurationInvalid'],
    ['--timeout 1.5', 'DurationInvalid'], ['-Timeout -2', 'ParameterArgumentValidationError'], ['-Timeout x', 'DurationInvalid'], ['--timeout', 'MissingArgument'],
  ])('%s is %s', async (text, code) => {
    expect((await complaintOf(() => requestOf(...text.split(' ')))).code).toMatch(text === '--timeout -5s' ? /^(MissingArgument|DurationInvalid)$/ : new RegExp(`^${code}$`));
  });
});

test.each([
  [[], { any: false, force: false }],
  [['--any'], { any: true, force: false }],
  [['--force'], { any: false, force: true }],
])('%j asks for %j', async (argv, request) => {
  expect(await requestOf(...argv)).toMatchObject(request);
});
