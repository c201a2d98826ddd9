import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { invokeCommand } from '../../src/verbs/invoke-command.ts';
import { asked } from '../asked.ts';
import { complaintOf } from '../complaint.ts';
import { printed } from '../printed.ts';

const before = process.cwd();
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'invoke-command-')));
  for (const name of ['a.sh', 'b.sh', 'one.py', 'notes', 'ssh']) writeFileSync(join(folder, name), '');
  chmodSync(join(folder, 'ssh'), 0o755);
  process.chdir(folder);
  vi.stubEnv('PATH', folder);
});
afterEach(() => {
  vi.stubEnv('PATH', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

interface Request {
  readonly what: { readonly type: string; readonly spec: Readonly<Record<string, unknown>> };
  readonly name?: string;
  readonly inputDescriptor?: number;
  readonly callerDirectory: string;
}

async function request(...argv: string[]): Promise<Request> {
  const { call, words } = await asked(invokeCommand, '--computer-name', 'web1', ...argv);
  expect(call).toBe('startJob');
  return words[0] as Request;
}

const specOf = async (...argv: string[]): Promise<Readonly<Record<string, unknown>>> => (await request(...argv)).what.spec;

describe('the words choose exactly one thing to run', () => {
  test.each([
    ['a program', ['--', 'df', '-h', '--all'], { command: ['df', '-h', '--all'] }],
    ['a text', ['a | b'], { scriptBlock: 'a | b' }],
    ['a text as a flag', ['--script-block', 'a'], { scriptBlock: 'a' }],
    ["a text in PowerShell's spelling", ['-ScriptBlock', 'a'], { scriptBlock: 'a' }],
    ['a text with blanks kept', ['  a  '], { scriptBlock: '  a  ' }],
    ['a text with arguments', ['a', '--', 'x', '-y'], { scriptBlock: 'a', argumentList: ['x', '-y'] }],
    ['a text with an argument list', ['a', '--argument-list', 'x', 'y,z'], { scriptBlock: 'a', argumentList: ['x', 'y,z'] }],
    ['a text with what looks like a template', ['echo {{ x }}'], { scriptBlock: 'echo {{ x }}' }],
    ['a file', ['--file-path', 'a.sh'], { filePath: 'a.sh' }],
    ['a file with arguments', ['--file-path', 'a.sh', '--', 'x'], { filePath: 'a.sh', argumentList: ['x'] }],
    ['the one file of a pattern', ['--file-path', '*.py'], { filePath: 'one.py' }],
  ])('%s: %j', async (_, argv, spec) => {
    const shown = 'filePath' in spec ? { ...spec, filePath: join(folder, spec.filePath as string) } : spec;
    expect(await request(...argv)).toEqual({ what: { type: 'RemoteJob', spec: { computerName: ['web1'], ...shown } }, callerDirectory: folder, persist: false, warn: expect.any(Function) });
  });

  test.each([
    ['nothing', [], 'MissingMandatoryParameter'],
    ['nothing behind the dashes', ['--'], 'MissingMandatoryParameter'],
    ['a program without a name', ['--', ''], 'ParameterArgumentValidationError'],
    ['an empty text', [''], 'ParameterArgumentValidationError'],
    ['a text of blanks', ['--script-block', ' '], 'ParameterArgumentValidationError'],
    ['two texts', ['a', 'b'], 'PositionalParameterNotFound'],
    ['a text twice', ['a', '--script-block', 'b'], 'AmbiguousParameterSet'],
    ['a text and a file', ['a', '--file-path', 'a.sh'], 'AmbiguousParameterSet'],
    ['a file that is not there', ['--file-path', 'no.sh'], 'FilePathNotFound'],
    ['two files', ['--file-path', '?.sh'], 'FilePathNotSingle'],
    ['a file that nobody knows how to run', ['--file-path', 'notes'], 'InvalidFilePathParameter'],
    ['arguments twice', ['a', '--argument-list', 'x', '--', 'y'], 'InvalidParameterCombination'],
    ['an argument list for a program', ['--argument-list=x', '--', 'y'], 'InvalidParameterCombination'],
    ['an argument list that has taken the text', ['--argument-list', 'x', 'text'], 'MissingMandatoryParameter'],
  ])('%s is refused: %j', async (_, argv, code) => {
    expect(await complaintOf(() => request(...argv))).toMatchObject({ code });
  });
});

describe('the computers', () => {
  const namesOf = async (...argv: string[]): Promise<unknown> => ((await asked(invokeCommand, 'a', ...argv)).words[0] as Request).what.spec['computerName'];

  test.each([
    ['one', ['--computer-name', 'web1'], ['web1']],
    ['several, in their order', ['--computer-name', 'web2,web1'], ['web2', 'web1']],
    ['said in several flags', ['--computer-name', 'web1', '--computer-name', 'web2'], ['web1', 'web2']],
    ['said in two words, as PowerShell has it', ['-ComputerName', 'web1,', 'web2'], ['web1', 'web2']],
    ["by PowerShell's alias", ['-Cn', 'web1'], ['web1']],
    ['as PowerShell names those that it reaches through ssh', ['-HostName', 'web1', '-UserName', 'me'], ['web1']],
    ['the same one twice', ['-Cn', 'web1,web1'], ['web1', 'web1']],
    ['with users, addresses, points', ['-Cn', 'me@db-1.example,10.0.0.7,2001:db8::1'], ['me@db-1.example', '10.0.0.7', '2001:db8::1']],
  ])('%s: %j', async (_, argv, names) => {
    expect(await namesOf(...argv)).toEqual(names);
  });

  test.each(['-KeyFilePath', '-UseSSL', '-Session'])('%s of PowerShell is ssh\'s affair', async (flag) => {
    expect(await complaintOf(() => request('a', flag, 'x'))).toMatchObject({ code: 'NamedParameterNotFound', hint: 'how a computer is reached stands in ~/.ssh/config: keys, ports, jump hosts' });
  });

  test('missing are told with a line to copy', async () => {
    expect(await complaintOf(() => asked(invokeCommand, 'uptime'))).toMatchObject({ code: 'MissingMandatoryParameter', hint: "invoke-command --computer-name web1,web2 'uptime'" });
  });

  test.each(['-oProxyCommand=x', '', 'web1,', '.web', 'web 1', 'web1;id', '$(id)', 'web/1', 'wéb', '-,web1'])('"%s" is no name', async (name) => {
    expect(await complaintOf(() => namesOf(`--computer-name=${name}`))).toMatchObject({ code: 'ParameterArgumentValidationError' });
  });

  test.each([
    [['web1', 'uptime'], 'computers stand behind a flag: invoke-command --computer-name web1 uptime'],
    [['web1', 'df', '/'], "computers stand behind a flag: invoke-command --computer-name web1 'df /'"],
    [['-Cn', 'web1', '{', 'uptime', '}'], 'a script block is a text in quotes: invoke-command --computer-name web1 uptime'],
    [['-Cn', 'web1', 'df', '/'], 'quote the text, or write -- before a program and its arguments; several computers are separated by commas'],
    [['-Cn', 'web1', '--file-path', 'a.sh', 'x', 'y'], 'arguments stand behind --: invoke-command --file-path a.sh -- x y'],
  ])('%j is told how it is written', async (argv, hint) => {
    expect(await complaintOf(() => asked(invokeCommand, ...argv))).toMatchObject({ code: 'PositionalParameterNotFound', hint });
  });
});

describe('the settings', () => {
  test.each([
    [['--env', 'A=1', '--env', 'B=x=y'], { environment: { A: '1', B: 'x=y' } }],
    [['--timeout', '90s'], { timeout: 90_000 }],
    [['--grace-period', '0'], { gracePeriod: 0 }],
    [['--throttle-limit', '16'], { throttleLimit: 16 }],
    [['--throttle-limit', '0'], { throttleLimit: 0 }],
    [['--throttle-limit', '99999999'], { throttleLimit: 10_000 }],
    [['--credential', 'deploy'], { credential: 'deploy' }],
    [['--port', '2222'], { port: 2222 }],
    [['--input-object', 'x', '--input-object', 'y'], { inputObject: ['x', 'y'] }],
    [['--in-disconnected-session'], { inDisconnectedSession: true }],
    [['--hide-computer-name'], { hideComputerName: true }],
    [['-HCN'], { hideComputerName: true }],
    [['--authentication', 'default'], {}],
  ])('%j is %j', async (argv, spec) => {
    expect(await specOf('a', ...argv)).toEqual({ computerName: ['web1'], scriptBlock: 'a', ...spec });
  });

  test('--input-object - hands the standard input over', async () => {
    const { what, inputDescriptor } = await request('a', '--input-object', '-');
    expect([what.spec['inputObject'], inputDescriptor]).toEqual([undefined, 0]);
  });

  test('--persist keeps the job', async () => {
    expect(await request('a', '--persist')).toMatchObject({ persist: true });
  });

  test('--job-name names the job', async () => {
    expect(await request('a', '--job-name', 'X')).toMatchObject({ name: 'X' });
  });

  test.each([
    [['--throttle-limit=-1'], 'ParameterArgumentValidationError'],
    [['--throttle-limit', 'many'], 'ParameterArgumentValidationError'],
    [['--port', '0'], 'ParameterArgumentValidationError'],
    [['--port', '65536'], 'ParameterArgumentValidationError'],
    [['--port', '22x'], 'ParameterArgumentValidationError'],
    [['--credential=-oX'], 'ParameterArgumentValidationError'],
    [['--credential', ''], 'ParameterArgumentValidationError'],
    [['--env', 'A'], 'ParameterArgumentValidationError'],
    [['--timeout', '5'], 'DurationInvalid'],
    [['--authentication', 'Basic'], 'AuthenticationNotSupported'],
    [['--authentication', 'x'], 'ParameterArgumentValidationError'],
    [['--job-name', 'x'.repeat(257)], 'ParameterArgumentValidationError'],
    [['--input-object', '-', '--input-object', 'x'], 'InvalidParameterCombination'],
    [['--in-disconnected-session', '--as-job'], 'InvalidParameterCombination'],
    [['--in-disconnected-session', '--job-name', 'X'], 'InvalidParameterCombination'],
    [['-o', 'id'], 'ParameterArgumentValidationError'],
    [['--as-job', '-o', 'xml'], 'ParameterArgumentValidationError'],
    [['--confirm'], 'ConfirmationRequired'],
    [['--run-as32'], 'NamedParameterNotFound'],
  ])('%j is %s, before there is a job', async (argv, code) => {
    expect(await complaintOf(() => request('a', ...argv))).toMatchObject({ code });
  });

  test('the standard input has room for one of two', async () => {
    expect(await complaintOf(() => asked(invokeCommand, '-Cn', '-', 'a', '--input-object', '-'))).toMatchObject({ code: 'InvalidParameterCombination' });
  });

  test('without ssh there is no job', async () => {
    vi.stubEnv('PATH', '/nowhere');
    expect(await complaintOf(() => request('a'))).toMatchObject({ code: 'RuntimeNotFound', message: 'no program is named "ssh" in PATH' });
  });

  test('--what-if asks what would be started, and starts nothing', async () => {
    const { result, out } = await printed(() => asked(invokeCommand, '-Cn', 'web1', 'a', '--what-if'));
    expect([result.call, out]).toEqual(['describeStart', '']);
  });
});
