import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openNightshift, type HostOptions, type Nightshift } from '../src/index.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

function open(more: HostOptions = {}): Nightshift & { readonly root: string } {
  const root = temporaryFolder();
  const environment = { PATH: process.env['PATH'] as string, HOME: root, NIGHTSHIFT_STATE_DIR: join(root, 'state'), FOLDER: `${root}/` };
  write(join(root, 'a.sh'), 'echo a "$@"\n');
  write(join(root, 'b.sh'), 'echo b\n');
  write(join(root, 'below/c.sh'), 'echo c\n');
  return { ...openNightshift({ environment, workingDirectory: root, ...more }), root };
}

/** A verb as a program calls it that no compiler has looked at. */
type Anything = (...words: readonly unknown[]) => Promise<unknown>;

async function refusal(verb: 'startJob' | 'getJobs' | 'waitJob' | 'stopJob' | 'suspendJob' | 'resumeJob' | 'removeJob', ...words: readonly unknown[]) {
  const nightshift = open();
  const answer = (nightshift[verb] as Anything)(...words);
  expect(answer).toBeInstanceOf(Promise);
  const complaint = await complaintOf(() => answer);
  expect(await nightshift.getJobs()).toEqual([]);
  return complaint;
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function output(nightshift: Nightshift, id: number): Promise<unknown[]> {
  return (await collected(nightshift.receiveJob(id, { follow: true }))).map(({ value }) => value);
}

describe('startJob refuses, before there is a job,', () => {
  test.each([
    ['nothing', undefined, 'MissingMandatoryParameter'],
    ['null', null, 'MissingMandatoryParameter'],
    ['a program without a name', [], 'MissingMandatoryParameter'],
    ['an empty object', {}, 'MissingMandatoryParameter'],
    ['a shell without a text', { shell: 'sh' }, 'MissingMandatoryParameter'],
    ['a bare text', 'true', 'ParameterArgumentTransformationError'],
    ['a number', 7, 'ParameterArgumentTransformationError'],
    ['a word that is no text', ['echo', 5], 'ParameterArgumentTransformationError'],
    ['a word that is missing', ['echo', undefined], 'ParameterArgumentTransformationError'],
    ['a word with a NUL byte', ['echo', 'a\0b'], 'ArgumentInvalid'],
    ['a word too long', ['echo', 'x'.repeat(131_072)], 'ArgumentInvalid'],
    ['an empty text', { scriptBlock: '' }, 'ParameterArgumentValidationError'],
    ['a text that is none', { scriptBlock: 5 }, 'ParameterArgumentTransformationError'],
    ['a text and a file', { scriptBlock: 'a', filePath: 'a.sh' }, 'AmbiguousParameterSet'],
    ['a shell for a file', { filePath: 'a.sh', shell: 'sh' }, 'AmbiguousParameterSet'],
    ['an unknown shell', { scriptBlock: 'a', shell: 'fish' }, 'ParameterArgumentValidationError'],
    ['a shell and a runtime', { scriptBlock: 'a', shell: 'sh', runtime: 'sh' }, 'InvalidParameterCombination'],
    ['a runtime that is none', { scriptBlock: 'a', runtime: 'node@x' }, 'ParameterArgumentValidationError'],
    ['a runtime that is not there', { scriptBlock: 'a', runtime: 'no-such-runtime' }, 'RuntimeNotFound'],
    ['a misspelt key', { scriptblock: 'a' }, 'NamedParameterNotFound'],
    ['a key that nobody knows', { filePath: 'a.sh', nonsense: 1 }, 'NamedParameterNotFound'],
    ['a file that is missing', { filePath: 'missing.sh' }, 'FilePathNotFound'],
    ['a pattern of two files', { filePath: '*.sh' }, 'FilePathNotSingle'],
    ['an empty name of a definition', { definitionName: '' }, 'ParameterArgumentValidationError'],
    ['a definition of nobody', { definitionName: 'Nightly', definitionPath: 'below' }, 'StartJobFromDefinitionNameNotFound'],
    ['a definition path that is missing', { definitionName: 'Nightly', definitionPath: 'missing' }, 'DirectoryNotFoundException'],
  ])('%s: %j', async (_what, what, code) => {
    expect(await refusal('startJob', what)).toMatchObject({ code });
  });

  test.each([
    [null, 'ParameterArgumentTransformationError'],
    ['5m', 'ParameterArgumentTransformationError'],
    [{ nonsense: 1 }, 'NamedParameterNotFound'],
    [{ name: 5 }, 'ParameterArgumentTransformationError'],
    [{ name: 'x'.repeat(257) }, 'ParameterArgumentValidationError'],
    [{ name: 'a\0b' }, 'ArgumentInvalid'],
    [{ timeout: -1 }, 'DurationInvalid'],
    [{ timeout: Number.NaN }, 'DurationInvalid'],
    [{ timeout: Infinity }, 'DurationInvalid'],
    [{ timeout: '5' }, 'DurationInvalid'],
    [{ timeout: {} }, 'DurationInvalid'],
    [{ gracePeriod: -1 }, 'DurationInvalid'],
    [{ environment: { 'A=B': 'x' } }, 'ParameterArgumentValidationError'],
    [{ environment: { '': 'x' } }, 'ParameterArgumentValidationError'],
    [{ environment: { A: {} } }, 'ParameterArgumentTransformationError'],
    [{ environment: { A: 'a\0b' } }, 'ArgumentInvalid'],
    [{ environment: ['A=x'] }, 'ParameterArgumentTransformationError'],
    [{ inputObject: 'line' }, 'ParameterArgumentTransformationError'],
    [{ inputObject: [5] }, 'ParameterArgumentTransformationError'],
    [{ initializationScript: 5 }, 'ParameterArgumentTransformationError'],
    [{ successExitCodes: [256] }, 'ParameterArgumentValidationError'],
    [{ successExitCodes: 3 }, 'ParameterArgumentTransformationError'],
    [{ outputFormat: 'json' }, 'ParameterArgumentValidationError'],
    [{ mergeStreams: 'yes' }, 'ParameterArgumentTransformationError'],
    [{ persist: 1 }, 'ParameterArgumentTransformationError'],
    [{ workingDirectory: '/nope' }, 'DirectoryNotFoundException'],
    [{ workingDirectory: 'a.sh' }, 'DirectoryNotFoundException'],
    [{ workingDirectory: ' ' }, 'ParameterArgumentValidationError'],
    [{ argumentList: ['x'] }, 'InvalidParameterCombination'],
  ])('a program with %j', async (options, code) => {
    expect(await refusal('startJob', ['true'], options)).toMatchObject({ code });
  });

  test.each([[{ argumentList: 'abc' }], [{ argumentList: [{}] }], [{ argumentList: [null] }]])('a text with %j', async (options) => {
    expect(await refusal('startJob', { scriptBlock: 'a' }, options)).toMatchObject({ code: 'ParameterArgumentTransformationError' });
  });

  test.each([[{ name: 'x' }], [{ argumentList: [] }], [{ timeout: '5m' }]])('a definition with %j, which it says itself', async (options) => {
    expect(await refusal('startJob', { definitionName: 'Nightly' }, options)).toMatchObject({ code: 'AmbiguousParameterSet' });
  });

  test('a misspelt option, and says what was meant', async () => {
    expect(await refusal('startJob', ['true'], { enviroment: {} })).toMatchObject({ code: 'NamedParameterNotFound', hint: 'did you mean environment?' });
  });
});

describe('startJob takes', () => {
  test('what the types allow, and options that are undefined as not given', async () => {
    await using nightshift = open();
    const job = await nightshift.startJob(
      { scriptBlock: 'echo "$1 $2 $A $B $__proto__"', shell: undefined } as never,
      { argumentList: [1, true], environment: JSON.parse('{"A":1,"B":false,"__proto__":"p"}') as Record<string, number>, name: 'x', timeout: '5m', gracePeriod: 0, successExitCodes: [0, 255], outputFormat: 'text', mergeStreams: true, workingDirectory: 'below', persist: undefined } as never,
    );
    expect(await output(nightshift, job.id)).toEqual(['1 true 1 false p']);
  });

  test('a path from where the program stands, wherever the job starts', async () => {
    await using nightshift = open();
    const job = await nightshift.startJob({ filePath: 'a.*' }, { workingDirectory: 'below', argumentList: ['x'] });
    expect(job.command).toBe(join(nightshift.root, 'a.sh'));
    expect(await output(nightshift, job.id)).toEqual(['a x']);
  });
});

describe('jobs are refused', () => {
  test.each([
    [{ states: ['Bogus'] }, 'ParameterArgumentValidationError'],
    [{ states: 'Running' }, 'ParameterArgumentTransformationError'],
    [{ state: 'Running' }, 'NamedParameterNotFound'],
    [{ ids: ['x'] }, 'ParameterArgumentTransformationError'],
    [{ ids: [0] }, 'ParameterArgumentValidationError'],
    [{ names: [5] }, 'ParameterArgumentTransformationError'],
    [{ names: 'x' }, 'ParameterArgumentTransformationError'],
    [{ command: 5 }, 'ParameterArgumentTransformationError'],
    [{ filters: [['nonsense', 'x']] }, 'ParameterArgumentValidationError'],
    [{ filters: [['name']] }, 'ParameterArgumentTransformationError'],
    [{ filters: [['before', 'yesterday']] }, 'ParameterArgumentTransformationError'],
    [0, 'ParameterArgumentValidationError'],
    [-1, 'ParameterArgumentValidationError'],
    [1.5, 'ParameterArgumentTransformationError'],
    ['0', 'ParameterArgumentValidationError'],
    [true, 'ParameterArgumentTransformationError'],
    [[{}], 'ParameterArgumentTransformationError'],
    [null, 'MissingMandatoryParameter'],
  ])('%j by every verb', async (jobs, code) => {
    for (const verb of ['getJobs', 'waitJob', 'stopJob', 'suspendJob', 'resumeJob', 'removeJob'] as const) expect(await refusal(verb, jobs)).toMatchObject({ code });
    expect(await complaintOf(() => collected(open().receiveJob(jobs as never)))).toMatchObject({ code });
  });

  test.each(['waitJob', 'stopJob', 'suspendJob', 'resumeJob', 'removeJob'] as const)('by %s when nobody says which', async (verb) => {
    expect(await refusal(verb)).toMatchObject({ code: 'MissingMandatoryParameter' });
    expect(await refusal(verb, {})).toMatchObject({ code: 'MissingMandatoryParameter' });
  });
});

describe('options are refused', () => {
  test.each([
    ['getJobs', { newest: 0 }, 'ParameterArgumentValidationError'],
    ['getJobs', { before: '2026-01-01' }, 'ParameterArgumentTransformationError'],
    ['getJobs', { children: 'some' }, 'ParameterArgumentValidationError'],
    ['getJobs', { nonsense: true }, 'NamedParameterNotFound'],
    ['waitJob', { timeout: -2 }, 'DurationInvalid'],
    ['waitJob', { any: 1 }, 'ParameterArgumentTransformationError'],
    ['waitJob', { signal: {} }, 'ParameterArgumentTransformationError'],
    ['waitJob', null, 'ParameterArgumentTransformationError'],
    ['stopJob', { gracePeriod: '1' }, 'DurationInvalid'],
    ['stopJob', { forse: true }, 'NamedParameterNotFound'],
    ['removeJob', { force: 'yes' }, 'ParameterArgumentTransformationError'],
  ] as const)('by %s: %j', async (verb, options, code) => {
    expect(await refusal(verb, '*', options)).toMatchObject({ code });
  });

  test.each([
    [{ streams: ['stdout'] }, 'ParameterArgumentValidationError'],
    [{ from: 'end' }, 'ParameterArgumentTransformationError'],
    [{ from: new Date(Number.NaN) }, 'ParameterArgumentTransformationError'],
    [{ tail: -1 }, 'ParameterArgumentValidationError'],
    [{ wait: true }, 'NamedParameterNotFound'],
    [null, 'ParameterArgumentTransformationError'],
  ])('by receiveJob: %j', async (options, code) => {
    expect(await complaintOf(() => collected(open().receiveJob('*', options as never)))).toMatchObject({ code });
  });

  test.each([
    [null, 'ParameterArgumentTransformationError'], [{ enviroment: {} }, 'NamedParameterNotFound'], [{ warn: true }, 'ParameterArgumentTransformationError'],
  ])('by openNightshift: %j', async (options, code) => {
    expect(await complaintOf(() => openNightshift(options as never))).toMatchObject({ code });
  });
});

test('waitJob with a timeout of -1 waits for the end', async () => {
  await using nightshift = open();
  const { id } = await nightshift.startJob({ scriptBlock: 'exit 3' });
  for (const timeout of [-1, '-1']) expect(await nightshift.waitJob(id, { timeout })).toMatchObject([{ state: 'Failed', exitCode: 3 }]);
});
