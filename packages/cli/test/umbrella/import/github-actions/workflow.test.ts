import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../../src/umbrella/import/draft.ts';
import { readGithubActions } from '../../../../src/umbrella/import/github-actions/workflow.ts';
import { sourceOf } from '../../../../src/umbrella/import/source-file.ts';
import { complaint } from '../../../complaint.ts';

const SCHEDULE = { schedule: [{ cron: '0 3 * * *' }] };
const readAll = (workflow: object, file = 'dir/nightly.yml') => readGithubActions(sourceOf(file, JSON.stringify(workflow, null, 2)), [workflow]);
const read = (job: object, workflow: object = {}): Draft => readAll({ on: SCHEDULE, jobs: { build: { steps: [{ run: 'make' }], ...job } }, ...workflow }).drafts[0] as Draft;
const lost = (draft: Draft): string[] => draft.remarks.filter(({ severity }) => severity !== 'note').map(({ text }) => text);

/** What the job prints, and how it ends. */
function run({ job }: Draft, env: Readonly<Record<string, string>> = {}): string {
  const { stdout, status } = spawnSync('bash', ['--noprofile', '--norc', '-c', job.scriptBlock as string], { env: { ...process.env, ...job.environment, ...env }, encoding: 'utf8', cwd: '/' });
  return `${stdout}${status}`;
}

describe('a workflow', () => {
  test('gives each job a definition with every cron, in UTC unless a zone is named', () => {
    const { drafts } = readAll({ name: 'W', on: { schedule: [{ cron: '0 3 * * *' }, { cron: '30 9 * * 1-5', timezone: 'America/New_York' }] }, jobs: { a: { steps: [{ run: 'x' }] }, b: { steps: [{ run: 'y' }] } } });
    expect(drafts.map(({ names }) => names[0])).toEqual(['W a', 'W b']);
    expect(drafts[1]?.triggers.map(({ value }) => value)).toEqual([{ cron: '0 3 * * *', timeZone: 'UTC' }, { cron: '30 9 * * 1-5', timeZone: 'America/New_York' }]);
  });

  test('without a name is called like its file, with one job by that alone', () => {
    expect(read({}).names[0]).toBe('nightly');
  });

  test('says which events start nothing here', () => {
    expect(readAll({ on: { push: null, ...SCHEDULE }, jobs: { a: { steps: [{ run: 'x' }] } } }).remarks).toMatchObject([{ severity: 'note', text: expect.stringContaining('push starts nothing') }]);
    expect(readAll({ on: 'push', jobs: { a: { steps: [{ run: 'x' }] } } }).remarks).toHaveLength(2);
  });

  test('leaves out a job without a command, which is a lost trigger where there is one', () => {
    const jobs = { a: { uses: './x.yml' } };
    expect(readAll({ on: SCHEDULE, jobs })).toMatchObject({ drafts: [], remarks: [{ severity: 'trigger-lost' }] });
    expect(readAll({ on: 'push', jobs }).remarks.map(({ severity }) => severity)).toEqual(['note', 'note', 'lost']);
  });

  test.each([[{}], [{ on: SCHEDULE }], [{ jobs: ['a'] }]])('%j is none', (value) => {
    expect(complaint(() => readAll(value))).toMatchObject({ code: 'DefinitionSyntaxError' });
  });
});

