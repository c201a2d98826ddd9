import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { jobSelector } from '../../src/options/job-selector.ts';
import { parse } from '../../src/options/parse.ts';
import { getJob } from '../../src/verbs/get-job.ts';
import { stopJob } from '../../src/verbs/stop-job.ts';
import { complaint } from '../complaint.ts';

const selected = (...argv: string[]) => jobSelector(parse(stopJob.table, argv), false);
const listed = (...argv: string[]) => jobSelector(parse(getJob.table, argv), true);

describe('jobs are selected', () => {
  test.each([
    ['by nothing', [], {}],
    ['by words', ['7', 'Build', '0198c0de-0000-7000-8000-000000000001'], { words: ['7', 'Build', '0198c0de-0000-7000-8000-000000000001'] }],
    ['by words behind the dashes', ['--', '-x', '7'], { words: ['-x', '7'] }],
    ['by an id with noughts before it', ['007'], { words: ['7'] }],
    ['by ids', ['--id', '1,2', '--id', '3'], { ids: [1, 2, 3] }],
    ['by the greatest id', ['--id', '9007199254740991'], { ids: [9_007_199_254_740_991] }],
    ['by instance ids', ['--instance-id', 'a,b'], { instanceIds: ['a', 'b'] }],
    ['by names with wildcards', ['--name', 'B*,[ab]?'], { names: ['B*', '[ab]?'] }],
    ['by states, without case', ['--state', 'running,COMPLETED'], { states: ['Running', 'Completed'] }],
    ['by command', ['--command', 'make *, all'], { command: 'make *, all' }],
    ['by several filters', ['--filter', 'name=a,b', '--filter', 'location=x=y'], { filters: [['name', 'a,b'], ['location', 'x=y']] }],
    ['by a filter with an empty value', ['--filter', 'reason='], { filters: [['reason', '']] }],
    ['by a filter of time', ['--filter', 'BEFORE=2026-11-22T03:00:00Z'], { filters: [['BEFORE', '2026-11-22T03:00:00.000Z']] }],
  ])('%s', (_, argv, selector) => {
    expect(selected(...argv)).toEqual(selector);
  });
});

describe('a selector is refused', () => {
  test.each([
    ['a fraction', ['--id', '1.5'], 'ParameterArgumentTransformationError'],
    ['a word for an id', ['--id', 'Build'], 'ParameterArgumentTransformationError'],
    ['hexadecimal digits', ['--id', '0x7'], 'ParameterArgumentTransformationError'],
    ['an empty id', ['--id', '1,,2'], 'ParameterArgumentTransformationError'],
    ['a blank', ['--id', ' 1'], 'ParameterArgumentTransformationError'],
    ['an id of nought', ['--id', '0'], 'ParameterArgumentValidationError'],
    ['a negative id', ['--id', '-1'], 'ParameterArgumentValidationError'],
    ['an id beyond counting', ['--id', '9007199254740993'], 'ParameterArgumentValidationError'],
    ['nought as a word', ['0'], 'ParameterArgumentValidationError'],
    ['no state', ['--state', 'Flying'], 'ParameterArgumentValidationError'],
    ['a filter without a value', ['--filter', 'name'], 'ParameterArgumentTransformationError'],
    ['a filter without a key', ['--filter', '=x'], 'ParameterArgumentTransformationError'],
    ['a filter by no time', ['--filter', 'after=yesterday'], 'ParameterArgumentTransformationError'],
  ])('%s: %j', (_, argv, code) => {
    expect(complaint(() => selected(...argv)).code).toBe(code);
  });

  const ways = ['7', '--id=7', '--instance-id=x', '--name=x', '--state=Running', '--command=x', '--filter=name=x'];
  const pairs = ways.flatMap((one, at) => ways.slice(at + 1).map((other) => [one, other] as const));

  test.each(pairs)('two ways in one call: %s %s', (one, other) => {
    expect(complaint(() => selected(one, other)).code).toBe('AmbiguousParameterSet');
  });

  test.each(pairs.filter(([one, other]) => /state|command/.test(one + other)))('but get-job narrows by state and command: %s %s', (one, other) => {
    expect(Object.keys(listed(one, other))).toHaveLength(2);
  });

  test.each(pairs.filter(([one, other]) => !/state|command/.test(one + other)))('and get-job refuses all other pairs: %s %s', (one, other) => {
    expect(complaint(() => listed(one, other)).code).toBe('AmbiguousParameterSet');
  });
});

describe('a verb that is told no job', () => {
  const script = `
    const { jobsFor } = await import(${JSON.stringify(new URL('../../src/options/job-selector.ts', import.meta.url).href)});
    const { parse } = await import(${JSON.stringify(new URL('../../src/options/parse.ts', import.meta.url).href)});
    const { waitJob } = await import(${JSON.stringify(new URL('../../src/verbs/wait-job.ts', import.meta.url).href)});
    try { console.log(JSON.stringify(jobsFor('wait-job', parse(waitJob.table, process.argv.slice(1))))); } catch (error) { console.log(error.code + ': ' + error.hint); }`;
  const told = (stdin: 'pipe' | 'ignore', ...words: string[]): string =>
    spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', script, '--', ...words], { stdio: [stdin, 'pipe', 'inherit'], encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) }).stdout.trim();

  test("behind a pipe hears how PowerShell's pipeline is written", () => {
    expect(told('pipe')).toBe("MissingMandatoryParameter: PowerShell's pipeline is written get-job -o id | wait-job -");
  });

  test('asks its host for none where nothing is piped in, or the pipe is empty', () => {
    expect(told('ignore')).toBe('{}');
    expect(told('pipe', '-')).toBe('{"words":[]}');
  });
});

describe('ids come from standard input', () => {
  const script = `
    const { jobSelector } = await import(${JSON.stringify(new URL('../../src/options/job-selector.ts', import.meta.url).href)});
    const { parse } = await import(${JSON.stringify(new URL('../../src/options/parse.ts', import.meta.url).href)});
    const { stopJob } = await import(${JSON.stringify(new URL('../../src/verbs/stop-job.ts', import.meta.url).href)});
    try { console.log(JSON.stringify(jobSelector(parse(stopJob.table, ['-', '9']), false))); } catch (error) { console.log(error.code); }`;
  const from = (input: string): string =>
    spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], { input, encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) }).stdout.trim();

  test.each([
    ['one a line', '7\n8\n', '{"words":["7","8","9"]}'],
    ['nothing', '', '{"words":["9"]}'],
    ['an array of jobs', '[{"id":7,"name":"a"},{"id":8}]', '{"words":["7","8","9"]}'],
    ['jobs one a line', '{"id":7}\n{"id":8}\n', '{"words":["7","8","9"]}'],
    ['one job over several lines', '[\n  {\n    "id": 7\n  }\n]\n', '{"words":["7","9"]}'],
    ['an empty array', '[]', '{"words":["9"]}'],
    ['a table', 'Id  Name\n7   Build\n', 'ParameterArgumentTransformationError'],
    ['nought', '0\n', 'ParameterArgumentValidationError'],
    ['a job without an id', '{"name":"a"}', 'ParameterArgumentTransformationError'],
    ['the one job that start-job printed', '{"id":7}', '{"words":["7","9"]}'],
  ])('as %s', (_, input, selector) => {
    expect(from(input)).toBe(selector);
  });
});
