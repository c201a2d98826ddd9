import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { isJobError, JobError } from '@nightshift/sdk';

function caught(act: () => unknown): unknown {
  try {
    return act();
  } catch (cause) {
    return cause;
  }
}

describe('an error of a job', () => {
  test('says its code, its sentence and every fact it was given', () => {
    const facts = { code: 'DefinitionKeyUnknown', message: 'unknown', file: 'a.yaml', line: 3, column: 5, hint: 'write "b"', excerpt: { text: 'c: 1', length: 1 }, path: ['job', 'c'] };
    expect({ ...new JobError(facts), message: new JobError(facts).message }).toEqual({ ...facts, name: 'JobError' });
  });

  test('shows as JSON no fact that it was not given', () => {
    expect(JSON.parse(JSON.stringify(new JobError({ code: 'StoreFull', message: 'full' })))).toEqual({ name: 'JobError', code: 'StoreFull' });
  });

  test('keeps what caused it', () => {
    const cause = new Error('below');
    expect(new JobError({ code: 'StoreFull', message: 'full' }, { cause }).cause).toBe(cause);
  });

  test('is recognised when another copy of the package made it', async () => {
    vi.resetModules();
    const copy = await import('@nightshift/sdk');
    const foreign = new copy.JobError({ code: 'StoreFull', message: 'full' });
    expect(foreign).not.toBeInstanceOf(JobError);
    expect(isJobError(foreign)).toBe(true);
  });

  test('is recognised when its class was made from ours', () => {
    class Special extends JobError {}
    expect(isJobError(new Special({ code: 'StoreFull', message: 'full' }))).toBe(true);
  });

  test.each([
    ['an error of the system', caught(() => readFileSync('/nowhere/at/all'))],
    ['an error without a code', new Error('plain')],
    ['an error of that name without a code', Object.assign(new Error('plain'), { name: 'JobError' })],
    ['a code that is no text', Object.assign(new Error('plain'), { name: 'JobError', code: 7 })],
    ['a plain object', { name: 'JobError', code: 'StoreFull', message: 'full' }],
    ['text', 'JobError'],
    ['null', null],
    ['nothing', undefined],
  ])('%s is none', (_what, value) => {
    expect(isJobError(value)).toBe(false);
  });
});
