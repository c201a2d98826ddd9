import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newPlace } from './product.ts';

interface Interpreter {
  readonly shell: string;
  readonly extension: string;
  /** Defines a function, a variable and prints a line. */
  readonly first: string;
  /** Prints what `first` made, and its arguments. */
  readonly body: string;
  readonly prints: string;
  /** Each ends the initialization with another exit code than 0. */
  readonly failures: readonly (readonly [text: string, exitCode: number])[];
}

const SHELL = {
  first: 'greet() { echo "hello $1"; }\nname="it\'s"; export name\necho early',
  body: 'greet "$name"; echo "$# $*"',
  prints: "early\nhello it's\n2 a b  c\n",
  failures: [['exit 4', 4], ['false', 1], ['set -e; false; true', 1], ['echo "unfinished', 2], ['no-such-program-here', 127]],
} as const;

const ALL: readonly Interpreter[] = [
  { shell: 'sh', extension: 'sh', ...SHELL },
  { shell: 'bash', extension: 'bash', ...SHELL, failures: [['exit 4', 4], ['false', 1], ['set -e; false; true', 1], ['no-such-program-here', 127]] },
  {
    shell: 'node', extension: 'cjs',
    first: 'const greet = (name) => console.log(`hello ${name}`); let name = "it\'s"; console.log("early");',
    body: 'greet(name); console.log(process.argv.slice(2).length, ...process.argv.slice(2));',
    prints: "early\nhello it's\n2 a b  c\n",
    failures: [['process.exit(4)', 4], ['process.exitCode = 5', 5], ['throw new Error("no")', 1], ['const =', 1]],
  },
  {
    shell: 'python3', extension: 'py',
    first: 'def greet(name):\n    print("hello", name)\nname = "it\'s"\nprint("early")',
    body: 'import sys\ngreet(name)\nprint(len(sys.argv[1:]), *sys.argv[1:])',
    prints: "early\nhello it's\n2 a b  c\n",
    failures: [['import sys; sys.exit(4)', 4], ['raise ValueError("no")', 1], ['def', 1]],
  },
];
const INTERPRETERS = ALL.filter(({ shell }) => isThere(shell));

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return program === 'sh';
  }
}

/** Goes into the folder D. */
const intoD: Readonly<Record<string, string>> = { node: "process.chdir('D')", python3: "import os; os.chdir('D')" };

