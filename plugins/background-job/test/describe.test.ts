import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeChecked, describeJob } from './background-job.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'background-job-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}
const inFolder = (job: object) => describeJob(job, { workingDirectory: folder });
const invalid = (message: string) => expect.objectContaining({ name: 'JobError', code: 'InvalidFilePathParameter', path: ['filePath'], message: expect.stringContaining(message) });

describe('a command', () => {
  test('is its words, followed by the arguments of the definition and then those of the request', () => {
    expect(describeJob({ command: ['node', 'a.mjs'], argumentList: [7] }, { argumentList: ['x y', 1, true] })).toEqual({ argv: ['node', 'a.mjs', '7', 'x y', '1', 'true'] });
  });

  test('takes numbers and truth from a caller that has built the spec, and no other values', () => {
    const spec = { command: ['node'] as const, argumentList: [7, true, 'x'] as never };
    expect(describeChecked(spec)).toEqual({ argv: ['node', '7', 'true', 'x'] });
    expect(() => describeChecked({ command: ['node'], argumentList: [{}] as never })).toThrow(expect.objectContaining({ code: 'CannotSerializeData' }));
  });

  test('given as one text is one program, blanks included', () => {
    expect(describeJob({ command: 'my program' })).toEqual({ argv: ['my program'] });
  });

  test.each([[{}], [[]], [null], [undefined], [Number.NaN], [() => {}]])('takes no argument %j from the library', (argument) => {
    expect(() => describeJob({ command: ['true'] }, { argumentList: ['a', argument] })).toThrow(expect.objectContaining({ code: 'CannotSerializeData', message: expect.stringContaining('argument 2') }));
  });
});

describe('a script text', () => {
  test('is shown as it was written', () => {
    expect(describeJob({ scriptBlock: ' echo hi \n' }).commandText).toBe(' echo hi \n');
  });

  test.each([
    [undefined, 'sh'],
    ['sh', 'sh'],
    ['bash', 'bash'],
    ['pwsh', 'pwsh'],
    ['node', process.execPath],
    ['python3', 'python3'],
  ])('with shell %s is run by %s', (shell, program) => {
    expect(describeJob({ scriptBlock: '1', shell }).argv[0]).toBe(program);
  });

  test('for pwsh is run without profile, and its arguments stay apart from it', () => {
    expect(describeJob({ scriptBlock: '$args', shell: 'pwsh' }).argv).toEqual(['pwsh', '-NoProfile', '-NonInteractive', '-Command', '$args']);
    expect(describeJob({ scriptBlock: '$args', shell: 'pwsh', argumentList: ['a b'] }).argv).toEqual(['pwsh', '-NoProfile', '-NonInteractive', '-CommandWithArgs', '$args', 'a b']);
  });
});