describe('a job', () => {
  test.each([
    [{}, { multipleInstancePolicy: 'Parallel', catchUp: { policy: 'skip' } }],
    [{ 'timeout-minutes': 5 }, { timeout: '5m' }],
    [{ concurrency: 'x' }, { multipleInstancePolicy: 'Queue' }],
    [{ concurrency: { group: 'x', 'cancel-in-progress': true } }, { multipleInstancePolicy: 'StopExisting' }],
  ])('with %j has the options %j', (job, options) => {
    expect(read(job).options).toMatchObject(options);
  });

  test.each([
    [{ if: 'x' }, 'if has no equal'],
    [{ needs: ['a'] }, 'needs: a'],
    [{ strategy: { matrix: {} } }, 'strategy has no equal'],
    [{ container: 'x' }, 'container has no equal'],
    [{ services: {} }, 'services has no equal'],
    [{ 'runs-on': 'ubuntu-latest' }, 'runs-on: ubuntu-latest'],
    [{ steps: [{ uses: 'actions/checkout@v4' }, { run: 'x' }] }, 'uses: actions/checkout@v4'],
    [{ steps: [{ run: 'x' }, { run: 'y', if: 'failure()' }] }, 'was left out'],
    [{ steps: [{ run: 'echo ${{ github.sha }}' }] }, '"github.sha" became the variable GITHUB_SHA'],
    [{ steps: [{ run: 'echo >> $GITHUB_ENV' }] }, 'GITHUB_ENV'],
    [{ steps: [{ run: 'x', shell: 'fish {0}' }] }, 'shell: "fish {0}"'],
    [{ env: { A: 'x${{ vars.B }}' } }, 'the variable "A" has an expression'],
  ])('with %j has lost something', (job, text) => {
    expect(lost(read(job))).toEqual([expect.stringContaining(text)]);
  });

  test('leaves no expression where it would be refused', () => {
    const draft = read({ env: { A: '${{ secrets.B }}' }, steps: [{ name: 'on ${{ matrix.x }}', run: 'echo ${{ matrix.x }} ${{ inputs[0] }}', 'working-directory': '${{ env.D }}' }, { run: 'x' }] });
    expect(JSON.stringify(draft.job)).not.toContain('{{');
    expect(draft.job.secrets).toEqual({ A: 'env:B' });
  });

  test('never runs a command with a hole in it', () => {
    expect(run(read({ steps: [{ run: 'echo before\nrm -rf ${{ inputs.folder }}/x\necho after' }] }))).toBe('before\n1');
    expect(run(read({ steps: [{ run: 'echo ${{ inputs.folder }}' }] }), { INPUTS_FOLDER: 'f' })).toBe('f\n0');
  });

  test('has the variables of workflow, job and step, each where it counts', () => {
    const steps = [{ run: 'echo "$A $B $C"', env: { B: 'step', C: 'it\'s "q"' } }, { run: 'echo "$A $B [$C] ${{ env.A }}"' }];
    expect(run(read({ env: { A: 'job' }, steps }, { env: { A: 'workflow', B: 'workflow' } }))).toBe('job step it\'s "q"\njob workflow [] job\n0');
  });

  test('ends at the first command that fails, pipes included where bash was asked for', () => {
    expect(run(read({ steps: [{ run: 'false | true; echo on' }, { run: 'echo next' }] }))).toBe('on\nnext\n0');
    expect(run(read({ steps: [{ run: 'false | true; echo on', shell: 'bash' }, { run: 'echo next' }] }))).toBe('1');
    expect(run(read({ steps: [{ run: 'false\necho on', 'continue-on-error': true }, { run: 'echo next' }] }))).toBe('next\n0');
  });

  test('works in the folder of the step, of the job, of the workflow', () => {
    const defaults = { run: { 'working-directory': '/tmp' } };
    expect(run(read({ steps: [{ run: 'pwd' }, { run: 'pwd', 'working-directory': '/usr' }] }, { defaults }))).toBe('/tmp\n/usr\n0');
    expect(run(read({ defaults: { run: { 'working-directory': '/usr' } } , steps: [{ run: 'pwd' }] }, { defaults }))).toBe('/usr\n0');
  });

  test('of which every step was left out fails', () => {
    expect(run(read({ steps: [{ run: 'echo x', if: 'failure()' }] }))).toBe('1');
  });

  test('runs Python by Python', () => {
    expect(read({ steps: [{ run: 'print(1)\n', shell: 'python' }] }).job).toEqual({ shell: 'python3', scriptBlock: 'print(1)' });
    expect(run(read({ steps: [{ run: 'print("a")', shell: 'python' }, { run: 'echo b' }] }))).toBe('a\nb\n0');
  });
});
