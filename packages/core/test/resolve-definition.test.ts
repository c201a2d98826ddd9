import { JobError, type AnyJobType, type BrokenDefinition, type Definition, type DefinitionSource } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createRegistry, resolveDefinition, type DefinitionRequest, type Registry } from '../src/index.ts';
import { NO_FILES, briefJob, definitionOf, definitionsOf, jobError, pluginOf, shellJob, testTypes, timedJob } from './workbench.ts';

interface Asked {
  readonly files?: DefinitionSource;
  readonly types?: Registry;
}

function resolve(request: Partial<DefinitionRequest>, { files = definitionsOf(), types = testTypes }: Asked = {}): Promise<Definition> {
  return resolveDefinition({ types, definitions: async () => ({ source: files, files: NO_FILES, checkPaths: async () => {} }) }, { name: 'Nightly', warn: () => {}, ...request });
}

/** A type with definitions of its own. */
const owning = (source: DefinitionSource, name = 'OwnJob'): AnyJobType => ({ ...shellJob, name, aliases: [], definitions: source }) as AnyJobType;
const typesWith = (...types: readonly AnyJobType[]): Registry => createRegistry([pluginOf('nightshift-plugin-test', shellJob, timedJob, ...types)]);
const throwing: DefinitionSource = { ...definitionsOf(), find: () => Promise.reject(new Error('the database is away')) };
const broken = (facts: Partial<BrokenDefinition> = {}): BrokenDefinition => ({
  name: 'Nightly', location: '/project/definitions/Nightly.yaml', errors: [{ code: 'DefinitionKeyUnknown', message: 'Unknown key "x"', line: 3 }, { code: 'DefinitionValueInvalid', message: 'no', line: 5 }], ...facts,
});

describe('a definition', () => {
  test.each(['Nightly', 'nightly', 'NIGHTLY'])('is found by its name without case: %s', async (name) => {
    const definition = definitionOf();
    expect(await resolve({ name }, { files: definitionsOf(definition, definitionOf({ name: 'Other' })) })).toBe(definition);
  });

  test.each([
    ['its type', 'ShellJob'],
    ['its type in any case', 'shelljob'],
    ['an alias', 'PSShell'],
    ['a pattern', '*job'],
    ['a pattern that fits an alias', 'ps*'],
  ])('is found by %s', async (_how, typePattern) => {
    expect(await resolve({ typePattern }, { files: definitionsOf(definitionOf()) })).toMatchObject({ name: 'Nightly' });
  });

  test('of another type than the one asked for is not found', async () => {
    await expect(resolve({ typePattern: 'TimedJob' }, { files: definitionsOf(definitionOf()) })).rejects.toThrow(jobError('StartJobFromDefinitionNameNotFound', 'of type "TimedJob"'));
  });

  test('that is passed over is told of with its type, and of a type that keeps its own with what to write', async () => {
    const types = typesWith(owning({ ...definitionsOf(), places: ['crontab'] }));
    const hintOf = (typePattern: string | undefined, facts: Partial<Definition>): Promise<unknown> => resolve({ ...(typePattern && { typePattern }) }, { files: definitionsOf(definitionOf({ name: 'NIGHTLY', ...facts })), types }).then(() => 'found', ({ hint }) => hint);
    expect(await hintOf('TimedJob', {})).toBe('/project/definitions/NIGHTLY.yaml is a ShellJob');
    expect(await hintOf(undefined, { type: 'OwnJob' })).toBe('/project/definitions/NIGHTLY.yaml is a OwnJob, which looks for its own in crontab: write "type: ScheduledJob" and "job: { type: OwnJob, … }"');
  });

  test('is asked for in the folder that the caller names', async () => {
    const paths: (string | undefined)[] = [];
    const files: DefinitionSource = { ...definitionsOf(), find: async (_name, path) => (paths.push(path), [definitionOf()]) };
    await resolve({ path: '/elsewhere' }, { files });
    await resolve({}, { files });
    expect(paths).toEqual(['/elsewhere', undefined]);
  });

  test('may come from a type that keeps its own', async () => {
    const own = definitionOf({ type: 'OwnJob', location: 'db:7' });
    expect(await resolve({}, { types: typesWith(owning(definitionsOf(own))) })).toBe(own);
  });

  test('of a type that keeps its own is not looked for in files', async () => {
    const files = definitionsOf(definitionOf({ type: 'OwnJob' }));
    await expect(resolve({}, { files, types: typesWith(owning(definitionsOf())) })).rejects.toThrow(jobError('StartJobFromDefinitionNameNotFound'));
  });
});

