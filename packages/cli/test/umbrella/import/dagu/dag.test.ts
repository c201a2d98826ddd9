import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readDagu } from '../../../../src/umbrella/import/dagu/dag.ts';
import type { Draft } from '../../../../src/umbrella/import/draft.ts';
import { sourceOf } from '../../../../src/umbrella/import/source-file.ts';
import { complaint } from '../../../complaint.ts';

const read = (dag: object, ...more: object[]): Draft => readDagu(sourceOf('dir/etl.yaml', JSON.stringify(dag, null, 2)), [dag, ...more]).drafts[0] as Draft;
const steps = (...list: unknown[]): Draft => read({ schedule: '0 3 * * *', steps: list });
const lost = (draft: Draft): string[] => draft.remarks.filter(({ severity }) => severity !== 'note').map(({ text }) => text);

function run({ job }: Draft): string {
  const { stdout, status } = spawnSync(job.shell ?? 'sh', ['-c', job.scriptBlock as string, 'sh', ...(job.argumentList ?? [])], { env: { ...process.env, HOME: '/home/x', ...job.environment }, encoding: 'utf8', cwd: '/' });
  return `${stdout}${status}`;
}

describe('a workflow', () => {
  test.each([
    [{ name: 'my etl' }, 'my etl'],
    [{}, 'etl'],
  ])('with %j is called %s', (dag, name) => {
    expect(read({ ...dag, steps: ['x'] }).names.find((wish) => wish !== '')).toBe(name);
  });

  test.each([
    ['0 3 * * *', [{ cron: '0 3 * * *' }]],
    [['0 3 * * *', '5/10 * * * *'], [{ cron: '0 3 * * *' }, { cron: '5-59/10 * * * *' }]],
    [{ start: '0 3 * * *' }, [{ cron: '0 3 * * *' }]],
    [{ start: ['0 3 * * *', { at: '2031-01-01T00:00:00Z' }] }, [{ cron: '0 3 * * *' }, { once: { at: '2031-01-01T00:00:00Z' } }]],
    [[{ expression: '0 3 * * *' }, { kind: 'at', at: '2031-01-01T00:00:00Z' }], [{ cron: '0 3 * * *' }, { once: { at: '2031-01-01T00:00:00Z' } }]],
    ['CRON_TZ=Asia/Tokyo 0 9 * * *', [{ cron: '0 9 * * *', timeZone: 'Asia/Tokyo' }]],
  ])('with the schedule %j is due by %j', (schedule, triggers) => {
    expect(read({ schedule, steps: ['x'] }).triggers.map(({ value }) => value)).toEqual(triggers);
  });

  test.each([[{ start: '0 8 * * *', stop: '0 18 * * *' }], [{ restart: ['0 1 * * *'] }], [['']], [[7, {}]], ['0 0 3 * * *']])('with the schedule %j has lost a trigger', (schedule) => {
    expect(read({ schedule, steps: ['x'] }).remarks).toContainEqual(expect.objectContaining({ severity: 'trigger-lost' }));
  });

  test.each([
    [{}, { multipleInstancePolicy: 'IgnoreNew', catchUp: { policy: 'skip' } }],
    [{ timeoutSec: 60 }, { timeout: '1m' }],
    [{ timeout_sec: 60, max_clean_up_time_sec: 5 }, { timeout: '1m', gracePeriod: '5s' }],
    [{ catchup_window: '2d12h' }, { catchUp: { policy: 'all', window: '2d12h' } }],
    [{ catchupWindow: '6h', overlapPolicy: 'latest' }, { catchUp: { policy: 'latest', window: '6h' } }],
    [{ retry_policy: { limit: 3, interval_sec: '60' } }, { retry: { limit: 3, delay: '1m', factor: 1 } }],
    [{ retry_policy: { limit: 3, interval_sec: 600, backoff: true } }, { retry: { limit: 3, delay: '10m', factor: 2, maxDelay: '40m' } }],
    [{ retry_policy: { limit: 3, interval_sec: 60, backoff: 1.5, max_interval_sec: 90 } }, { retry: { limit: 3, delay: '1m', factor: 1.5, maxDelay: '1m30s' } }],
  ])('with %j has the options %j', (dag, options) => {
    expect(read({ ...dag, steps: ['x'] }).options).toMatchObject(options);
  });

  test('of one step takes the limits of that step', () => {
    expect(steps({ command: 'x', timeoutSec: 90, retryPolicy: { limit: 2, intervalSec: 5 } }).options).toMatchObject({ timeout: '1m30s', retry: { limit: 2, delay: '5s' } });
  });

  test.each([
    ['first "second one" DAY=monday N=5', { argumentList: ['first', 'second one'], environment: { DAY: 'monday', N: '5' } }],
    [['a', 'DAY=monday'], { argumentList: ['a'], environment: { DAY: 'monday' } }],
    [[{ DAY: 'monday' }, { name: 'N', default: 5, type: 'integer' }], { environment: { DAY: 'monday', N: '5' } }],
    [{ DAY: 'monday' }, { environment: { DAY: 'monday' } }],
  ])('with the parameters %j has %j', (params, job) => {
    expect(read({ params, steps: ['x'] }).job).toMatchObject(job);
  });

  test.each([
    [{ handlerOn: { failure: { command: 'x' } } }, 'handlerOn (failure)'],
    [{ handler_on: { exit: { command: 'x' } } }, 'handler_on (exit)'],
    [{ precondition: [{ condition: 'x' }] }, 'precondition has no equal'],
    [{ preconditions: 'x' }, 'preconditions has no equal'],
    [{ skipIfSuccessful: true }, 'skipIfSuccessful'],
    [{ container: { image: 'x' } }, 'container'],
    [{ dotenv: '.env' }, 'dotenv'],
    [{ params: { schema: 'x.json' } }, 'params with a schema'],
    [{ secrets: [{ name: 'A', provider: 'vault', key: 'b' }] }, 'the secret "A" from "vault"'],
    [{ catchup_window: 'often' }, 'catchup_window'],
  ])('with %j has lost something', (dag, text) => {
    expect(lost(read({ ...dag, steps: ['x'] }))).toEqual([expect.stringContaining(text)]);
  });

  test.each([[{ mailOn: { failure: true } }], [{ histRetentionDays: 3 }], [{ max_active_runs: 2 }], [{ logDir: '/x' }], [{ skipIfSuccessful: false }], [{ dotenv: [] }]])('with %j does the same work', (dag) => {
    expect(lost(read({ ...dag, steps: ['x'] }))).toEqual([]);
  });

  test('refers to secrets as it did', () => {
    expect(read({ secrets: [{ name: 'A', provider: 'env', key: 'B' }, { name: 'C', provider: 'file', key: '/x' }], steps: ['x'] }).job.secrets).toEqual({ A: 'env:B', C: 'file:/x' });
  });

  test('that shares its file with another is the first', () => {
    const { drafts, remarks } = readDagu(sourceOf('f', 'steps: []\n---\nsteps: []\n'), [{ steps: ['x'] }, { steps: ['y'] }]);
    expect([drafts.length, remarks[0]?.place]).toEqual([1, 'f:3']);
  });

  test.each([[{}], [{ steps: 'x' }]])('%j is none', (dag) => {
    expect(complaint(() => read(dag))).toMatchObject({ code: 'DefinitionSyntaxError' });
  });
});