describe.each(INTERPRETERS)('an initialization script in $shell', ({ shell, extension, first, body, prints, failures }) => {
  test('runs in the process of a text: functions and variables are there, arguments and output in their places', async () => {
    const place = newPlace();
    expect(await place.run('start-job', ['--shell', shell, '--initialization-script', first, body, '--wait', '--', 'a', 'b  c'])).toMatchObject({ code: 0, stdout: prints, stderr: '' });
    expect(await place.job(1)).toMatchObject({ state: 'Completed', command: body });
  });

  test.skipIf(shell === 'node')('runs in the process of a script file', async () => {
    const place = newPlace();
    const file = join(place.work, `it's a script.${extension}`);
    writeFileSync(file, body);
    expect(await place.run('start-job', ['--initialization-script', first, '--file-path', file, '--wait', '--', 'a', 'b  c'])).toMatchObject({ code: 0, stdout: prints, stderr: '' });
    expect(await place.job(1)).toMatchObject({ state: 'Completed', command: file });
  });

  test.each(failures)('that fails (%j) keeps the text from running', async (failure, exitCode) => {
    const place = newPlace();
    await place.start('--shell', shell, '--initialization-script', failure, '--success-exit-codes', '0,1,2,4,5,127', shell === 'node' ? 'console.log("body")' : shell === 'python3' ? 'print("body")' : 'echo body');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode, statusMessage: `initialization script exited with code ${exitCode}` });
    expect(await place.stdoutOf('receive-job', '1', '--stream', 'output')).toBe('');
  });

  test('that goes well leaves the blame with the text', async () => {
    const place = newPlace();
    await place.start('--shell', shell, '--initialization-script', first, shell === 'node' ? 'process.exit(6)' : shell === 'python3' ? 'import sys; sys.exit(6)' : 'exit 6');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', exitCode: 6, statusMessage: 'the command exited with code 6' });
  });

  test('that a signal ends says so', async () => {
    const place = newPlace();
    const kill = { node: "process.kill(process.pid, 'SIGKILL')", python3: 'import os; os.kill(os.getpid(), 9)' }[shell] ?? 'kill -KILL $$';
    await place.start('--shell', shell, '--initialization-script', kill, 'echo body');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'signal', signal: 'SIGKILL', statusMessage: 'initialization script was ended by signal SIGKILL' });
  });

  test.each([
    ['no-such-program', 'ProgramNotFound: no program is named "no-such-program" (PATH: '],
    ['./data', 'NotExecutable: "<work>/D/data" may not be executed'],
    ['./D', 'NotExecutable: "<work>/D/D" is a folder'],
    ['./script', 'InterpreterNotFound: the first line of "<work>/D/script" names "/no/such/interpreter", which is not there'],
  ])('before a program that cannot be started is Failed (spawn), as without it: %s', async (program, message) => {
    const place = newPlace();
    mkdirSync(join(place.work, 'D/D'), { recursive: true });
    writeFileSync(join(place.work, 'D/data'), 'x');
    writeFileSync(join(place.work, 'D/script'), '#!/no/such/interpreter\n', { mode: 0o755 });
    await place.start('--shell', shell, '--initialization-script', intoD[shell] ?? 'cd D', '--', program, 'x');
    const job = await place.finished(1);
    expect(job).toMatchObject({ state: 'Failed', reason: 'spawn', exitCode: null, signal: null });
    expect(job.statusMessage).toContain(message.replace('<work>', place.work));
  });

  test.each([126, 127])('before a program that exits with %i leaves it its code', async (code) => {
    const place = newPlace();
    await place.start('--shell', shell, '--initialization-script', intoD[shell] === undefined ? ':' : 'A = 1', '--', 'sh', '-c', `exit ${code}`);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: code, statusMessage: `the command exited with code ${code}` });
  });

  test('before a program hands over folder and environment, and not its own functions', async () => {
    const place = newPlace();
    mkdirSync(join(place.work, 'D'));
    const chdir = { node: "process.chdir('D'); process.env.A = 'from init'", python3: "import os; os.chdir('D'); os.environ['A'] = 'from init'" }[shell] ?? "cd D; A='from init'; export A";
    expect(await place.run('start-job', ['--shell', shell, '--initialization-script', chdir, '--wait', '--', 'sh', '-c', 'pwd; echo "$A"; echo "$1"; exit 3', 'sh', "it's  $HOME"])).toMatchObject({ code: 3, stdout: `${place.work}/D\nfrom init\nit's  $HOME\n`, stderr: 'the command exited with code 3\n' });
  });
});

describe('an initialization script before a Node file', () => {
  test.each([['cjs', 'globalThis.greeting'], ['mjs', 'globalThis.greeting']])('of the kind .%s shares the global object, and the file is the main module', async (extension, greeting) => {
    const place = newPlace();
    const file = join(place.work, `main.${extension}`);
    writeFileSync(file, `console.log(${greeting}, process.argv[1], ...process.argv.slice(2));`);
    expect(await place.run('start-job', ['--initialization-script', 'globalThis.greeting = "hello"', '--file-path', file, '--wait', '--', 'a'])).toMatchObject({ code: 0, stdout: `hello ${file} a\n`, stderr: '' });
  });
});

describe('an initialization script before a file', () => {
  test('that is a program by itself runs in sh, whose exported variables the program inherits', async () => {
    const place = newPlace();
    const file = join(place.work, 'program');
    writeFileSync(file, '#!/bin/sh\necho "$A $0 $*"\n', { mode: 0o755 });
    expect(await place.run('start-job', ['--initialization-script', 'export A=from-init', '--file-path', file, '--wait', '--', 'x'])).toMatchObject({ code: 0, stdout: `from-init ${file} x\n`, stderr: '' });
  });

  test('lets the script find its neighbours', async () => {
    const place = newPlace();
    mkdirSync(join(place.work, 'D'));
    writeFileSync(join(place.work, 'D/neighbour.sh'), 'echo neighbour');
    writeFileSync(join(place.work, 'D/main.sh'), '. "$(dirname "$0")/neighbour.sh"');
    writeFileSync(join(place.work, 'D/neighbour.py'), 'print("neighbour")');
    writeFileSync(join(place.work, 'D/main.py'), 'import neighbour');
    for (const file of ['D/main.sh', ...(isThere('python3') ? ['D/main.py'] : [])]) {
      expect(await place.run('start-job', ['--initialization-script', 'A=1', '--file-path', file, '--wait']), file).toMatchObject({ code: 0, stdout: 'neighbour\n', stderr: '' });
    }
  });
});
