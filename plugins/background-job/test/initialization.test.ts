import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackgroundSpec } from '@nightshift/background-job';
import { describeChecked } from './background-job.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'background-job-')));
  mkdirSync(join(folder, '1'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const isInstalled = (program: string) => spawnSync(program, ['--version']).error === undefined;
const SHELLS = (['sh', 'bash', 'node', 'python3', 'pwsh'] as const).filter((shell) => shell === 'sh' || isInstalled(shell));
type Shell = (typeof SHELLS)[number];

/** Runs what a `job:` part describes as the launcher would. */
function run(job: BackgroundSpec): { status: number | null; stdout: string; stderr: string; isInitialized: boolean } {
  const { argv } = describeChecked(job, { workingDirectory: folder });
  const [program, ...words] = argv;
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', cwd: folder, env: { ...process.env, NIGHTSHIFT_RUN_DIR: folder, NIGHTSHIFT_ATTEMPT: '1' } });
  return { status, stdout, stderr, isInitialized: existsSync(join(folder, '1', 'initialized')) };
}

/** In each language: a value that is made, how it is printed, and how it ends with 4. */
const LANGUAGE: Readonly<Record<Shell, { make: (text: string) => string; print: string; fail: string }>> = {
  sh: { make: (text) => `made='${text.replaceAll("'", `'\\''`)}'`, print: `printf '%s' "$made"`, fail: 'exit 4' },
  bash: { make: (text) => `made='${text.replaceAll("'", `'\\''`)}'`, print: `printf '%s' "$made"`, fail: 'exit 4' },
  node: { make: (text) => `const made = ${JSON.stringify(text)}`, print: 'process.stdout.write(made)', fail: 'process.exit(4)' },
  python3: { make: (text) => `made = ${JSON.stringify(text)}`, print: "import sys; sys.stdout.buffer.write(made.encode('utf-8'))", fail: 'raise SystemExit(4)' },
  pwsh: { make: (text) => `$made = '${text.replaceAll("'", "''")}'`, print: '[Console]::Write($made)', fail: 'exit 4' },
};

const TRICKY = ['plain', "it's", '"double"', '$HOME `id` $(id)', 'back\\slash \\n', 'two\nlines', '{{ x }}', '%s', 'ä€😀', '#', ';', '\u2028'];

describe.each(SHELLS)('an initialization script for %s', (shell) => {
  const { make, print, fail } = LANGUAGE[shell];

  test.each(TRICKY)('hands %j over to the text as it is', (value) => {
    expect(run({ scriptBlock: print, shell, initializationScript: make(value) })).toEqual({ status: 0, stdout: value, stderr: '', isInitialized: true });
  });

  test('that fails leaves no mark, and the text does not run', () => {
    expect(run({ scriptBlock: print, shell, initializationScript: `${make('x')}\n${fail}` })).toEqual({ status: 4, stdout: '', stderr: '', isInitialized: false });
  });

  test('that goes well leaves its mark before the text begins', () => {
    expect(run({ scriptBlock: fail, shell, initializationScript: make('x') })).toEqual({ status: 4, stdout: '', stderr: '', isInitialized: true });
  });

  test('leaves the job with the command that people know', () => {
    expect(describeChecked({ scriptBlock: ` ${print}`, shell, initializationScript: make('x') })).toMatchObject({ commandText: ` ${print}`, initializes: true });
  });

  test('before a program keeps every word of it', () => {
    const words = TRICKY.filter((word) => word !== '\u2028');
    const job: BackgroundSpec = { command: ['sh', '-c', 'printf "[%s]" "$@"', 'sh', ...words], shell, initializationScript: make('x') };
    expect(run(job)).toMatchObject({ status: 0, stdout: words.map((word) => `[${word}]`).join(''), isInitialized: true });
    expect(describeChecked(job)).toMatchObject({ commandWords: job.command, initializes: true });
  });
});

describe('an initialization script in a shell', () => {
  test.each(['false', 'set -e; false; true', 'return 3', 'no-such-program'])('fails where it ends badly: %j', (initializationScript) => {
    expect(run({ scriptBlock: 'echo body', initializationScript })).toMatchObject({ status: expect.any(Number), stdout: '', isInitialized: false });
    expect(run({ scriptBlock: 'echo body', initializationScript }).status).not.toBe(0);
  });

  test('may end in a line without an end, a comment or a here-document', () => {
    for (const initializationScript of ['a=1 # comment', 'a=1\n', 'cat > /dev/null <<X\ntext\nX', 'a=1 \\\n b=2']) expect(run({ scriptBlock: 'echo body', initializationScript }).stdout, initializationScript).toBe('body\n');
  });

  test('may turn on options that hold in the text', () => {
    expect(run({ scriptBlock: 'false; echo not reached', initializationScript: 'set -e' })).toMatchObject({ status: 1, stdout: '', isInitialized: true });
  });

  test('sees the arguments of the text', () => {
    expect(run({ scriptBlock: 'echo "body $*"', initializationScript: 'echo "first $*"', argumentList: ['a', 'b'] }).stdout).toBe('first a b\nbody a b\n');
  });
});

describe('an initialization script before a file', () => {
  const file = (name: string, text: string, mode = 0o600): string => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
    return join(folder, name);
  };

  test.each([
    ["it's.sh", 'made=x', 'echo "$made $0 $*"'],
    ["it's.cjs", 'globalThis.made = "x"', 'console.log(globalThis.made, process.argv[1], ...process.argv.slice(2)); if (require.main !== module) throw new Error("not the main module");'],
    ["it's.mjs", 'globalThis.made = "x"', 'import { argv } from "node:process"; console.log(globalThis.made, argv[1], ...argv.slice(2));'],
    ...(isInstalled('python3') ? [["it's.py", 'made = "x"', 'import sys\nassert __name__ == "__main__"\nprint(made, __file__, *sys.argv[1:])']] : []),
  ] as [string, string, string][])('%s shares what it made, and sees its own name and arguments', (name, initializationScript, text) => {
    const path = file(name, text);
    expect(run({ filePath: name, initializationScript, argumentList: ['a', 'b  c'] })).toEqual({ status: 0, stdout: `x ${path} a b  c\n`, stderr: '', isInitialized: true });
    expect(describeChecked({ filePath: name, initializationScript }, { workingDirectory: folder })).toMatchObject({ scriptFile: path, initializes: true });
  });

  test('that is a program of its own runs in sh', () => {
    file('program', '#!/bin/sh\necho "$made $*"\n', 0o755);
    expect(run({ filePath: 'program', initializationScript: 'export made=x', argumentList: ['a'] })).toMatchObject({ status: 0, stdout: 'x a\n' });
  });

  test('of a runtime that knows no initialization is refused by name', () => {
    file('a.pl', 'print 1');
    expect(() => describeChecked({ filePath: 'a.pl', runtime: 'perl', initializationScript: 'x' }, { workingDirectory: folder })).toThrow(expect.objectContaining({ code: 'DefinitionValueInvalid', path: ['initializationScript'], message: expect.stringContaining('"perl"') }));
  });
});

test.each([['text', { scriptBlock: 'echo x' }], ['program', { command: ['echo', 'x'] }]] as [string, BackgroundSpec][])('an empty initialization script before a %s is none', (_what, job) => {
  expect(describeChecked({ ...job, initializationScript: '' })).toEqual(describeChecked(job));
});
