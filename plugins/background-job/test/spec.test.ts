import { describe, expect, test } from 'vitest';
import { issuesOf, validate } from './background-job.ts';

const code = (issue: { code?: string }) => issue.code ?? 'DefinitionValueInvalid';

describe('what is to run', () => {
  test.each([
    [{ command: 'true' }, { command: ['true'] }],
    [{ command: 'my program' }, { command: ['my program'] }],
    [{ command: ['node', '', 'a b'] }, { command: ['node', '', 'a b'] }],
    [{ scriptBlock: ' echo hi \n' }, { scriptBlock: ' echo hi \n' }],
    [{ filePath: 'scripts/a.mjs' }, { filePath: 'scripts/a.mjs' }],
    [{ command: ['true'], scriptBlock: undefined }, { command: ['true'] }],
  ])('%j is accepted', (job, spec) => {
    expect(validate(job)).toEqual({ value: spec });
  });

  test('a misspelt key is unknown, and the key that was meant is the hint', () => {
    expect(issuesOf({ comand: [true] })).toEqual([
      { code: 'DefinitionKeyUnknown', message: '"job.comand" is not a key of a BackgroundJob', hint: 'did you mean "command"?', path: ['comand'], at: 'key' },
    ]);
  });

  test.each(['toString', '__proto__', 'constructor', 'zzz'])('the key %s is unknown and resembles nothing', (key) => {
    const [issue] = issuesOf(JSON.parse(`{"command":["true"],${JSON.stringify(key)}:1}`));
    expect(issue).toMatchObject({ code: 'DefinitionKeyUnknown', path: [key] });
    expect(issue).not.toHaveProperty('hint');
  });

  test.each([{}, { argumentList: ['a'] }, { zzz: 1 }])('%j says nothing to run: the three alternatives are named', (job) => {
    const [issue] = issuesOf(job).filter((issue) => issue.code === 'DefinitionKeyMissing');
    expect(issue?.message).toMatch(/"command", "scriptBlock" and "filePath"/);
  });

  test.each([
    [{ command: ['a'], scriptBlock: 'b' }, '"command" and "scriptBlock" exclude', 'scriptBlock'],
    [{ scriptBlock: 'b', filePath: 'c', command: ['a'] }, '"command", "scriptBlock" and "filePath" exclude', 'command'],
  ])('%j is one complaint, at the last of the keys', (job, names, last) => {
    expect(issuesOf(job)).toMatchObject([{ code: 'DefinitionKeysExclusive', message: expect.stringContaining(names), path: [last], at: 'key' }]);
  });
});

describe('a wrong value is refused where it stands', () => {
  test.each([
    ['command', 42, []],
    ['command', ['a', null], [1]],
    ['command', ['sleep', 5], [1]],
    ['command', [], []],
    ['command', '', [0]],
    ['command', ['  '], [0]],
    ['command', { a: 1 }, []],
    ['command', ['a', '{{ name }}'], [1]],
    ['command', null, []],
    ['scriptBlock', '', []],
    ['scriptBlock', 7, []],
    ['scriptBlock', 'echo ${{ github.token }}', []],
    ['scriptBlock', 'echo {{\nname\n}}', []],
    ['filePath', '{{ folder }}/a.sh', []],
    ['filePath', '', []],
    ['shell', 'zsh', []],
    ['shell', null, []],
    ['runtime', 'node@', []],
    ['runtime', 22, []],
    ['argumentList', 'a', []],
    ['argumentList', [Number.NaN], [0]],
    ['argumentList', [2 ** 53], [0]],
    ['initializationScript', '', []],
    ['initializationScript', '. {{ lib }}', []],
    ['workingDirectory', ' ', []],
    ['environment', ['A=1'], []],
    ['environment', { A: null }, ['A']],
    ['environment', { A: ['1'] }, ['A']],
    ['environment', { A: Number.POSITIVE_INFINITY }, ['A']],
    ['environment', { 'A=B': 'x' }, ['A=B']],
    ['environment', { '1X': 'x' }, ['1X']],
    ['environment', { '': 'x' }, ['']],
    ['environment', { NODE_OPTIONS: '--require x' }, ['NODE_OPTIONS']],
    ['environment', { LD_PRELOAD: 'x' }, ['LD_PRELOAD']],
    ['environment', { LD_AUDIT: 'x' }, ['LD_AUDIT']],
    ['environment', { DYLD_INSERT_LIBRARIES: 'x' }, ['DYLD_INSERT_LIBRARIES']],
    ['environment', { node_options: 'x' }, ['node_options']],
    ['secrets', ['env:A'], []],
    ['secrets', { LD_PRELOAD: 'env:A' }, ['LD_PRELOAD']],
    ['secrets', { IFS: 'env:A' }, ['IFS']],
    ['secrets', { NIGHTSHIFT_JOB_ID: 'env:A' }, ['NIGHTSHIFT_JOB_ID']],
    ['inputObject', 'a', []],
    ['inputObject', ['a', 1], [1]],
    ['successExitCodes', 0, []],
    ['successExitCodes', [0, 256], [1]],
    ['successExitCodes', [-1], [0]],
    ['successExitCodes', [1.5], [0]],
    ['successExitCodes', ['0'], [0]],
    ['outputFormat', 'json', []],
    ['streamCommands', 'yes', []],
    ['runAs32', 1, []],
    ['authentication', 'Password', []],
    ['credential', 0, []],
    ['credential', '', []],
  ])('%s: %j', (key, value, inside) => {
    const job = ['command', 'scriptBlock', 'filePath'].includes(key) ? { [key]: value } : { command: ['true'], [key]: value };
    const issues = issuesOf(job);
    expect(issues.map((issue) => [code(issue), issue.path])).toEqual([['DefinitionValueInvalid', [key, ...inside]]]);
    expect(issues[0]?.message).toContain(`"job.${key}`);
  });

  test.each([[{ a: 1 }], [['a']], [null]])('an argument %j is CannotSerializeData', (argument) => {
    expect(issuesOf({ command: ['true'], argumentList: ['a', argument] })).toMatchObject([{ code: 'CannotSerializeData', path: ['argumentList', 1] }]);
  });

  test.each([null, 42, 'true', ['true']])('%j instead of a map is refused', (job) => {
    expect(issuesOf(job)).toMatchObject([{ message: expect.stringContaining('"job" must be a map') }]);
  });

  test('a complaint about a name of a variable points to the name', () => {
    expect(issuesOf({ command: ['true'], environment: { 'A=B': 'x' } })).toMatchObject([{ at: 'key' }]);
  });

  test('the hint says how to write a number as text', () => {
    expect(issuesOf({ command: ['sleep', 5] })).toMatchObject([{ message: '"job.command[1]" must be text; it is a number', hint: 'put it in quotes: "5"' }]);
  });

  test('everything that is wrong is said at once', () => {
    const job = { comand: ['a'], scriptBlock: '', filePath: 7, shell: 'bsh', environment: { '1X': null, B: {} }, successExitCodes: [999] };
    expect(issuesOf(job).map((issue) => [code(issue), issue.path?.join('.'), issue.hint])).toEqual([
      ['DefinitionKeyUnknown', 'comand', 'did you mean "command"?'],
      ['DefinitionValueInvalid', 'scriptBlock', undefined],
      ['DefinitionValueInvalid', 'filePath', 'put it in quotes: "7"'],
      ['DefinitionValueInvalid', 'shell', 'did you mean "sh"?'],
      ['DefinitionValueInvalid', 'environment.1X', expect.stringContaining('letters')],
      ['DefinitionValueInvalid', 'environment.1X', undefined],
      ['DefinitionValueInvalid', 'environment.B', undefined],
      ['DefinitionValueInvalid', 'successExitCodes.0', undefined],
      ['DefinitionKeysExclusive', 'filePath', 'keep one of them'],
    ]);
  });
});

