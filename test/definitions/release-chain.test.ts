import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newProject } from './example-run.ts';

test('each step says what it has done, and the last one knows what was packed', async () => {
  const project = newProject();
  expect((await project.start('ReleaseChain')).lines).toEqual([
    'release-chain: test: the tests of words 1.2.0 pass', expect.stringMatching(/^release-chain: pack: 3 files packed, \d+ bytes$/), expect.stringMatching(/^release-chain: check: 3 files are as they were packed, .+\/1\.2\.0-[0-9a-f]{12}\.gz$/),
  ]);
});

test('with --break yes the test fails on purpose, and what needs it never runs', async () => {
  const project = newProject();
  const file = join(project.definitions, 'ReleaseChain.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('--break, "no"', '--break, "yes"'));
  const id = await project.startInBackground('ReleaseChain');
  expect(await project.finished(id)).toMatchObject({ state: 'Failed', statusMessage: 'step "test" failed: the command exited with code 1' });
  expect((await project.jobs(String(id), '--include-child-job')).slice(1).map(({ name, reason }) => [name, reason])).toEqual([['test', 'exit'], ['pack', 'dependency'], ['check', 'dependency']]);
  expect((await project.run('receive-job', [String(id)])).stderr).toContain('release-chain: test: a test fails on purpose: --break says so\n');
});

test('a project whose tests fail is not packed, and what failed is said', async () => {
  const project = newProject();
  writeFileSync(join(project.definitions, 'samples/release-chain/src/words.mjs'), 'export const countWords = () => [];\n');
  const { code, stderr } = await project.start('ReleaseChain');
  expect(code).toBe(10);
  expect(stderr).toContain('release-chain: test: the tests of words fail:');
});
