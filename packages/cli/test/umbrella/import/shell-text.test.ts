import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { argvJob, programJob, quoteText, quoteWord, scriptJob } from '../../../src/umbrella/import/shell-text.ts';

const printed = (script: string, env: Record<string, string> = {}): string => execFileSync('sh', ['-c', script], { env: { ...process.env, ...env }, encoding: 'utf8' });

test.each(['plain', '', "it's", 'a b', '$HOME', '`id`', '$(id)', '*', '~', '-n', 'a\nb', '"', '\\', "'''", 'ü=1', '%h', '{{x}}'])('%j comes back from a shell as it was', (text) => {
  expect(printed(`printf %s ${quoteText(text)}`)).toBe(text);
});

test('a variable in a word keeps its blanks, a bare one is cut at them', () => {
  const word = [{ text: '--to=' }, { variable: 'TARGET' }, { text: "/it's" }];
  expect(printed(`printf '[%s]' ${quoteWord(word)} ${quoteWord([{ variable: 'OPTIONS', split: true }])}`, { TARGET: 'a b', OPTIONS: '-a  -b' })).toBe("[--to=a b/it's][-a][-b]");
});

test('an empty word is a word', () => {
  expect(quoteWord([])).toBe("''");
});

describe('what looks like a template', () => {
  test('stands in the arguments, where it is a value', () => {
    expect(programJob(['docker', 'ps', '--format', '{{.Names}}', '-a'])).toEqual({ command: ['docker', 'ps', '--format'], argumentList: ['{{.Names}}', '-a'] });
    expect(programJob(['{{x}}', 'y'])).toEqual({ command: ['env'], argumentList: ['{{x}}', 'y'] });
  });

  test('makes a text the argument of its shell', () => {
    expect(scriptJob("docker ps --format '{{.ID}}'")).toEqual({ command: ['sh', '-c'], argumentList: ["docker ps --format '{{.ID}}'"] });
    expect(scriptJob('echo {{x}} $1', 'bash', ['a'])).toEqual({ command: ['bash', '--noprofile', '--norc', '-c'], argumentList: ['echo {{x}} $1', 'bash', 'a'] });
  });
});

describe('an argument vector', () => {
  const words = (...texts: string[]) => texts.map((text) => [{ text }]);

  test.each([
    [['/bin/sh', '-c', 'date; ls'], { scriptBlock: 'date; ls' }],
    [['bash', '-ec', 'a\nb'], { shell: 'bash', scriptBlock: 'set -e\na\nb' }],
    [['sh', '-c', 'echo "$1"', 'name', 'x'], { scriptBlock: 'echo "$1"', argumentList: ['x'] }],
    [['bash', '-lc', 'x'], { command: ['bash', '-lc', 'x'] }],
    [['sh', '-c'], { command: ['sh', '-c'] }],
    [['echo', 'a b'], { command: ['echo', 'a b'] }],
  ])('%j becomes %j', (argv, job) => {
    expect(argvJob(words(...argv))).toEqual(job);
  });

  test('that begins in a folder keeps its words', () => {
    const { scriptBlock, argumentList } = argvJob(words('printf', '[%s]', 'a b', '$x'), '/tmp');
    expect(execFileSync('sh', ['-c', `pwd\n${scriptBlock}`, 'sh', ...(argumentList ?? [])], { encoding: 'utf8', cwd: '/' })).toBe('/\n[a b][$x]');
  });

  test('with a variable is run by a shell', () => {
    expect(printed(argvJob([[{ text: 'printf' }], [{ text: '[%s]' }], [{ text: 'x' }, { variable: 'A' }]]).scriptBlock as string, { A: ' y ' })).toBe('[x y ]');
  });
});
