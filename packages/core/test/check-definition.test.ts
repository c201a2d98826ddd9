import { JobError, type AnyJobType, type BrokenDefinition, type DefinitionPlace, type SpecIssue } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { checkDefinition, checkDescription, complaintsAbout, createRegistry, describeDefinition, inTextOrder, type CheckedSubject, type DefinitionFiles, type Registry } from '../src/index.ts';
import { NO_FILES, briefJob, definitionOf, definitionsOf, jobError, pluginOf, shellJob, testTypes, timedJob } from './workbench.ts';

/** A text in which every key stands on a line of its own, by its depth. */
const place = (path: readonly PropertyKey[], at?: 'key' | 'value'): DefinitionPlace => ({ file: 'Nightly.yaml', line: LINES[path.join('.')] ?? 99, column: at === 'key' ? 1 : 5 });
const LINES: Readonly<Record<string, number>> = { type: 1, job: 2, 'job.argv': 3, 'job.argv.0': 4, 'job.type': 5, triggers: 6, options: 7, enabled: 8, timeZone: 9, maxResultCount: 10 };

const complaining = (...issues: readonly SpecIssue[]): Registry =>
  createRegistry([pluginOf('p', { ...shellJob, spec: { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues }) } } } as AnyJobType, timedJob)]);

const told = (checked: CheckedSubject | readonly JobError[]): string[] => ('length' in checked ? checked : []).map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('a definition', () => {
  test('that its type takes comes back with its type and its spec', async () => {
    expect(await checkDefinition(testTypes, definitionOf())).toEqual({ type: shellJob, runs: shellJob, spec: { argv: ['true'] }, raw: { argv: ['true'] } });
  });

  test('of a type around another comes back with both and the inner spec', async () => {
    const checked = await checkDefinition(testTypes, definitionOf({ type: 'timedjob', spec: { type: 'BriefJob', argv: ['true'] }, triggers: [], options: {}, enabled: true, timeZone: 'UTC', maxResultCount: 3 }));
    expect(checked).toMatchObject({ type: timedJob, runs: briefJob, spec: { argv: ['true'] } });
  });

  test('of a type that no plugin offers says so where the type stands', async () => {
    const checked = await checkDefinition(testTypes, definitionOf({ type: 'NoSuchJob', place }));
    expect(told(checked)).toEqual(['JobTypeNotInstalled 1:5']);
  });

  test('around a type that no plugin offers says so where the inner type stands, with the nearest one', async () => {
    const checked = (await checkDefinition(testTypes, definitionOf({ type: 'TimedJob', spec: { type: 'ShelJob' }, place }))) as readonly JobError[];
    expect(told(checked)).toEqual(['JobTypeNotInstalled 5:5']);
    expect(checked[0]?.hint).toBe('did you mean "ShellJob"?');
  });

  test('of types that ask for each other without end says so, and comes to an end itself', async () => {
    const asking = (name: string, type: string): AnyJobType => ({ ...timedJob, name, aliases: [], delegate: () => ({ type, spec: { type: 'ShellJob' } }) }) as AnyJobType;
    const types = createRegistry([pluginOf('p', asking('PingJob', 'PongJob'), asking('PongJob', 'PingJob'))]);
    expect(told((await checkDefinition(types, definitionOf({ type: 'PingJob', spec: { type: 'ShellJob' }, place }))) as readonly JobError[])).toEqual(['PluginInvalid 5:5']);
  });

  test('of a type that resembles one says which', async () => {
    expect(await checkDefinition(testTypes, definitionOf({ type: 'TimeJob', place }))).toMatchObject([{ code: 'JobTypeNotInstalled', hint: 'did you mean "TimedJob"?' }]);
  });

  test('that is not text is complained about by its location', async () => {
    expect(await checkDefinition(testTypes, definitionOf({ spec: {} }))).toMatchObject([{ code: 'DefinitionValueInvalid', file: '/project/definitions/Nightly.yaml' }]);
  });
});