describe('a file', () => {
  test.each([
    ['a.js', [process.execPath]],
    ['a.mjs', [process.execPath]],
    ['a.cjs', [process.execPath]],
    ['a.ts', [process.execPath]],
    ['a.sh', ['sh']],
    ['a.bash', ['bash', '--noprofile', '--norc']],
    ['a.py', ['python3']],
    ['a.ps1', ['pwsh', '-NoProfile', '-File']],
    ['A.SH', ['sh']],
  ])('%s is run by its extension', (name, interpreter) => {
    const path = file(name);
    expect(inFolder({ filePath: name, argumentList: ['x'] })).toEqual({ argv: [...interpreter, path, 'x'], scriptFile: path });
  });

  test('of another name runs itself when it is executable', () => {
    const path = file('report', 0o700);
    expect(inFolder({ filePath: './report' })).toEqual({ argv: [path], scriptFile: path });
  });

  test('that nobody knows how to run is refused', () => {
    file('notes.txt');
    expect(() => inFolder({ filePath: 'notes.txt' })).toThrow(invalid('not executable'));
  });

  test.each(['missing.sh', 'folder.sh', 'missing/a.sh', `${'x'.repeat(300)}.sh`])('%s, which is no file, is refused', (name) => {
    mkdirSync(join(folder, 'folder.sh'));
    expect(() => inFolder({ filePath: name })).toThrow(invalid('is no file'));
  });

  test('may be absolute', () => {
    const path = file('a.sh');
    expect(describeJob({ filePath: path }, { workingDirectory: '/' }).scriptFile).toBe(path);
  });

  test('may be given by a pattern that one file matches', () => {
    const path = file('report-2026.sh');
    file('other.sh');
    mkdirSync(join(folder, 'report-folder'));
    mkdirSync(join(folder, 'below'));
    expect(inFolder({ filePath: 'report-*' }).scriptFile).toBe(path);
    expect(inFolder({ filePath: join(folder, 'report-????.sh') }).scriptFile).toBe(path);
    expect(describeJob({ filePath: '../report-[12]*.sh' }, { workingDirectory: join(folder, 'below') }).scriptFile).toBe(path);
  });

  test('whose own name holds pattern characters is found by that name first', () => {
    const path = file('a[1].sh');
    file('a1.sh');
    expect(inFolder({ filePath: 'a[1].sh' }).scriptFile).toBe(path);
  });

  test('in a folder whose name holds pattern characters is found', () => {
    const odd = join(folder, '[x]*');
    mkdirSync(odd);
    writeFileSync(join(odd, 'only.sh'), '');
    expect(describeJob({ filePath: '*.sh' }, { workingDirectory: odd }).scriptFile).toBe(join(odd, 'only.sh'));
  });

  test('may be given by a pattern of folders', () => {
    mkdirSync(join(folder, 'one'));
    mkdirSync(join(folder, 'two'));
    writeFileSync(join(folder, 'two', 'a.sh'), '');
    expect(inFolder({ filePath: 't*/?.sh' }).scriptFile).toBe(join(folder, 'two', 'a.sh'));
    expect(inFolder({ filePath: '*/a.sh' }).scriptFile).toBe(join(folder, 'two', 'a.sh'));
  });

  // Each of these kept a shell's pattern library busy for minutes, or longer than anybody waits.
  test.each(['*{1..99999999}', `*${'{a,b}'.repeat(40)}`, `*${'+(a|b*'.repeat(40)}${')'.repeat(40)}`, `${'*a'.repeat(2_000)}?`, '**/nope'])('given by the pattern %s is refused at once', (filePath) => {
    file('a'.repeat(200));
    expect(() => inFolder({ filePath })).toThrow(invalid('no file matches'));
  });

  test('is not searched for among more than 10,000 names', () => {
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      for (let i = 0; i < 5_000; i++) writeFileSync(join(folder, name, `${i}`), '');
    }
    expect(() => inFolder({ filePath: '*/x' })).toThrow(invalid('no file matches'));
    expect(() => inFolder({ filePath: '*/x*' })).toThrow(invalid('more than 10,000 names'));
  });

  test('with more characters than any path has is refused, and shown in part', () => {
    expect(() => inFolder({ filePath: 'a'.repeat(5_000) })).toThrow(invalid('no path has 5000 characters'));
    expect(() => inFolder({ filePath: 'a'.repeat(4_000) })).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{190,230}$/) as string }));
  });

  test('given by a pattern that several files match, or none, is refused', () => {
    const [a, b] = [file('a.sh'), file('b.sh')];
    expect(() => inFolder({ filePath: '*.sh' })).toThrow(invalid(`matches 2: "${a}", "${b}"`));
    expect(() => inFolder({ filePath: '*.py' })).toThrow(invalid('no file matches'));
  });
});

describe('the settings of a definition', () => {
  test.each([
    [{ workingDirectory: '..' }, { workingDirectory: '/srv' }],
    [{ workingDirectory: '/data' }, { workingDirectory: '/data' }],
    [{ environment: { KEEP: 7 } }, { environment: { KEEP: '7' } }],
    [{ inputObject: ['a', 'b'] }, { input: ['a', 'b'] }],
    [{ successExitCodes: [0, 3] }, { successExitCodes: [0, 3] }],
    [{ outputFormat: 'text' }, { outputFormat: 'lines' }],
    [{ outputFormat: 'ndjson' }, { outputFormat: 'ndjson' }],
    [{ credential: 'backup' }, { user: 'backup' }],
    [{ streamCommands: false }, { streamCommands: false }],
    [{ runAs32: false, authentication: 'Default', secrets: {} }, { secrets: {} }],
    [{ secrets: { TOKEN: 'env:TOKEN', KEY: 'file:key' } }, { secrets: { TOKEN: 'env:TOKEN', KEY: 'file:key' } }],
  ])('%j becomes %j', (job, settings) => {
    expect(describeJob({ command: ['true'], ...job }, { workingDirectory: '/srv/app' })).toEqual({ argv: ['true'], ...settings });
  });

  test.each([
    [{ runAs32: true }, 'RunAs32NotSupported', 'job.runAs32'],
    [{ authentication: 'Kerberos' }, 'AuthenticationNotSupported', 'Kerberos'],
    [{ runtime: 'node@22' }, 'DefinitionValueInvalid', 'job.runtime goes with a text or a file'],
    [{ shell: 'bash' }, 'DefinitionValueInvalid', 'job.shell goes with a text'],
  ])('%j is refused at the start instead of being ignored', (job, code, message) => {
    expect(() => describeJob({ command: ['true'], ...job })).toThrow(expect.objectContaining({ name: 'JobError', code, path: Object.keys(job), message: expect.stringContaining(message) }));
  });
});