describe('a name', () => {
  test.each(['', '1st', 'a/b', '../up', 'a..b', 'ends.', 'con', 'constructor', '__proto__', 'x'.repeat(65), 'a b', 'a*'])('that cannot be one is refused before any file is touched: %j', async (name) => {
    const files: DefinitionSource = { ...definitionsOf(), find: () => Promise.reject(new Error('a file was touched')) };
    await expect(resolve({ name }, { files })).rejects.toThrow(jobError(name === '' ? 'ParameterArgumentValidationError' : 'InvalidDefinitionName'));
  });

  test('that nobody answers to is told with the place and the nearest name', async () => {
    const files = definitionsOf(definitionOf({ name: 'Nightly' }), definitionOf({ name: 'Weekly' }));
    await expect(resolve({ name: 'Nigthly' }, { files })).rejects.toMatchObject({
      code: 'StartJobFromDefinitionNameNotFound', message: 'no definition is named "Nigthly" (/project/definitions)', hint: expect.stringContaining('Nightly') as string,
    });
  });

  test('that nobody answers to is told with the path that was asked for', async () => {
    await expect(resolve({ path: '/elsewhere' })).rejects.toMatchObject({ code: 'StartJobFromDefinitionNameNotFound', message: expect.stringContaining('/elsewhere') as string });
  });

  test('that is like no other has no hint', async () => {
    const error: unknown = await resolve({ name: 'Zebra' }, { files: definitionsOf(definitionOf()) }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'StartJobFromDefinitionNameNotFound' });
    expect(error).not.toHaveProperty('hint');
  });

  test('is told as unknown also when the search for a near miss fails', async () => {
    const files: DefinitionSource = {
      ...definitionsOf(),
      // oxlint-disable-next-line require-yield -- it fails before it has anything
      async *list() {
        throw new Error('the folder is away');
      },
    };
    await expect(resolve({}, { files })).rejects.toThrow(jobError('StartJobFromDefinitionNameNotFound'));
  });
});

describe('a name in a foreign file', () => {
  const own = { ...definitionsOf(definitionOf({ name: 'build-prod' }), definitionOf({ name: 'build-prod-2', sourceName: 'build:prod' })), onlyByType: true, places: ['package.json'] };
  const asked = (name: string): Promise<Definition> => resolve({ name, typePattern: 'OwnJob' }, { files: definitionsOf(definitionOf({ name: 'Zebra' })), types: typesWith(owning(own)) });

  test('that can be none is told with the name that it has', async () => {
    await expect(asked('build:prod')).rejects.toMatchObject({ code: 'InvalidDefinitionName', hint: 'did you mean build-prod-2? start-job --type OwnJob --definition-name build-prod-2' });
    await expect(asked('biuld:prod')).rejects.toMatchObject({ code: 'InvalidDefinitionName', hint: expect.stringContaining('did you mean build-prod?') as string });
    await expect(asked('a/b')).rejects.toMatchObject({ code: 'InvalidDefinitionName', hint: expect.stringContaining('begins with a letter') as string });
  });

  test('is told with the others there, and with no definition of a file', async () => {
    await expect(asked('Zebras')).rejects.toMatchObject({ message: 'no definition of type "OwnJob" is named "Zebras" (package.json)', hint: 'there are build-prod, build-prod-2' });
  });
});