describe('a complaint of a type', () => {
  test.each<[string, SpecIssue, string]>([
    ['the value it is about', { message: 'm', path: ['argv', 0] }, 'DefinitionValueInvalid 4:5'],
    ['the key it is about', { message: 'm', path: ['argv'], at: 'key' }, 'DefinitionValueInvalid 3:1'],
    ['path members that are objects', { message: 'm', path: [{ key: 'argv' }, { key: 0 }] }, 'DefinitionValueInvalid 4:5'],
    ['the whole job', { message: 'm' }, 'DefinitionValueInvalid 2:5'],
    ['its own code', { message: 'm', code: 'DefinitionKeyUnknown', path: ['argv'] }, 'DefinitionKeyUnknown 3:5'],
  ])('stands at %s', async (_what, issue, expected) => {
    expect(told(await checkDefinition(complaining(issue), definitionOf({ place })))).toEqual([expected]);
  });

  test('keeps its sentence and its hint', async () => {
    const [error] = (await checkDefinition(complaining({ message: '"argv" is empty', hint: 'write argv: [true]' }), definitionOf({ place }))) as readonly JobError[];
    expect(error).toMatchObject({ message: '"argv" is empty', hint: 'write argv: [true]' });
  });

  test('comes with all others, in the order of the text', async () => {
    const types = complaining({ message: 'b', path: ['argv', 0] }, { message: 'a', path: ['argv'] });
    expect(told(await checkDefinition(types, definitionOf({ triggers: [], place })))).toEqual(['DefinitionValueInvalid 3:5', 'DefinitionValueInvalid 4:5', 'DefinitionKeyUnknown 6:1']);
  });

  test('of an inner type stands at its place in the outer definition', async () => {
    const types = complaining({ message: 'm', path: ['argv', 0] });
    expect(told(await checkDefinition(types, definitionOf({ type: 'TimedJob', spec: { type: 'ShellJob' }, place })))).toEqual(['DefinitionValueInvalid 4:5']);
  });

  test('may be long in coming', async () => {
    const slow = { ...shellJob, spec: { '~standard': { version: 1, vendor: 'test', validate: async () => ({ issues: [{ message: 'late' }] }) } } } as AnyJobType;
    expect(await checkDefinition(createRegistry([pluginOf('p', slow)]), definitionOf())).toMatchObject([{ message: 'late' }]);
  });
});

describe('a key of triggers', () => {
  test.each([
    ['triggers', { triggers: [{ cron: '* * * * *' }] }, 6],
    ['triggers, though empty', { triggers: [] }, 6],
    ['options', { options: {} }, 7],
    ['enabled, though false', { enabled: false }, 8],
    ['timeZone', { timeZone: 'UTC' }, 9],
    ['maxResultCount', { maxResultCount: 1 }, 10],
  ] as const)('(%s) in a definition of a type without triggers is unknown, at its key', async (_key, facts, line) => {
    const checked = (await checkDefinition(testTypes, definitionOf({ ...facts, place }))) as readonly JobError[];
    expect(told(checked)).toEqual([`DefinitionKeyUnknown ${line}:1`]);
    expect(checked[0]).toMatchObject({ message: expect.stringContaining('ShellJob') as string, hint: expect.stringContaining('ScheduledJob') as string });
  });

  test('is told for each of them', async () => {
    const checked = await checkDefinition(testTypes, definitionOf({ triggers: [], options: {}, enabled: true, place }));
    expect(told(checked)).toEqual(['DefinitionKeyUnknown 6:1', 'DefinitionKeyUnknown 7:1', 'DefinitionKeyUnknown 8:1']);
  });
});

