import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobError, type AnyJobType, type Instance } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createRegistry, quoted } from '../src/index.ts';
import { HERE } from './machine.ts';
import { createWorkbench, definitionOf, definitionsOf, jobError, pluginOf, shellJob, startOf } from './workbench.ts';

const caller = { callerDirectory: '/home/me', warn: (): void => {} };

describe('a started job', () => {
  test('is Running, a parent with one child, with ids one after the other', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start({ argv: ['echo', 'hello world'] });
    expect(view).toMatchObject({
      id: 1, name: 'Job1', type: 'ShellJob', state: 'Running', reason: null, statusMessage: '', hasMoreData: true, location: 'localhost', command: "echo 'hello world'",
      beginTime: bench.clock.now().toISOString(), endTime: null, childJobs: [2], definition: null, origin: { kind: 'demand', runNow: false }, attempt: 1,
    });
    expect(run).toMatchObject({ id: 2, name: 'Job2', type: 'ShellJob', state: 'Running', origin: { kind: 'parent', parentId: 1 }, command: "echo 'hello world'" });
  });

  test('is the one whose row says what its folder needs to be understood', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start({ successExitCodes: [0, 3], streamCommands: false, mergeStreams: true });
    expect(run.run).toEqual({ holder: HERE, carries: view.instanceId, successExitCodes: [0, 3], streamCommands: false, mergeStreams: true });
  });

  test('runs under the name, id and instance id of the job that people see', async () => {
    const bench = createWorkbench();
    const { view, run } = await bench.start({}, { name: 'Build' });
    expect(bench.machine.launched).toMatchObject([{ instance: { id: run.id }, job: { id: view.id, instanceId: view.instanceId, name: 'Build' } }]);
  });

  test.each([
    ['a name', 'Build', 'Build'],
    ['an empty name', '', 'Job1'],
  ])('given %s bears the right one', async (_what, name, expected) => {
    const { view } = await createWorkbench().start({}, { name });
    expect(view.name).toBe(expected);
  });

  test.each([
    ['its text, verbatim', { argv: ['sh', '-c', 'x'], commandText: '  a && b \n' }, '  a && b \n'],
    ['the path of its script', { argv: ['node', '/p/s.mjs'], scriptFile: '/p/s.mjs' }, '/p/s.mjs'],
    ['its words, quoted', { argv: ['printf', '%s', "it's"] }, "printf %s 'it'\\''s'"],
  ] as const)('has as command %s', async (_what, spec, command) => {
    const { view } = await createWorkbench().start(spec);
    expect(view.command).toBe(command);
  });

  test.each([
    ['the caller’s folder', {}, {}, '/home/me'],
    ['the folder that the job names', { workingDirectory: '/job' }, {}, '/job'],
    ['the folder that the caller names', { workingDirectory: '/job' }, { workingDirectory: '/asked' }, '/asked'],
  ] as const)('starts in %s', async (_what, spec, request, folder) => {
    const bench = createWorkbench();
    await bench.start(spec, request);
    expect(bench.machine.launched[0]?.command.workingDirectory).toBe(folder);
  });

  test('lives in the session store, and with --persist in the durable one', async () => {
    const bench = createWorkbench();
    await bench.start();
    expect(bench.parts.stores.durable()).toBeUndefined();
    await bench.start({}, { persist: true });
    expect(await bench.durable().find({})).toMatchObject([{ id: 3 }, { id: 4 }]);
    expect(await bench.session.find({})).toMatchObject([{ id: 1 }, { id: 2 }]);
  });
});