test('a pattern that fits only types that are asked by their whole name says so', async () => {
  const own = owning({ ...definitionsOf(definitionOf({ type: 'OwnJob' })), onlyByType: true });
  await expect(resolve({ typePattern: 'Own*' }, { types: typesWith(own) })).rejects.toMatchObject({ code: 'StartJobFromDefinitionNameNotFound', hint: 'OwnJob answers to the whole name only: --type OwnJob' });
});

test('a source is given what reads files', async () => {
  const given: unknown[] = [];
  const source: DefinitionSource = {
    find: async (_name, _path, files) => (given.push(files), []),
    // oxlint-disable-next-line require-yield -- it has nothing
    async *list(_path, files) {
      given.push(files);
    },
  };
  await expect(resolve({}, { types: typesWith(owning(source)) })).rejects.toThrow(jobError('StartJobFromDefinitionNameNotFound'));
  expect(given).toEqual([NO_FILES, NO_FILES]);
});

describe('a type', () => {
  test('that nobody registered is told with the known ones and the nearest', async () => {
    await expect(resolve({ typePattern: 'ShelJob' })).rejects.toMatchObject({
      code: 'JobTypeNotFound', message: 'no job type is named "ShelJob" (known: ShellJob, BriefJob, TimedJob, CodeJob)', hint: expect.stringContaining('ShellJob') as string,
    });
  });

  test('pattern that fits none has no hint', async () => {
    const error: unknown = await resolve({ typePattern: 'ShelJo[bp]' }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'JobTypeNotFound' });
    expect(error).not.toHaveProperty('hint');
  });

  test('of a definition that no plugin offers is told with the place in the text', async () => {
    const place = (path: readonly PropertyKey[]): { file: string; line: number; column: number } => ({ file: 'Nightly.yaml', line: path.join('.') === 'type' ? 1 : 9, column: 7 });
    const files = definitionsOf(definitionOf({ type: 'NoSuchJob', place }));
    await expect(resolve({}, { files })).rejects.toMatchObject({ code: 'JobTypeNotInstalled', file: 'Nightly.yaml', line: 1, column: 7, message: expect.stringContaining('"NoSuchJob"') as string });
  });

  test('of a definition that resembles one is answered with that', async () => {
    await expect(resolve({}, { files: definitionsOf(definitionOf({ type: 'ShelJob' })) })).rejects.toMatchObject({ code: 'JobTypeNotInstalled', hint: 'did you mean "ShellJob"?' });
  });

  test('that no plugin offers is told with the file when nothing is known of its text', async () => {
    await expect(resolve({}, { files: definitionsOf(definitionOf({ type: 'NoSuchJob' })) })).rejects.toMatchObject({ code: 'JobTypeNotInstalled', file: '/project/definitions/Nightly.yaml' });
  });
});

describe('several answers', () => {
  test('are told with the type and the place of each, and nothing is chosen', async () => {
    const types = typesWith(owning(definitionsOf(definitionOf({ type: 'OwnJob', location: 'db:7' }))));
    const error = resolve({}, { files: definitionsOf(definitionOf()), types });
    await expect(error).rejects.toMatchObject({
      code: 'StartJobFromDefinitionNameMoreThanOneMatch',
      message: expect.stringContaining('ShellJob in /project/definitions/Nightly.yaml; OwnJob in db:7') as string,
      hint: expect.stringContaining('--type') as string,
    });
  });

  test('are told apart by --type', async () => {
    const types = typesWith(owning(definitionsOf(definitionOf({ type: 'OwnJob', location: 'db:7' }))));
    expect(await resolve({ typePattern: 'OwnJob' }, { files: definitionsOf(definitionOf()), types })).toMatchObject({ location: 'db:7' });
    expect(await resolve({ typePattern: 'ShellJob' }, { files: definitionsOf(definitionOf()), types })).toMatchObject({ type: 'ShellJob' });
  });

  test('of one source are several too', async () => {
    await expect(resolve({}, { files: definitionsOf(definitionOf(), definitionOf({ location: '/project/more/Nightly.yaml' })) })).rejects.toThrow(jobError('StartJobFromDefinitionNameMoreThanOneMatch'));
  });
});