describe('a broken definition', () => {
  const broken = (facts: Partial<BrokenDefinition>): BrokenDefinition => ({ name: 'Nightly', location: 'Nightly.yaml', errors: [{ code: 'DefinitionKeyUnknown', message: 'x', line: 50, column: 1 }], ...facts });

  test.each([
    ['its own mistakes when nothing more is known', broken({}), ['DefinitionKeyUnknown 50:1']],
    ['its own mistakes when its type is not known', broken({ type: 'NoSuchJob', spec: {} }), ['DefinitionKeyUnknown 50:1']],
    ['its own mistakes when its job could not be read', broken({ type: 'ShellJob' }), ['DefinitionKeyUnknown 50:1']],
    ['its own mistakes when its type has none to add', broken({ type: 'ShellJob', spec: { argv: ['true'] }, place }), ['DefinitionKeyUnknown 50:1']],
    ['the mistakes of its type as well', broken({ type: 'ShellJob', spec: {}, place }), ['DefinitionValueInvalid 3:5', 'DefinitionKeyUnknown 50:1']],
    ['the mistakes of its inner type as well', broken({ type: 'TimedJob', spec: { type: 'ShellJob' }, place }), ['DefinitionValueInvalid 3:5', 'DefinitionKeyUnknown 50:1']],
  ])('says %s', async (_what, definition, expected) => {
    expect(told(await complaintsAbout(testTypes, definition))).toEqual(expected);
  });

  test('is not told by its type what the file is blamed for at the same place', async () => {
    const types = complaining({ message: 'must be text', path: ['argv', 0] }, { message: 'b', path: ['argv'] });
    const broken: BrokenDefinition = { name: 'Nightly', location: 'Nightly.yaml', type: 'ShellJob', spec: {}, place, errors: [{ code: 'DefinitionSyntaxError', message: 'no anchor', line: 4, column: 5 }] };
    expect(told(await complaintsAbout(types, broken))).toEqual(['DefinitionValueInvalid 3:5', 'DefinitionSyntaxError 4:5']);
  });

  test('whose text could not be read in part is not said to miss a key', async () => {
    const types = complaining({ code: 'DefinitionKeyMissing', message: 'nothing to run' });
    const broken: BrokenDefinition = { name: 'Nightly', location: 'Nightly.yaml', type: 'ShellJob', spec: {}, place, errors: [{ code: 'DefinitionSyntaxError', message: 'no merge keys', line: 4, column: 5 }] };
    expect(told(await complaintsAbout(types, broken))).toEqual(['DefinitionSyntaxError 4:5']);
  });
});

describe('a description', () => {
  const files = (checkPaths: DefinitionFiles['checkPaths'] = async () => {}): DefinitionFiles => ({ source: definitionsOf(), files: NO_FILES, checkPaths });
  const subjectOf = (type: AnyJobType, spec: unknown = { argv: ['true'] }): CheckedSubject => ({ type, runs: type, spec, raw: spec });
  const describing = (command: () => unknown): AnyJobType => ({ ...shellJob, command }) as AnyJobType;

  test('is the program of the definition', async () => {
    expect(await describeDefinition(files(), subjectOf(shellJob), definitionOf())).toEqual({ argv: ['true'] });
    expect(await checkDescription({ types: testTypes, files: files() }, subjectOf(shellJob), definitionOf())).toBeUndefined();
  });

  test('starts from the folder of the definition', async () => {
    const asked: unknown[] = [];
    const type = describing(((request: unknown) => (asked.push(request), { argv: ['true'] })) as never);
    await describeDefinition(files(), subjectOf(type), definitionOf({ baseFolder: '/project' }));
    expect(asked).toEqual([{ name: 'Nightly', spec: { argv: ['true'] }, origin: { kind: 'demand', runNow: false }, workingDirectory: '/project', argumentList: [] }]);
  });

  test('that a type refuses is a complaint at the line that it names', async () => {
    const type = describing(() => {
      throw new JobError({ code: 'FilePathNotFound', message: 'no file', hint: 'make it', path: ['argv', 0] });
    });
    expect(await checkDescription({ types: testTypes, files: files() }, subjectOf(type), definitionOf({ place }))).toMatchObject({ code: 'FilePathNotFound', message: 'no file', hint: 'make it', file: 'Nightly.yaml', line: 4, column: 5 });
  });

  test('of a path outside the project is a complaint', async () => {
    const refused = files(() => Promise.reject(new JobError({ code: 'DefinitionUnsafe', message: 'outside', path: ['argv'] })));
    expect(await checkDescription({ types: testTypes, files: refused }, subjectOf(shellJob), definitionOf({ place }))).toMatchObject({ code: 'DefinitionUnsafe', line: 3 });
  });

  test('that fails for a reason of its own is no complaint but that failure', async () => {
    const type = describing(() => {
      throw new TypeError('a mistake in the plugin');
    });
    await expect(checkDescription({ types: testTypes, files: files() }, subjectOf(type), definitionOf())).rejects.toThrow(new TypeError('a mistake in the plugin'));
  });

  test('of a type that runs no program is not asked for', async () => {
    const code = { ...shellJob, runs: 'code' } as unknown as AnyJobType;
    expect(await checkDescription({ types: testTypes, files: files() }, subjectOf(code), definitionOf())).toBeUndefined();
    await expect(describeDefinition(files(), subjectOf(code), definitionOf())).rejects.toThrow(jobError('PluginInvalid'));
  });
});