describe('a start', () => {
  test.each([
    ['a type that nobody offers', startOf({}, 'NoSuchJob'), 'JobTypeNotFound'],
    ['a type that cannot be kept, with --persist', { ...startOf({}, 'BriefJob'), persist: true }, 'PersistNotSupported'],
    ['a name of more than 256 characters', { ...startOf({}), name: 'x'.repeat(257) }, 'ParameterArgumentValidationError'],
    ['a name with a NUL byte', { ...startOf({}), name: 'a\0b' }, 'ArgumentInvalid'],
    ['a delegate to a type that cannot be kept, with --persist', { ...startOf({ type: 'BriefJob' } as never, 'TimedJob'), persist: true }, 'PersistNotSupported'],
  ])('of %s is refused before a job exists', async (_what, request, code) => {
    const bench = createWorkbench();
    await expect(bench.host.startJob(request)).rejects.toThrow(jobError(code));
    expect(await bench.session.find({})).toEqual([]);
    expect(bench.parts.stores.durable()).toBeUndefined();
    expect(bench.machine.launched).toEqual([]);
  });

  test('that the system could never make is refused before a job exists', async () => {
    const bench = createWorkbench();
    bench.machine.check = () => {
      throw new JobError({ code: 'ArgumentInvalid', message: 'argument 1 is too long' });
    };
    await expect(bench.start()).rejects.toThrow(jobError('ArgumentInvalid'));
    expect(await bench.session.find({})).toEqual([]);
  });

  test('of a spec that its type does not take says everything that is wrong', async () => {
    const bench = createWorkbench();
    const refused = bench.host.startJob({ what: { type: 'ShellJob', spec: {} }, ...caller });
    await expect(refused).rejects.toMatchObject({ errors: [jobError('DefinitionValueInvalid', '"argv"')] });
    expect(await bench.session.find({})).toEqual([]);
  });

  test('of a spec that the caller has built is not judged again', async () => {
    const strict = { ...shellJob, spec: { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'never' }] }) } } } as AnyJobType;
    const bench = createWorkbench({ types: createRegistry([pluginOf('p', strict)]) });
    const what = { type: 'ShellJob', spec: { argv: ['true'] } };
    await expect(bench.host.startJob({ what, ...caller })).rejects.toThrow();
    expect(await bench.host.startJob({ what: { ...what, isChecked: true }, ...caller })).toMatchObject({ state: 'Running' });
  });

  test('of a type around another makes a child of the inner type', async () => {
    const bench = createWorkbench();
    const view = await bench.host.startJob(startOf({ type: 'PSShell' } as never, 'timedjob'));
    expect(view).toMatchObject({ type: 'TimedJob', childJobs: [2] });
    expect(await bench.session.find({ parentIds: [1] })).toMatchObject([{ type: 'ShellJob' }]);
  });

  test('of a program that cannot be started leaves a Failed job that says why', async () => {
    const bench = createWorkbench();
    bench.machine.refusal = 'NotExecutable: "/etc/passwd" may not be run';
    const { view } = await bench.start();
    const failed = { state: 'Failed', reason: 'spawn', statusMessage: 'NotExecutable: "/etc/passwd" may not be run', exitCode: null, endTime: bench.clock.now().toISOString(), beginTime: null };
    expect(view).toMatchObject(failed);
    expect((await bench.host.getJobs({ ids: [2] })).jobs).toMatchObject([failed]);
  });

  test('asks for the files of a definition only when one is named', async () => {
    const bench = createWorkbench();
    Object.assign(bench.parts, { definitions: () => Promise.reject(new Error('nobody looks for files')) });
    expect(await bench.host.startJob(startOf())).toMatchObject({ state: 'Running' });
  });
});