describe('a source that throws', () => {
  test('is a warning that names the type, and the other answers count', async () => {
    const warnings: JobError[] = [];
    const definition = definitionOf();
    expect(await resolve({ warn: (warning) => warnings.push(warning) }, { files: definitionsOf(definition), types: typesWith(owning(throwing)) })).toBe(definition);
    expect(warnings).toEqual([jobError('PluginLoadFailed', 'OwnJob')]);
    expect(warnings[0]?.message).toContain('the database is away');
  });

  test('is not an answer', async () => {
    await expect(resolve({}, { types: typesWith(owning(throwing)) })).rejects.toThrow(jobError('StartJobFromDefinitionNameNotFound'));
  });

  test('warns with the code of an error that has one', async () => {
    const warnings: JobError[] = [];
    const refusing: DefinitionSource = { ...definitionsOf(), find: () => Promise.reject(new JobError({ code: 'StoreUnavailable', message: 'no' })) };
    await resolve({ warn: (warning) => warnings.push(warning) }, { files: definitionsOf(definitionOf()), types: typesWith(owning(refusing)) });
    expect(warnings[0]?.message).toContain('StoreUnavailable: no');
  });

  test('is asked no more than the types that were asked for', async () => {
    const warnings: JobError[] = [];
    await resolve({ typePattern: 'ShellJob', warn: (warning) => warnings.push(warning) }, { files: definitionsOf(definitionOf()), types: typesWith(owning(throwing)) });
    expect(warnings).toEqual([]);
  });

  test('is the end when it is the files themselves', async () => {
    const files: DefinitionSource = { ...definitionsOf(), find: () => Promise.reject(new JobError({ code: 'DirectoryNotFoundException', message: 'no folder' })) };
    await expect(resolve({}, { files })).rejects.toThrow(jobError('DirectoryNotFoundException'));
  });
});

describe('a broken definition', () => {
  test('is told with everything that is wrong with it, not as unknown', async () => {
    await expect(resolve({}, { files: definitionsOf(broken()) })).rejects.toMatchObject({ errors: [jobError('DefinitionKeyUnknown'), jobError('DefinitionValueInvalid')] });
  });

  test('is told with what its type says about it, in the order of the text', async () => {
    const place = (path: readonly PropertyKey[]): { file: string; line: number; column: number } => ({ file: 'Nightly.yaml', line: path[0] === 'job' ? 4 : 1, column: 1 });
    const error: unknown = await resolve({}, { files: definitionsOf(broken({ type: 'ShellJob', spec: {}, place })) }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors.map(({ code, line }: JobError) => `${code} ${line}`)).toEqual(['DefinitionKeyUnknown 3', 'DefinitionValueInvalid 4', 'DefinitionValueInvalid 5']);
  });

  test('of a type that cannot be read is an answer, unless a type was asked for', async () => {
    await expect(resolve({}, { files: definitionsOf(broken()) })).rejects.toBeInstanceOf(AggregateError);
    await expect(resolve({ typePattern: '*' }, { files: definitionsOf(broken()) })).rejects.toBeInstanceOf(AggregateError);
    await expect(resolve({ typePattern: 'TimedJob' }, { files: definitionsOf(broken({ type: 'ShellJob' })) })).rejects.toThrow(jobError('StartJobFromDefinitionNameNotFound'));
  });
});

test('types that share the definition files have them asked once', async () => {
  let asked = 0;
  const files: DefinitionSource = { ...definitionsOf(), find: async () => (asked++, [definitionOf()]) };
  await resolve({}, { files, types: typesWith(briefJob) });
  expect(asked).toBe(1);
});