describe('children that a spec names', () => {
  const familyJob = { name: 'FamilyJob', description: 'Starts what it is told.', runs: 'code', capabilities: {}, spec: briefJob.spec, prepare: () => Promise.reject(new Error('not here')),
    foresee: ({ spec }: { spec: { steps: { type: string }[] } }) => ({ children: spec.steps.map(({ type, ...rest }, index) => ({ request: { type, spec: rest }, path: ['steps', index] })) }) };
  const anySpec = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } };
  const types = createRegistry([pluginOf('p', shellJob, { ...familyJob, spec: anySpec } as unknown as AnyJobType)]);
  const linesOfSteps: Readonly<Record<string, number>> = { 'job.steps.0.argv': 3, 'job.steps.1.type': 5, 'job.steps.1': 4, 'job.steps.0': 2 };
  const placeOfSteps = (path: readonly PropertyKey[]): DefinitionPlace => ({ file: 'Nightly.yaml', line: linesOfSteps[path.join('.')] ?? 99, column: 1 });
  const family = (...steps: readonly unknown[]) => definitionOf({ type: 'FamilyJob', spec: { steps }, place: placeOfSteps });

  test('are judged each by its own type, at their places, and named as parts of their parent', async () => {
    const refusing = createRegistry([pluginOf('p', { ...shellJob, spec: { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: '"job.argv" is empty', path: ['argv'] }] }) } } } as AnyJobType, { ...familyJob, spec: anySpec } as unknown as AnyJobType)]);
    const checked = (await checkDefinition(refusing, family({ type: 'ShellJob' }, { type: 'NoJob' }))) as readonly JobError[];
    expect(told(checked)).toEqual(['DefinitionValueInvalid 3:1', 'JobTypeNotInstalled 5:1']);
    expect(checked[0]?.message).toBe('"job.steps[0].argv" is empty');
  });

  test('are described with it: a path that leaves the project is a complaint at the child', async () => {
    const files: DefinitionFiles = { source: definitionsOf(), files: NO_FILES, checkPaths: () => Promise.reject(new JobError({ code: 'DefinitionUnsafe', message: 'outside' })) };
    const definition = family({ type: 'ShellJob', argv: ['true'] });
    const subject = (await checkDefinition(types, definition)) as CheckedSubject;
    expect(await checkDescription({ types, files }, subject, definition)).toMatchObject({ code: 'DefinitionUnsafe', line: 2 });
  });

  test('may run a script that is not there yet', async () => {
    const files: DefinitionFiles = { source: definitionsOf(), files: NO_FILES, checkPaths: () => Promise.reject(new JobError({ code: 'FilePathNotFound', message: 'no file' })) };
    const definition = family({ type: 'ShellJob', argv: ['true'] });
    expect(await checkDescription({ types, files }, (await checkDefinition(types, definition)) as CheckedSubject, definition)).toBeUndefined();
  });
});

test('complaints are put into the order of the text, those without a place first', () => {
  const at = (message: string, line?: number, column?: number): JobError => new JobError({ code: 'X', message, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) });
  expect(inTextOrder([at('d', 3, 2), at('b', 1, 9), at('c', 3, 1), at('a')]).map(({ message }) => message)).toEqual(['a', 'b', 'c', 'd']);
});
