import { describe, expect, test } from 'vitest';
import { brief, errorsOf, marked } from './folder.ts';

describe('a mistake in YAML', () => {
  test.each([
    ['an empty file', '', 'DefinitionEmpty 1:1', 'no definition'],
    ['comments only', '# one\n# two\n', 'DefinitionEmpty 1:1', 'no definition'],
    ['a document start only', '---\n', 'DefinitionEmpty 1:1', 'no definition'],
    ['a list at the top', '- job\n', 'DefinitionValueInvalid 1:1', 'not a list'],
    ['a scalar at the top', 'job\n', 'DefinitionValueInvalid 1:1', 'not a single value'],
    ['null at the top', 'null\n', 'DefinitionValueInvalid 1:1', 'not a single value'],
    ['no blank after the colon', 'job:{}\n', 'DefinitionValueInvalid 1:1', 'not a single value'],
    ['a tab as indentation', 'job:\n\tcommand: [true]\n', 'DefinitionSyntaxError 2:1', 'tab'],
    ['a tab after blanks', 'job:\n  a: 1\n \tb: 2\n', 'DefinitionSyntaxError 3:2', 'tab'],
    ['a tab in a block of text', 'job:\n  a: |\n\tx\n', 'DefinitionSyntaxError 3:1', 'tab'],
    ['": " inside a text', 'job:\n  scriptBlock: echo a: b\n', 'DefinitionSyntaxError 2:16', '": "'],
    ['a text that begins with a backtick', 'job: { a: `date` }\n', 'DefinitionSyntaxError 1:11', 'quoted'],
    ['a text that begins with %', 'job:\n  a: %x\n', 'DefinitionSyntaxError 2:6', 'quoted'],
    ['a text that begins with *', 'triggers:\n  - atLogOn: { user: * }\n', 'DefinitionSyntaxError 2:22', 'quoted'],
    ['a quote that is never closed', 'job:\n  a: "x\n  b: 1\n', 'DefinitionSyntaxError 2:6', 'never closed'],
    ['a bracket that is never closed', 'job:\n  a: [1, 2\n  b: 1\nenabled: true\n', 'DefinitionSyntaxError 2:6', 'never closed'],
    ['an unknown escape', 'job: { a: "\\q" }\n', 'DefinitionSyntaxError 1:12', 'escape'],
    ['a key at another indentation', 'job:\n   a: 1\n  b: 2\n', 'DefinitionSyntaxError 3:3', 'indented'],
    ['a key below a value', 'enabled: true\n  job: {}\n', 'DefinitionSyntaxError 1:10', 'run together'],
    ['a list in the line of its key', 'triggers: - every: 5m\n', 'DefinitionSyntaxError 1:11', 'a list may not begin'],
    ['a brace that is never closed', 'job: { a: [1, 2]\nenabled: true\n', 'DefinitionSyntaxError 1:6', 'never closed'],
    ['a bracket closed by a brace', 'job: { a: [1 }\n', 'DefinitionSyntaxError 1:11', 'never closed'],
    ['a list that goes on too far to the left', 'job:\n  a: [1,\n2]\n', 'DefinitionSyntaxError 2:6', 'never closed'],
    ['an apostrophe between single quotes', "job:\n  a: 'echo it's'\n", 'DefinitionSyntaxError 2:15', 'closing quote'],
    ['a text behind a closing quote', 'description: "a" b\njob: {}\n', 'DefinitionSyntaxError 1:18', 'closing quote'],
    ['a block of text that is not indented', 'job:\n  a: |\n  echo hi\n', 'DefinitionSyntaxError 3:3', 'not indented far enough'],
    ['a block of several lines that is not indented', 'job:\n  a: >-\n  echo hi\n  echo ho\n', 'DefinitionSyntaxError 3:3', 'not indented far enough'],
    ['a block of text with a line too far to the left', 'job:\n  a: |\n    echo hi\n\n   echo ho\n', 'DefinitionSyntaxError 5:4', 'not indented far enough'],
    ['a key without colon', 'job:\n  command: [true]\n  shell\n', 'DefinitionSyntaxError 3:3', '":"'],
  ])('%s is explained at its place', async (_, text, expected, words) => {
    const errors = await errorsOf(text);
    expect(errors.map(brief)[0]).toBe(expected);
    expect(errors[0]?.message).toContain(words);
  });

  test('a tab has the hint to use spaces', async () => {
    expect((await errorsOf('job:\n\tcommand: [true]\n'))[0]?.hint).toBe('indent with spaces');
  });

  test.each([
    ['job: [a\n', 'add the "]"; what goes on in a further line must be indented'],
    ["job: 'it's'\n", "write '' for a quote inside the text, or put the other kind of quotes around it"],
    ['job: "a" b\n', 'write \\" for a quote inside the text, or put the other kind of quotes around it'],
  ])('%j has a hint', async (text, hint) => {
    expect((await errorsOf(text))[0]?.hint).toBe(hint);
  });

  test('that leaves something open is the only one behind it', async () => {
    expect((await errorsOf('description: a: b\njob:\n  a: [1,\n2]\n  b: c: d\n')).map(brief)).toEqual(['DefinitionSyntaxError 1:14', 'DefinitionSyntaxError 3:6']);
  });

  test('is reported once for a line', async () => {
    expect(await errorsOf('job:\n  a: b: c: d: e\n')).toHaveLength(1);
  });

  test('is reported for every line that has one', async () => {
    const text = 'triggers:\n  - cron: */5 * * * *\n  - cron: @daily\njob: { command: [true] }\n';
    expect((await errorsOf(text)).map(brief)).toEqual(['DefinitionSyntaxError 2:11', 'DefinitionSyntaxError 3:11']);
  });
});

describe('a cron expression without quotes', () => {
  test.each([
    ['* * * * *', '  - cron: * * * * *\n'],
    ['*/5 * * * *', '  - cron: */5 * * * *\n'],
    ['*/5 * * * *', '  - cron: */5 * * * *   # every five minutes\n'],
    ['@daily', '  - cron: @daily\n'],
    ['*/5 * * * *', '  - { cron: */5 * * * * }\n'],
    ['*/5 * * * *', '  - cron: { expression: */5 * * * * }\n'],
    ['? 3 * * *', '  - cron: ? 3 * * *\n'],
  ])('%s is marked, with the hint to quote it (%#)', async (expression, entry) => {
    const [error, ...more] = await errorsOf(`job: { command: [true] }\ntriggers:\n${entry}`);
    expect(error).toMatchObject({ code: 'DefinitionSyntaxError', line: 3, hint: `quote the expression: "${expression}"` });
    expect(marked(error ?? { code: '', message: '' })).toBe(expression);
    expect(more).toEqual([]);
  });

  test('is fine when it begins with a number', async () => {
    expect(await errorsOf('job: { command: [true] }\ntriggers:\n  - cron: 0 3 * * *\n')).toEqual([]);
  });
});

describe('template syntax', () => {
  test.each(['job: { command: {{ x }} }\n', 'job:\n  scriptBlock: {{ x }}\n', 'job:\n  scriptBlock: {{x}} y\n'])('without quotes is no definition: %j', async (text) => {
    const errors = await errorsOf(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'DefinitionValueInvalid', message: expect.stringContaining('template') });
  });
});
