import { expect, test } from 'vitest';
import { misplacedArguments } from '../../src/options/misplaced-arguments.ts';
import { startJob } from '../../src/verbs/start-job.ts';

const hint = (values: Readonly<Record<string, string>>, ...words: string[]) => misplacedArguments(startJob.table, (flag) => values[flag], words);

test('words beside a file are shown behind the dashes, quoted where a shell needs it', () => {
  expect(hint({ 'file-path': 's.sh' }, 'a', "it's", '')).toBe(`arguments stand behind --: start-job --file-path s.sh -- a 'it'\\''s' ''`);
  expect(hint({ 'literal-path': 'a b.sh' }, 'a')).toBe(`arguments stand behind --: start-job --literal-path 'a b.sh' -- a`);
});

test("PowerShell's braces are told to be quotes", () => {
  expect(hint({ 'script-block': '{' }, 'echo', 'hi', '}')).toBe("a script block is a text in quotes: start-job --script-block 'echo hi'");
});

test('beside nothing that takes arguments they mean something else', () => {
  expect(hint({ name: 'x' }, 'a', 'b')).toBeUndefined();
});
