import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startJob } from '../../src/verbs/start-job.ts';
import { asked } from '../asked.ts';
import { complaintOf } from '../complaint.ts';

const before = process.cwd();
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'start-job-')));
  mkdirSync(join(folder, 'definitions'));
  mkdirSync(join(folder, 'below'));
  for (const name of ['a.sh', 'b.sh', 'one.py']) writeFileSync(join(folder, name), '');
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

interface Request {
  readonly what: { readonly spec?: object; readonly definitionName?: string; readonly path?: string; readonly typePattern?: string };
  readonly name?: string;
  readonly persist: boolean;
  readonly workingDirectory?: string;
  readonly callerDirectory: string;
}

async function request(...argv: string[]): Promise<Request> {
  const { call, words } = await asked(startJob, ...argv);
  expect(call).toBe('startJob');
  return words[0] as Request;
}

describe('the words choose exactly one thing to run', () => {
  test.each([
    ['a program', ['--', 'make', '-j', '--all'], { command: ['make', '-j', '--all'] }],
    ['a program with empty words', ['--', 'make', '', ' '], { command: ['make', '', ' '] }],
    ['a text', ['a | b'], { scriptBlock: 'a | b', shell: 'sh', argumentList: [] }],
    ['a text as a flag', ['--script-block', 'a'], { scriptBlock: 'a', argumentList: [] }],
    ["a text in PowerShell's spelling", ['-ScriptBlock', 'a'], { scriptBlock: 'a' }],
    ["a text by PowerShell's alias", ['-Command', 'a'], { scriptBlock: 'a' }],
    ['a text that begins with a dash', ['--script-block=-a'], { scriptBlock: '-a' }],
    ['a text with arguments', ['a', '--', 'x', '-y'], { scriptBlock: 'a', argumentList: ['x', '-y'] }],
    ['a text as a flag with arguments', ['--script-block', 'a', '--', 'x'], { scriptBlock: 'a', argumentList: ['x'] }],
    ['a text with an argument list', ['a', '--argument-list', 'x', 'y,z'], { argumentList: ['x', 'y,z'] }],
    ['a text for another shell', ['a', '--shell', 'BASH'], { shell: 'bash' }],
    ['a text with blanks kept', ['  a  '], { scriptBlock: '  a  ' }],
    ['a text with what looks like a template', ['echo {{ x }}'], { scriptBlock: 'echo {{ x }}' }],
    ['a file', ['--file-path', 'a.sh'], { filePath: 'a.sh', argumentList: [] }],
    ['a file with arguments', ['--file-path', 'a.sh', '--', 'x'], { filePath: 'a.sh', argumentList: ['x'] }],
    ['the one file of a pattern', ['--file-path', '*.py'], { filePath: 'one.py' }],
    ['variables', ['--env', 'A=1', '--env', 'B=x=y', '--env', 'C=', '--', 'x'], { environment: { A: '1', B: 'x=y', C: '' } }],
  ])('%s: %j', async (_, argv, spec) => {
    const shown = 'filePath' in spec ? { ...spec, filePath: join(folder, spec.filePath as string) } : spec;
    expect((await request(...argv)).what).toMatchObject({ type: 'BackgroundJob', isChecked: true, spec: shown });
  });

  test.each([
    ['a definition', ['--definition-name', 'Nightly'], {}],
    ['a definition of a type', ['--definition-name', 'Nightly', '--type', 'Sched*'], { typePattern: 'Sched*' }],
    ['a definition of a folder', ['--definition-name', 'Nightly', '--definition-path', 'definitions'], { path: 'definitions' }],
    ['a definition of the one folder of a pattern', ['--definition-name', 'Nightly', '--definition-path', 'def*'], { path: 'definitions' }],
    ["PowerShell's three words", ['-DefinitionName', 'Nightly', 'definitions', 'ScheduledJob'], { path: 'definitions', typePattern: 'ScheduledJob' }],
    ["PowerShell's two words", ['-definitionname', 'Nightly', './definitions/'], { path: 'definitions' }],
    ["PowerShell's three words out of order", ['definitions', '-DefinitionName', 'Nightly', 'ScheduledJob'], { path: 'definitions', typePattern: 'ScheduledJob' }],
  ])('%s: %j', async (_, argv, what) => {
    const shown = 'path' in what ? { ...what, path: join(folder, what.path as string) } : what;
    expect((await request(...argv)).what).toEqual({ definitionName: 'Nightly', ...shown });
  });
});

