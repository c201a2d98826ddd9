import { describe, expect, test } from 'vitest';
import { debugJob } from '../../src/verbs/debug-job.ts';
import { resumeJob } from '../../src/verbs/resume-job.ts';
import { suspendJob } from '../../src/verbs/suspend-job.ts';
import { asked } from '../asked.ts';
import { complaintOf } from '../complaint.ts';

describe.each([[suspendJob, 'suspendJobs'], [resumeJob, 'resumeJobs']] as const)('$table.name', (verb, call) => {
  test.each([
    [['7', 'Build'], { words: ['7', 'Build'] }], [['--id', '7,8'], { ids: [7, 8] }], [['--state', 'running'], { states: ['Running'] }], [['--filter', 'name=x'], { filters: [['name', 'x']] }], [['7', '--wait'], { words: ['7'] }],
  ])('%j asks for %j', async (argv, selector) => {
    expect(await asked(verb, ...argv)).toEqual({ call, words: [selector, {}] });
  });

  test('--what-if asks for each, and changes nothing', async () => {
    expect((await asked(verb, '7', '--what-if')).words[1]).toEqual({ approve: expect.any(Function) });
  });

  test.each([
    [['7', '--confirm'], 'ConfirmationRequired'], [['7', '--id', '8'], 'AmbiguousParameterSet'], [['7', '-o', 'xml'], 'ParameterArgumentValidationError'], [['7', '--nonsense'], 'NamedParameterNotFound'],
  ])('%j is %s', async (argv, code) => {
    expect(await complaintOf(() => asked(verb, ...argv))).toMatchObject({ code });
  });
});

test('suspend-job takes --force, and -F in PowerShell, which resume-job does not know', async () => {
  expect((await asked(suspendJob, '7', '--force')).call).toBe('suspendJobs');
  expect((await asked(suspendJob, '7', '-F')).call).toBe('suspendJobs');
  expect(await complaintOf(() => asked(resumeJob, '7', '--force'))).toMatchObject({ code: 'NamedParameterNotFound' });
});

describe('debug-job', () => {
  test.each([
    [['7'], { words: ['7'] }], [['--id', '7'], { ids: [7] }], [['--name', 'Server'], { names: ['Server'] }], [['7', '--break-all'], { words: ['7'] }],
  ])('%j asks for %j', async (argv, selector) => {
    expect(await asked(debugJob, ...argv)).toEqual({ call: 'debugJob', words: [selector, {}] });
  });

  test.each([
    [['--state', 'Running'], 'NamedParameterNotFound'], [['7', '--id', '8'], 'AmbiguousParameterSet'], [['7', '-o', 'id'], 'ParameterArgumentValidationError'], [['7', '--confirm'], 'ConfirmationRequired'],
  ])('%j is %s', async (argv, code) => {
    expect(await complaintOf(() => asked(debugJob, ...argv))).toMatchObject({ code });
  });
});
