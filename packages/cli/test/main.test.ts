import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VERBS } from './tables.ts';

const RUN = fileURLToPath(new URL('run-verb.ts', import.meta.url));

function run(verb: string, words: readonly string[] = [], environment: Record<string, string> = {}) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'main-')));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', RUN, verb, ...words], {
    cwd: home, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home, NIGHTSHIFT_STATE_DIR: join(home, 'state'), ...environment },
  });
  return { status, stdout, stderr };
}

describe('the umbrella', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']]])('lists every verb: %j', (words) => {
    const { status, stdout, stderr } = run('-', words);
    expect([status, stderr]).toEqual([0, '']);
    for (const { table } of VERBS) expect(stdout).toMatch(new RegExp(`(?:^| )${table.name}(?: |$)`, 'm'));
  });

  test('says its version', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(run('-', ['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('takes every verb as its first word', () => {
    expect(run('-', ['get-job', '-o', 'json'])).toEqual({ status: 0, stdout: '[]\n', stderr: '' });
    expect(run('get-job', ['-o', 'json'])).toEqual({ status: 0, stdout: '[]\n', stderr: '' });
  });

  test('does not know a verb that is misspelt, and says the nearest', () => {
    expect(run('-', ['strat-job'])).toEqual({ status: 2, stdout: '', stderr: 'nightshift: CommandNotFoundException: there is no verb "strat-job"\n  hint: did you mean start-job?\n' });
    expect(run('-', ['xyzzy'])).toMatchObject({ status: 2, stderr: expect.stringContaining('hint: nightshift --help lists them') });
    expect(run('-', ['--color', 'never', 'get-job'])).toMatchObject({ status: 2, stderr: expect.stringContaining('hint: the verb comes first: nightshift VERB [options]') });
  });
});

describe('a verb', () => {
  test('shows its help, whatever else is given', () => {
    const { status, stdout } = run('start-job', ['--help', '--name', 'x']);
    expect([status, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^start-job: /)]);
  });

  test('complains in one line and a hint', () => {
    expect(run('start-job', ['--nmae', 'x'])).toEqual({ status: 2, stdout: '', stderr: 'start-job: NamedParameterNotFound: there is no option --nmae\n  hint: did you mean --name?\n' });
  });

  test.each([[['-o', 'json']], [['-o=json']], [['--output', 'jsonl']], [['--output=json']], [['--json']]])('complains in JSON with %j, also about its words', (words) => {
    const { status, stdout, stderr } = run('start-job', [...words, '--nmae']);
    expect([status, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'NamedParameterNotFound', file: null } });
  });

  test('does not take words behind the dashes for its own', () => {
    expect(run('start-job', ['--nmae', '--', '--json', '--debug']).stderr).toMatch(/^start-job: /);
  });

  test('shows a stack with --debug or NIGHTSHIFT_DEBUG=1, and never without', () => {
    expect(run('start-job', ['--nmae']).stderr).not.toMatch(/^\s+at /m);
    expect(run('start-job', ['--nmae', '--debug']).stderr).toMatch(/^\s+at /m);
    expect(run('start-job', ['--nmae'], { NIGHTSHIFT_DEBUG: '1' }).stderr).toMatch(/^\s+at /m);
    expect(run('start-job', ['--nmae'], { NIGHTSHIFT_DEBUG: '0' }).stderr).not.toMatch(/^\s+at /m);
  });

  test('runs a job to its end and leaves with its code', () => {
    expect(run('start-job', ['--wait', 'echo out; echo error >&2; exit 5'])).toEqual({ status: 5, stdout: 'out\n', stderr: expect.stringContaining('error\n') });
  });

  test('examines a machine on which nothing was ever started', () => {
    expect(run('doctor')).toMatchObject({ status: 0, stdout: expect.stringMatching(/ok +durable store/), stderr: '' });
  });
});
