import type { Host, JobView } from '@nightshift/host';
import { describe, expect, test } from 'vitest';
import { fullHelpText } from '../../src/options/help.ts';
import { parse } from '../../src/options/parse.ts';
import { debugJob } from '../../src/verbs/debug-job.ts';
import { resumeJob } from '../../src/verbs/resume-job.ts';
import { suspendJob } from '../../src/verbs/suspend-job.ts';
import { asked } from '../asked.ts';
import { complaintOf } from '../complaint.ts';
import { printed } from '../printed.ts';

type Approval = { readonly approve: (job: JobView) => boolean };
const job = { id: 7, name: 'Build', command: 'make', state: 'Running' } as JobView;
const move = async (_: unknown, { approve }: Approval) => ({ jobs: [job], problems: [], warnings: [], approved: approve(job) });
const moving = { suspendJobs: move, resumeJobs: move } as unknown as Host;

describe.each([[suspendJob, 'suspendJobs'], [resumeJob, 'resumeJobs']] as const)('$table.name', (verb, call) => {
  test.each([
    [['7', 'Build'], { words: ['7', 'Build'] }, {}], [['--id', '7,8'], { ids: [7, 8] }, {}], [['--state', 'running'], { states: ['Running'] }, {}], [['--filter', 'name=x'], { filters: [['name', 'x']] }, {}], [['7', '--wait'], { words: ['7'] }, { wait: true }],
  ])('%j asks for %j with %j', async (argv, selector, request) => {
    expect(await asked(verb, ...argv)).toEqual({ call, words: [selector, request] });
  });

  test('--what-if asks for each, and changes nothing', async () => {
    expect((await asked(verb, '7', '--what-if')).words[1]).toEqual({ approve: expect.any(Function) });
  });

  test('--what-if announces what it would do, and prints jobs only in a form that was asked for', async () => {
    const what = (...argv: string[]) => printed(() => verb.run(parse(verb.table, ['7', '--what-if', ...argv]), { voice: { verb: verb.table.name, json: false, debug: false }, host: () => moving, interrupt: () => new AbortController().signal }));
    expect(await what()).toEqual({ result: 0, out: '', error: `What if: ${verb.table.name} 7 (Build): make\n` });
    expect((await what('-o', 'id')).out).toBe('7\n');
    expect(JSON.parse((await what('--json')).out)).toMatchObject([{ id: 7 }]);
  });

  test.each([
    [['7', '--confirm'], 'ConfirmationRequired'], [['7', '--id', '8'], 'AmbiguousParameterSet'], [['7', '-o', 'xml'], 'ParameterArgumentValidationError'], [['7', '--nonsense'], 'NamedParameterNotFound'],
  ])('%j is %s', async (argv, code) => {
    expect(await complaintOf(() => asked(verb, ...argv))).toMatchObject({ code });
  });
});

test('suspend-job leaves a suspended job alone, and announces nothing', async () => {
  const { approve } = (await asked(suspendJob, '7', '--what-if')).words[1] as Approval;
  expect(await printed(() => approve({ ...job, state: 'Suspended' }))).toEqual({ result: false, out: '', error: '' });
});

test('suspend-job takes --force, and -F in PowerShell, which resume-job does not know', async () => {
  for (const force of ['--force', '-F']) expect(await asked(suspendJob, '7', force)).toEqual({ call: 'suspendJobs', words: [{ words: ['7'] }, { force: true }] });
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

  test('offers the forms that it takes, in help and completion', () => {
    expect(fullHelpText(debugJob.table)).toMatch(/--output FORMAT +table or json\n/);
    expect(debugJob.table.options['output']?.completes).toEqual(['table', 'json']);
  });
});