describe('refused is', () => {
  test.each([
    ['nothing at all', [], 'MissingMandatoryParameter'],
    ['nothing behind the dashes', ['--'], 'MissingMandatoryParameter'],
    ['only a name', ['--name', 'x'], 'MissingMandatoryParameter'],
    ['a type without a definition', ['--type', 'x'], 'MissingMandatoryParameter'],
    ['a definition path without a definition', ['--definition-path', 'definitions'], 'MissingMandatoryParameter'],
    ['a type beside a program', ['--type', 'x', '--', 'make'], 'AmbiguousParameterSet'],
    ['a definition path beside a text', ['--definition-path', 'definitions', 'a'], 'AmbiguousParameterSet'],
    ['two texts', ['a', '--script-block', 'b'], 'AmbiguousParameterSet'],
    ['a text and a file', ['a', '--file-path', 'a.sh'], 'AmbiguousParameterSet'],
    ['a text as a flag and a file', ['--script-block', 'a', '--file-path', 'a.sh'], 'AmbiguousParameterSet'],
    ['a text and a definition', ['a', '--definition-name', 'N'], 'AmbiguousParameterSet'],
    ['a file and a definition', ['--file-path', 'a.sh', '--definition-name', 'N'], 'AmbiguousParameterSet'],
    ['a program and a definition', ['--definition-name', 'N', '--', 'make'], 'AmbiguousParameterSet'],
    ['arguments for a definition', ['--definition-name', 'N', '--argument-list', 'x'], 'AmbiguousParameterSet'],
    ['a name for a definition', ['--definition-name', 'N', '--name', 'x'], 'AmbiguousParameterSet'],
    ['a shell for a definition', ['--definition-name', 'N', '--shell', 'sh'], 'AmbiguousParameterSet'],
    ['a variable for a definition', ['--definition-name', 'N', '--env', 'A=1'], 'AmbiguousParameterSet'],
    ['two words', ['a', 'b'], 'PositionalParameterNotFound'],
    ['three words behind a definition', ['-DefinitionName', 'N', 'definitions', 'T', 'x'], 'PositionalParameterNotFound'],
    ['arguments given twice', ['a', '--argument-list', 'x', '--', 'y'], 'InvalidParameterCombination'],
    ['a shell for a program', ['--shell', 'sh', '--', 'make'], 'InvalidParameterCombination'],
    ['an argument list for a program', ['--argument-list=x', '--', 'make'], 'InvalidParameterCombination'],
    ['an unknown shell', ['a', '--shell', 'fish'], 'ParameterArgumentValidationError'],
    ['an empty text', [''], 'ParameterArgumentValidationError'],
    ['an empty text as a flag', ['--script-block', ''], 'ParameterArgumentValidationError'],
    ['a variable without a value', ['a', '--env', 'A'], 'ParameterArgumentValidationError'],
    ['a variable without a name', ['a', '--env', '=x'], 'ParameterArgumentValidationError'],
    ['a variable whose name begins with a digit', ['a', '--env', '1A=x'], 'ParameterArgumentValidationError'],
    ['a variable whose name holds a blank', ['a', '--env', 'A B=x'], 'ParameterArgumentValidationError'],
    ['a name of 257 characters', ['a', '--name', 'x'.repeat(257)], 'ParameterArgumentValidationError'],
    ['an empty working directory', ['a', '--working-directory', ''], 'ParameterArgumentValidationError'],
    ['a blank working directory', ['a', '--working-directory', '  '], 'ParameterArgumentValidationError'],
    ['a working directory that is missing', ['a', '--working-directory', 'missing'], 'DirectoryNotFoundException'],
    ['a working directory that is a file', ['a', '--working-directory', 'a.sh'], 'DirectoryNotFoundException'],
    ['a file that is missing', ['--file-path', 'missing.sh'], 'FilePathNotFound'],
    ['a pattern of two files', ['--file-path', '*.sh'], 'FilePathNotSingle'],
    ['a definition path that is missing', ['--definition-name', 'N', '--definition-path', 'missing'], 'DirectoryNotFoundException'],
    ['a definition path elsewhere', ['--definition-name', 'N', '--definition-path', 'http://x'], 'StartJobFromDefinitionNamePathInvalidNotFileSystemProvider'],
    ['an output that is none', ['a', '-o', 'xml'], 'ParameterArgumentValidationError'],
    ['an output that records do not have', ['a', '--wait', '-o', 'id'], 'ParameterArgumentValidationError'],
    ['two outputs', ['a', '-o', 'yaml', '--json'], 'ParameterAlreadyBound'],
    ['a flag that does not exist yet', ['a', '--retry-count', '3'], 'NamedParameterNotFound'],
  ])('%s: %j is %s', async (_, argv, code) => {
    expect(await complaintOf(() => asked(startJob, ...argv))).toMatchObject({ code });
  });

  test.each([
    [['--file-path', 'a.sh', 'x'], 'arguments stand behind --: start-job --file-path a.sh -- x'],
    [['--file-path', 'a.sh', '--script-block', 'x'], undefined],
    [['--definition-name', 'N', 'x'], undefined],
  ])('%j comes with the hint %j', async (argv, hint) => {
    expect(await complaintOf(() => asked(startJob, ...argv))).toMatchObject({ code: 'AmbiguousParameterSet' });
    expect((await complaintOf(() => asked(startJob, ...argv))).hint).toBe(hint);
  });

  test('a text that an argument list took, which is named', async () => {
    expect(await complaintOf(() => asked(startJob, '-ArgumentList', 'a', 'echo $1', '--wait'))).toMatchObject({ code: 'MissingMandatoryParameter', message: 'say what to run: --argument-list took "a", "echo $1"' });
  });

  test('a shell that is not there', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      expect(await complaintOf(() => asked(startJob, 'a', '--shell', 'python3'))).toMatchObject({ code: 'RuntimeNotFound' });
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('a job', () => {
  test('has a name of up to 256 characters, or none', async () => {
    expect(await request('a', '--name', 'x'.repeat(256))).toMatchObject({ name: 'x'.repeat(256) });
    expect(await request('a', '--name', '')).toMatchObject({ name: '' });
    expect(await request('a')).not.toHaveProperty('name');
  });

  test('starts where the caller stands, or in the working directory', async () => {
    expect(await request('a')).toMatchObject({ callerDirectory: folder });
    expect(await request('a')).not.toHaveProperty('workingDirectory');
    expect(await request('a', '--working-directory', './below/')).toMatchObject({ workingDirectory: join(folder, 'below') });
  });

  test('is kept when that is asked', async () => {
    expect(await request('a')).toMatchObject({ persist: false });
    expect(await request('a', '--persist')).toMatchObject({ persist: true });
    expect(await request('a', '--persist=false')).toMatchObject({ persist: false });
  });
});

describe('what runs on other computers is another verb\'s', () => {
  test.each([
    [['--type', 'RemoteJob', 'uptime'], 'AmbiguousParameterSet', /invoke-command --computer-name NAME/],
    [['--type', 'remotejob'], 'MissingMandatoryParameter', /invoke-command --computer-name NAME/],
    [['-ComputerName', 'web1', 'uptime'], 'NamedParameterNotFound', /^invoke-command runs on other computers/],
    [['--computer-name=web1', 'uptime'], 'NamedParameterNotFound', /^invoke-command runs on other computers/],
  ])('%j is told where computers are named', async (argv, code, hint) => {
    expect(await complaintOf(() => request(...argv))).toMatchObject({ code, hint: expect.stringMatching(hint) });
  });
});