describe('between the rows and the claim', () => {
  test('a stop is obeyed: the job is Stopped and never runs', async () => {
    const bench = createWorkbench();
    bench.machine.beforeClaim = async () => {
      await bench.host.stopJobs({ ids: [1] }, {});
    };
    const { view, run } = await bench.start();
    expect(view).toMatchObject({ state: 'Stopped', reason: 'stopped', exitCode: null, beginTime: null });
    expect(run).toMatchObject({ state: 'Stopped' });
  });

  test('a wish to stop that found no claim to take ends the run as soon as it has one', async () => {
    const bench = createWorkbench();
    bench.machine.beforeClaim = async ({ instanceId }) => {
      const parent = (await bench.session.find({ ids: [1] }))[0] as Instance;
      await bench.session.transition([{ instanceId, from: ['NotStarted'], to: 'Stopping', stopReason: 'stopped' }, { instanceId: parent.instanceId, from: ['NotStarted'], to: 'Stopping' }]);
    };
    const { view } = await bench.start();
    expect(view).toMatchObject({ state: 'Stopped', reason: 'stopped', signal: 'SIGTERM' });
    expect(bench.machine.ended).toEqual([{ id: 2, force: false, gracePeriod: 10_000 }]);
  });

  test('another reader may adopt the run first', async () => {
    const bench = createWorkbench();
    const launch = bench.machine.launch.bind(bench.machine);
    bench.machine.launch = async (instance, command, job) => {
      const launched = await launch(instance, command, job);
      await bench.host.getJobs({ ids: [1] });
      return launched;
    };
    const { view } = await bench.start();
    expect(view).toMatchObject({ state: 'Running', beginTime: bench.clock.now().toISOString() });
    expect(bench.machine.ended).toEqual([]);
  });

  test('a command that has ended already is Completed', async () => {
    const bench = createWorkbench();
    const launch = bench.machine.launch.bind(bench.machine);
    bench.machine.launch = async (instance, command, job) => {
      const launched = await launch(instance, command, job);
      bench.machine.exit(instance, { exitCode: 0 });
      await bench.host.getJobs({ ids: [1] });
      return launched;
    };
    const { view } = await bench.start();
    expect(view).toMatchObject({ state: 'Completed', exitCode: 0 });
  });
});

describe('a definition that is started', () => {
  test('gives its name, type and place to the job', async () => {
    const bench = createWorkbench({ definitions: definitionsOf(definitionOf({ type: 'TimedJob', spec: { type: 'ShellJob', argv: ['true'] }, triggers: [{ cron: '* * * * *' }], enabled: false })) });
    const view = await bench.host.startJob({ what: { definitionName: 'nIGHTLY' }, ...caller });
    expect(view).toMatchObject({
      name: 'Nightly', type: 'TimedJob', state: 'Running', command: 'true', definition: { name: 'Nightly', path: '/project/definitions/Nightly.yaml' }, origin: { kind: 'demand', runNow: false },
    });
    expect(bench.parts.stores.durable()).toBeUndefined();
    expect(bench.machine.launched[0]?.command.workingDirectory).toBe('/project/definitions');
  });

  test('starts where the caller says when the caller says so', async () => {
    const bench = createWorkbench({ definitions: definitionsOf(definitionOf({ spec: { argv: ['true'], workingDirectory: '/project/build' } })) });
    await bench.host.startJob({ what: { definitionName: 'Nightly' }, workingDirectory: '/asked', ...caller });
    expect(bench.machine.launched[0]?.command.workingDirectory).toBe('/asked');
  });

  test('lies under its own name when it is kept', async () => {
    const bench = createWorkbench({ definitions: definitionsOf(definitionOf()) });
    await bench.host.startJob({ what: { definitionName: 'Nightly' }, persist: true, ...caller });
    const [, run] = await bench.durable().find({});
    expect(run?.runFolder).toMatch(new RegExp(`^${bench.folder}/output/project/Nightly/20260102-030405-000-[0-9a-f]{8}$`));
  });

  test.each([
    ['a spec that its type refuses', definitionOf({ spec: {} }), 'DefinitionValueInvalid'],
    ['triggers that its type does not have', definitionOf({ triggers: [] }), 'DefinitionKeyUnknown'],
    ['an inner type that nobody offers', definitionOf({ type: 'TimedJob', spec: { type: 'NoSuchJob' } }), 'JobTypeNotInstalled'],
  ])('with %s starts nothing', async (_what, definition, code) => {
    const bench = createWorkbench({ definitions: definitionsOf(definition) });
    await expect(bench.host.startJob({ what: { definitionName: 'Nightly' }, ...caller })).rejects.toMatchObject({ errors: [jobError(code)] });
    expect(await bench.session.find({})).toEqual([]);
  });

  test('with a path outside its project starts nothing', async () => {
    const bench = createWorkbench();
    const checkPaths = (): Promise<void> => Promise.reject(new JobError({ code: 'DefinitionUnsafe', message: 'the script lies outside' }));
    Object.assign(bench.parts, { definitions: async () => ({ source: definitionsOf(definitionOf()), checkPaths }) });
    await expect(bench.host.startJob({ what: { definitionName: 'Nightly' }, ...caller })).rejects.toThrow(jobError('DefinitionUnsafe'));
    expect(await bench.session.find({})).toEqual([]);
  });

});

