import { describe, expect, test } from 'vitest';
import { newProject } from './example-run.ts';

const ALMOST_ALL = '999';

async function look(values: Record<string, string>) {
  const project = newProject();
  project.change('DiskSpace', { WARN_AT: ALMOST_ALL, FAIL_AT: ALMOST_ALL, ...values });
  const run = await project.start('DiskSpace');
  return { ...run, job: await project.job(1) };
}

describe('a disk', () => {
  test('with room is Completed', async () => {
    expect(await look({ FOLDERS: '/' })).toMatchObject({ code: 0, lines: [expect.stringMatching(/^disk-space: \/: \d+ % in use, \d+\.\d GB free$/)], stderr: '', job: { state: 'Completed', exitCode: 0 } });
  });

  test('above WARN_AT is a warning, with an exit code of its own, and Completed all the same', async () => {
    expect(await look({ WARN_AT: '0' })).toMatchObject({ code: 3, warnings: [expect.stringMatching(/^\/: \d+ % in use, \d+\.\d GB free$/)], job: { state: 'Completed', exitCode: 3 } });
  });

  test('above FAIL_AT is Failed', async () => {
    expect(await look({ WARN_AT: '0', FAIL_AT: '0' })).toMatchObject({ code: 1, warnings: [], errors: [expect.stringMatching(/^\/: \d+ % in use/), 'the command exited with code 1'], job: { state: 'Failed', reason: 'exit' } });
  });
});

test('every folder is looked at, one that is not there and one with blanks in its name too; the worst counts', async () => {
  const project = newProject();
  project.put('a folder with  blanks 7% /x', '');
  project.change('DiskSpace', { FOLDERS: `/no/such/folder:../a folder with  blanks 7% :/`, WARN_AT: '0', FAIL_AT: ALMOST_ALL });
  const { code, errors, warnings } = await project.start('DiskSpace');
  expect({ code, warnings: warnings.map((line) => line.replace(/\d+ %.*/, '…')) }).toEqual({ code: 1, warnings: ['../a folder with  blanks 7% : …', '/: …'] });
  expect(errors).toContain('disk-space: df says nothing about "/no/such/folder"; is it a folder on a disk?');
});

test.each(['many', '-1', '80%'])('WARN_AT "%s" is not taken for a percentage', async (text) => {
  expect(await look({ WARN_AT: text })).toMatchObject({ code: 2, errors: [`disk-space: WARN_AT must be a percentage, not "${text}"`, expect.anything()] });
});