describe('secrets', () => {
  test.each(['env:REPORT_TOKEN', 'file:/run/secrets/token', 'keyring:report', 'systemd-cred:report'])('%s is a reference', (reference) => {
    expect(issuesOf({ command: ['true'], secrets: { TOKEN: reference } })).toEqual([]);
  });

  test.each([['hunter2'], ['env:'], ['env:not a name'], ['file:'], ['HUNTER2:x'], [20252025], [['hunter2']], [{ value: 'hunter2' }]])('%j is refused and nobody repeats it', (value) => {
    const issues = issuesOf({ command: ['true'], secrets: { TOKEN: value } });
    expect(issues).toMatchObject([{ path: ['secrets', 'TOKEN'], hint: 'write env:NAME or file:PATH' }]);
    expect(JSON.stringify(issues)).not.toMatch(/hunter2|20252025/i);
  });

  test('a secret in place of the map is not repeated either', () => {
    expect(JSON.stringify(issuesOf({ command: ['true'], secrets: 'hunter2' }))).not.toContain('hunter2');
  });
});

describe('what a valid key becomes', () => {
  test.each([
    ['argumentList', ['--verify', 7, 1.5, -0, true, ''], ['--verify', '7', '1.5', '0', 'true', '']],
    ['environment', { KEEP: 7, DEBUG: false, EMPTY: '' }, { KEEP: '7', DEBUG: 'false', EMPTY: '' }],
    ['environment', {}, {}],
    ['inputObject', ['a', ''], ['a', '']],
    ['successExitCodes', [0, 3, 255], [0, 3, 255]],
    ['outputFormat', 'NDJSON', 'ndjson'],
    ['authentication', 'default', 'Default'],
    ['shell', 'Bash', 'bash'],
    ['runtime', 'python3@3.12', 'python3@3.12'],
    ['streamCommands', false, false],
    ['runAs32', false, false],
    ['credential', 'backup', 'backup'],
    ['workingDirectory', '..', '..'],
  ])('%s: %j', (key, value, read) => {
    expect(validate({ command: ['true'], [key]: value })).toEqual({ value: { command: ['true'], [key]: read } });
  });

  test.each(['{{', 'a {{ b', '}} {{', '${HOME}', '{ { x } }', '}}'])('%s is no template', (text) => {
    expect(issuesOf({ scriptBlock: text })).toEqual([]);
  });

  test('an argument may hold what looks like a template, for programs with templates of their own', () => {
    expect(issuesOf({ command: ['docker', 'inspect'], argumentList: ['--format', '{{ .Id }}'] })).toEqual([]);
  });

  test('a text of a quarter megabyte of open braces is judged at once', () => {
    expect(issuesOf({ scriptBlock: '{{'.repeat(131_072) })).toEqual([]);
  });
});