describe('a start that is only described', () => {
  test('is checked like any other, and makes nothing', async () => {
    const bench = createWorkbench();
    expect(await bench.host.describeStart(startOf({ argv: ['echo', 'a b'] }))).toEqual({ type: 'ShellJob', command: "echo 'a b'" });
    expect(bench.machine.checked).toHaveLength(1);
    expect(bench.machine.launched).toEqual([]);
    expect((await bench.host.getJobs({})).jobs).toEqual([]);
    expect((await bench.start()).view.id).toBe(1);
  });

  test('fails as the start would', async () => {
    const bench = createWorkbench();
    await expect(bench.host.describeStart(startOf({}, 'NoSuchJob'))).rejects.toEqual(jobError('JobTypeNotFound'));
    await expect(bench.host.describeStart({ ...startOf({}, 'BriefJob'), persist: true })).rejects.toEqual(jobError('PersistNotSupported'));
    bench.machine.check = () => {
      throw new JobError({ code: 'ArgumentInvalid', message: 'too long' });
    };
    await expect(bench.host.describeStart(startOf())).rejects.toEqual(jobError('ArgumentInvalid'));
  });
});

test('a program behind an initialization script is shown by its own words', async () => {
  const bench = createWorkbench();
  const { view } = await bench.start({ argv: ['sh', '-c', 'first; exec "$@"', 'sh', 'echo', 'a b'], commandWords: ['echo', 'a b'], initializes: true });
  expect(view.command).toBe("echo 'a b'");
});

describe('the words of a command', () => {
  const HOSTILE = [
    'plain', '', ' ', 'two words', "it's", "''", '"', '\\', '\\\\', '$HOME', '$(id)', '`id`', '*', '?', '[a]', '~', '~root', '!', '!!', '#', '# no comment', '&', '&&', ';', '|', '>', '<', '>(x)',
    '(a)', '{a,b}', 'a=b', '-n', '--', '%s', 'new\nline', '\n', 'tab\there', '\r', 'ümlaut', '日本語', '😀', '\u0001', '\u007f', "'\\''", '$\'x\'', 'a\\', "a'b'c", '\u00a0',
  ];

  test.each(HOSTILE.map((word) => [word]))('come through a shell unchanged: %j', (word) => {
    expect(execFileSync('/bin/sh', ['-c', quoted(['printf', '%s.', word])], { encoding: 'utf8' })).toBe(`${word}.`);
  });

  test('come through a shell unchanged, all together', () => {
    const words = execFileSync('/bin/sh', ['-c', quoted(['printf', '%s\\0', ...HOSTILE])], { encoding: 'utf8' }).split('\0').slice(0, -1);
    expect(words).toEqual(HOSTILE);
  });

  test.each(['plain', './x', '/usr/bin/env', 'a@b:c', '1,2', '50%', 'x+y', 'a_b-c.d'])('that need no quotes get none: %j', (word) => {
    expect(quoted(['echo', word])).toBe(`echo ${word}`);
  });

  test.each(['two words', "it's", 'K=V', 'if', 'while', '-x', '~', 'a*'])('may begin with a program of any name: %j', (name) => {
    const { folder } = createWorkbench();
    writeFileSync(join(folder, name), '#!/bin/sh\nprintf "%s." "ran" "$@"\n');
    chmodSync(join(folder, name), 0o700);
    const printed = execFileSync('/bin/sh', ['-c', `:\n${quoted([name, 'an argument'])}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: `${folder}:/usr/bin:/bin` } });
    expect(printed).toBe('ran.an argument.');
  });
});
