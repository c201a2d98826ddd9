import { describe, expect, test } from 'vitest';
import { partsOf } from './console-block.ts';
import { isShown } from './shown-output.ts';

const block = (...lines: string[]): string => ['```console', ...lines, '```'].join('\n');

describe('a block of a document', () => {
  test.each([
    ['a command without output', ['$ true'], [{ command: 'true', shown: [] }]],
    ['commands with output', ['$ a', '1', '2', '$ b', '3'], [{ command: 'a', shown: ['1', '2'] }, { command: 'b', shown: ['3'] }]],
    ['a command of several lines', ['$ for i in 1; do', '>   echo $i', '> done', '1'], [{ command: 'for i in 1; do\n  echo $i\ndone', shown: ['1'] }]],
    ['a command that brings a text', ["$ cat > f <<'END'", '$ no command', 'END', 'shown'], [{ command: "cat > f <<'END'\n$ no command\nEND", shown: ['shown'] }]],
  ] as const)('holds %s', (_, lines, steps) => {
    expect(partsOf(block(...lines))).toEqual([{ line: 1, steps }]);
  });

  test('is not run when the line above says why', () => {
    expect(partsOf(`<!-- not run: it needs the network -->\n${block('$ npm ci')}`)).toEqual([{ line: 2, notRun: 'it needs the network', steps: [{ command: 'npm ci', shown: [] }] }]);
  });

  test('comes after what is given', () => {
    expect(partsOf(`<!-- given: git init -->\n\n${block('$ git status')}`)).toMatchObject([{ line: 1, given: 'git init' }, { line: 3 }]);
  });

  test('of another language is left alone', () => {
    expect(partsOf('```sh\nnpm ci\n```\n\n```yaml\na: 1\n```\n')).toEqual([]);
  });

  test.each([['output before any command', block('1')], ['a text without an end', block("$ cat <<'END'", 'x')], ['no end', '```console\n$ true']])('with %s is refused', (_, text) => {
    expect(() => partsOf(text)).toThrow(/line 1|line 2/);
  });
});

describe('what is shown', () => {
  test.each([
    ['the same', ['a', 'b'], 'a\nb\n'],
    ['any text for …', ['Id …x', 'b'], 'Id 12 x\nb\n'],
    ['any lines for …', ['a', '…', 'z'], 'a\nb\nc\nz\n'],
    ['no line for …', ['a', '…'], 'a\n'],
    ['another instance id', ['"01900000-0000-7000-8000-000000000000"'], '"01a20526-3d87-7eb0-aba7-81324308f4b5"\n'],
    ['another time', ['2026-11-22T21:25:21.933Z'], '2031-01-01T00:00:00.000Z\n'],
    ['a wider table', ['Id  Name  State', '1   A     Running'], 'Id  Name         State\n1   A            Running\n'],
  ])('is %s', (_, shown, printed) => {
    expect(isShown(shown, printed)).toBe(true);
  });

  test.each([
    ['a line more', ['a'], 'a\nb\n'],
    ['a line less', ['a', 'b'], 'a\n'],
    ['another id', ['Id  Name', '3   A'], 'Id  Name\n1   A\n'],
    ['a caret elsewhere', ['  1 | a', '    | ^'], '  1 | a\n    |  ^\n'],
    ['a dot for any letter', ['a.c'], 'abc\n'],
  ])('is not %s', (_, shown, printed) => {
    expect(isShown(shown, printed)).toBe(false);
  });
});
