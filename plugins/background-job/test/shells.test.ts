import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeJob } from './background-job.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'background-job-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Standard output of the program that a `job:` part describes. */
function outputOf(job: object, environment: NodeJS.ProcessEnv = process.env): string {
  const { argv } = describeJob(job, { workingDirectory: folder });
  const [program, ...words] = argv;
  return execFileSync(program, words, { encoding: 'utf8', env: environment });
}

const isInstalled = (program: string) => spawnSync(program, ['--version']).error === undefined;

// What a shell, an option parser, a template or a path lookup might take for its own.
const TRICKY = [
  'plain', '', ' ', 'a b', "it's", '"quoted"', '$HOME', '${HOME}', '$(id)', '`id`', '\\', '\\n', 'a\nb', 'a\tb', '\u001b[31m', '*', '?', '[a-z]', '~', '~root',
  ';id', '|id', '&', '&&id', '>x', '<x', '#c', '!x', '^', '%PATH%', '-', '--', '-c', '-e', '--eval', '--version', '-NoProfile', '@file', '{{ x }}', 'ä€😀',
];

/** Prints each argument in brackets, in the language of the shell. */
const PRINTERS = {
  sh: `for word in "$@"; do printf '[%s]' "$word"; done`,
  bash: `for word in "$@"; do printf '[%s]' "$word"; done`,
  node: "process.stdout.write(process.argv.slice(2).map((word) => `[${word}]`).join(''))",
  python3: "import sys\nsys.stdout.reconfigure(encoding='utf-8')\nsys.stdout.write(''.join('[%s]' % word for word in sys.argv[1:]))",
  pwsh: "[Console]::Write(-join ($args | ForEach-Object { '[' + $_ + ']' }))",
};
type ShellName = keyof typeof PRINTERS;
const installed = (Object.keys(PRINTERS) as ShellName[]).filter(isInstalled);
/** Rows whose first word is a shell of this machine. */
const here = <Row extends readonly [ShellName, ...unknown[]]>(rows: readonly Row[]) => rows.filter(([shell]) => installed.includes(shell));

describe.each(installed)('a text for %s', (shell) => {
  test('sees exactly the arguments of the definition', () => {
    const argumentList = TRICKY;
    expect(outputOf({ scriptBlock: PRINTERS[shell], shell, argumentList })).toBe(argumentList.map((word) => `[${word}]`).join(''));
  });

  test.each(['--', '-c', '-x', '', '--version'])('sees an only argument %j', (word) => {
    expect(outputOf({ scriptBlock: PRINTERS[shell], shell, argumentList: [word] })).toBe(`[${word}]`);
  });

  test('sees no argument when there is none', () => {
    expect(outputOf({ scriptBlock: PRINTERS[shell], shell })).toBe('');
  });
});

describe('a text', () => {
  test.each(here([
    ['sh', 'echo "$1-$2"'],
    ['bash', 'echo "${1}-${@:2}"'],
    ['node', 'console.log(process.argv.slice(2).join("-"))'],
    ['python3', 'import sys; print("-".join(sys.argv[1:]))'],
    ['pwsh', '[Console]::WriteLine($args[0] + "-" + $args[1])'],
  ]))('for %s reads its arguments as usual there', (shell, scriptBlock) => {
    expect(outputOf({ scriptBlock, shell, argumentList: ['a', 2] })).toBe('a-2\n');
  });

  test.each(here([
    ['sh', '-x 2>/dev/null || echo ran'],
    ['bash', '-x 2>/dev/null || echo ran'],
    ['node', '-1; console.log("ran")'],
    ['python3', '-1; print("ran")'],
  ]))('for %s that begins with "-" is a text and no option', (shell, scriptBlock) => {
    expect(outputOf({ scriptBlock, shell })).toBe('ran\n');
  });

  test('for node may import modules', () => {
    expect(outputOf({ scriptBlock: 'import { basename } from "node:path";\nconsole.log(basename("/a/b"))', shell: 'node' })).toBe('b\n');
  });

  test.each(here([['sh'], ['bash']]))('for %s reads none of the profiles in HOME, not even where ssh seems to have begun it', (shell) => {
    for (const profile of ['.profile', '.bash_profile', '.bash_login', '.bashrc', '.shrc']) writeFileSync(join(folder, profile), 'echo profile\n');
    const environment = { PATH: process.env['PATH'], HOME: folder, SSH_CLIENT: '::1 1 22', SSH2_CLIENT: '::1 1 22', SHLVL: '0' };
    expect(outputOf({ scriptBlock: 'echo body', shell }, environment)).toBe('body\n');
  });
});

describe('a file', () => {
  test.each(here([
    ['node', 'print.mjs', 0o600, PRINTERS.node],
    ['node', 'print.js', 0o600, PRINTERS.node],
    ['node', 'print.cjs', 0o600, PRINTERS.node],
    ['node', 'print.ts', 0o600, `const words: string[] = [];\n${PRINTERS.node}`],
    ['sh', 'print.sh', 0o600, PRINTERS.sh],
    ['bash', 'print.bash', 0o600, `words=("$@"); set -- "\${words[@]}"; ${PRINTERS.bash}`],
    ['python3', 'print.py', 0o600, PRINTERS.python3],
    ['pwsh', 'print.ps1', 0o600, PRINTERS.pwsh],
    ['sh', 'print', 0o700, `#!/bin/sh\n${PRINTERS.sh}`],
    ['sh', '-print', 0o700, `#!/bin/sh\n${PRINTERS.sh}`],
  ]))('for %s, %s, receives its arguments unchanged', (_shell, name, mode, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    expect(outputOf({ filePath: name, argumentList: TRICKY })).toBe(TRICKY.map((word) => `[${word}]`).join(''));
  });
});