describe('steps', () => {
  test('in every form run in order', () => {
    expect(run(steps('echo a', { command: 'echo b' }, { script: 'echo c\necho d\n' }, { command: ['echo e', 'echo f'] }, { exec: { command: 'printf', args: ['%s\n', 'g $HOME'] } }))).toBe('a\nb\nc\nd\ne\nf\ng $HOME\n0');
  });

  test('by name are steps too', () => {
    expect(run(read({ steps: { two: { command: 'echo two', depends: 'one' }, one: { command: 'echo one' } } }))).toBe('one\ntwo\n0');
  });

  test('wait for what they depend on, and are noted where they ran side by side', () => {
    const diamond = steps({ name: 'd', command: 'echo d', depends: ['b', 'c'] }, { name: 'b', command: 'echo b', depends: ['a'] }, { name: 'c', command: 'echo c', depends: ['a'] }, { name: 'a', command: 'echo a' });
    expect(run(diamond)).toBe('a\nb\nc\nd\n0');
    expect(diamond.remarks.map(({ text }) => text)).toContainEqual(expect.stringContaining('side by side'));
    expect(lost(steps({ name: 'a', command: 'x', depends: ['b'] }, { name: 'b', command: 'x', depends: ['a'] }))).toHaveLength(1);
  });

  test('have variables that a shell works out, in order', () => {
    const dag = read({ env: [{ LOGS: '${HOME}/logs' }, { DAY: '`echo monday`' }, 'PLAIN=a b'], steps: [{ command: 'echo "$LOGS $DAY $PLAIN $MINE"', env: { MINE: '<$DAY>' } }, 'echo "[$MINE]"'] });
    expect(run(dag)).toBe('/home/x/logs monday a b <monday>\n[]\n0');
    expect(dag.job.environment).toEqual({ PLAIN: 'a b' });
  });

  test('hand their output on', () => {
    expect(run(steps({ command: 'echo 7', output: 'ROWS' }, { command: 'echo "rows $ROWS"' }))).toBe('7\nrows 7\n0');
  });

  test('end with the first that fails, unless it may', () => {
    expect(run(steps('exit 3', 'echo never'))).toBe('3');
    expect(run(steps({ command: 'exit 3', continueOn: { failure: true } }, 'echo on'))).toBe('on\n0');
    expect(run(steps({ command: 'exit 3', continue_on: 'failed' }, 'echo on'))).toBe('on\n0');
  });

  test('work in their folders', () => {
    expect(run(read({ working_dir: '/tmp', steps: ['pwd', { command: 'pwd', dir: '/usr' }] }))).toBe('/tmp\n/usr\n0');
  });

  test('have the shell that they ask for', () => {
    expect(run(steps('echo a', { shell: 'bash', command: '[[ x == x ]] && echo b' }, { command: 'python3', script: 'print("c")' }, { script: '#!/usr/bin/env python3\nprint("d")' }))).toBe('a\nb\nc\nd\n0');
    expect(read({ shell: '/bin/bash -e', steps: ['x'] }).job).toMatchObject({ shell: 'bash' });
  });

  test.each([
    [{ type: 'docker', command: 'x' }, 'of the type docker'],
    [{ executor: { type: 'http' }, command: 'x' }, 'of the type http'],
    [{ run: 'child' }, 'calls "child"'],
    [{ call: 'child' }, 'calls "child"'],
    [{ command: 'x', preconditions: ['y'] }, 'was left out'],
    [{ command: 'x', repeatPolicy: { repeat: true } }, 'repeatPolicy'],
    [{ command: ['echo', 'a b'] }, 'is a list'],
    [{ command: 'x ${DAG_NAME}' }, 'DAG_NAME'],
    [{ name: 'empty' }, 'has no command'],
  ])('with %j have lost something', (step, text) => {
    expect(lost(steps(step, 'echo on'))).toEqual([expect.stringContaining(text)]);
  });

  test('that cannot be carried over fail instead of being passed over', () => {
    expect(run(steps({ type: 'docker', command: 'x' }, 'echo never'))).toBe('1');
    expect(run(steps({ command: 'x', preconditions: ['y'] }))).toBe('1');
  });
});