describe('a runtime', () => {
  test.each([
    ['node', [process.execPath, '--eval=x', '--', '[eval]', 'a']],
    ['sh', ['sh', '-c', '--', 'x', 'sh', 'a']],
    ['bash', ['bash', '--noprofile', '--norc', '-c', '--', 'x', 'bash', 'a']],
    ['python3', ['python3', '-c', 'x', 'a']],
    ['perl', ['perl', '-e', 'x', 'a']],
    ['ruby', ['ruby', '-e', 'x', 'a']],
    ['php', ['php', '-r', 'x', 'a']],
    ['fish', ['fish', '-c', 'x', 'a']],
    ['/opt/bin/perl', ['/opt/bin/perl', '-e', 'x', 'a']],
  ])('%s takes a text in its own way', (runtime, argv) => {
    expect(describeChecked({ scriptBlock: 'x', runtime, argumentList: ['a'] })).toEqual({ argv, commandText: 'x' });
  });

  test.each([
    ['sh', ['sh']], ['bash', ['bash', '--noprofile', '--norc']], ['pwsh', ['pwsh', '-NoProfile', '-File']], ['deno', ['deno', 'run']], ['perl', ['perl']],
  ])('%s takes a file, whatever its extension says', (runtime, before) => {
    const path = file('a.js');
    expect(inFolder({ filePath: 'a.js', runtime, argumentList: ['x'] })).toEqual({ argv: [...before, path, 'x'], scriptFile: path });
  });

  test('may be wanted in a version, which is told apart from its name', () => {
    expect(describeJob({ scriptBlock: 'x', runtime: 'python3@3.12' })).toMatchObject({ argv: ['python3', '-c', 'x'], version: '3.12' });
    file('a.txt');
    expect(inFolder({ filePath: 'a.txt', runtime: 'sh@5' })).toMatchObject({ argv: ['sh', join(folder, 'a.txt')], version: '5' });
  });

  test.each([
    [{ command: ['true'], runtime: 'node' }, 'DefinitionValueInvalid'],
    [{ scriptBlock: 'x', runtime: 'node', shell: 'sh' }, 'DefinitionKeysExclusive'],
    [{ command: ['true'], shell: 'sh' }, 'DefinitionValueInvalid'],
  ])('and what it cannot stand beside: %j is %s', (job, code) => {
    expect(() => describeJob(job)).toThrow(expect.objectContaining({ code }));
  });
});

describe('how it runs', () => {
  test.each([
    [{ inputObject: ['a', 'b,c'] }, { input: ['a', 'b,c'] }],
    [{ successExitCodes: [0, 3] }, { successExitCodes: [0, 3] }],
    [{ outputFormat: 'ndjson' }, { outputFormat: 'ndjson' }],
    [{ outputFormat: 'text' }, { outputFormat: 'lines' }],
    [{ streamCommands: false }, { streamCommands: false }],
    [{ mergeStreams: true }, { mergeStreams: true }],
    [{ timeout: 90_000 }, { timeout: 90_000 }],
    [{ gracePeriod: 500 }, { gracePeriod: 500 }],
    [{ credential: 'nobody' }, { user: 'nobody' }],
  ] as const)('%j is %j', (job, command) => {
    expect(describeChecked({ command: ['true'], ...job })).toEqual({ argv: ['true'], ...command });
  });

  test.each([[{ runAs32: true }, 'RunAs32NotSupported'], [{ authentication: 'Kerberos' }, 'AuthenticationNotSupported']])('%j is %s', (job, code) => {
    expect(() => describeJob({ command: ['true'], ...job })).toThrow(expect.objectContaining({ code }));
  });
});
