import { JobError, type JobErrorFacts } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { complaintsOf, printError, printWarning } from '../../src/print/error.ts';
import { cellsOf } from '../../src/print/cells.ts';
import { excerptOf } from '../../src/print/excerpt.ts';
import { PLAIN, type Look } from '../../src/print/look.ts';
import { printed } from '../printed.ts';

const plain = { verb: 'start-job', json: false, debug: false };
const asJson = { ...plain, json: true };
const missing = { code: 'FilePathNotFound', message: 'no file is at "x"' };

const shown = async (facts: JobErrorFacts, voice = plain) => (await printed(() => printError(voice, new JobError(facts)))).error;

describe('an error', () => {
  test('is one line with verb, code and sentence on standard error, and gives the exit status', async () => {
    expect(await printed(() => printError(plain, new JobError(missing)))).toEqual({ result: 4, out: '', error: 'start-job: FilePathNotFound: no file is at "x"\n' });
  });

  test.each([
    [{ file: 'a.yaml' }, ' (a.yaml)'],
    [{ file: 'a.yaml', line: 3 }, ' (a.yaml:3)'],
    [{ file: 'a.yaml', line: 3, column: 7 }, ' (a.yaml:3:7)'],
  ])('says where: %j', async (place, text) => {
    expect(await shown({ ...missing, ...place })).toBe(`start-job: FilePathNotFound: no file is at "x"${text}\n`);
  });

  test('has its hint on a line of its own', async () => {
    expect(await shown({ ...missing, hint: 'name another' })).toBe('start-job: FilePathNotFound: no file is at "x"\n  hint: name another\n');
  });

  test('never obeys control characters, wherever they come from', async () => {
    const text = await shown({ code: 'X', message: 'a\u001b[31m\nb', file: 'f\u009b', hint: 'h\u202e\n', line: 1, column: 1, excerpt: { text: '\u001b]0;x\u0007', length: 1 } });
    expect(text).toBe('start-job: X: a\\x1b[31m\\nb (f\\x9b:1:1)\n  1 | \\x1b]0;x\\x07\n    | ^^^^\n  hint: h\\u202e\\n\n');
  });
});

describe('the source line', () => {
  const excerpt = async (text: string, column: number, length = 1, line = 12): Promise<readonly [string, string]> => {
    const lines = (await shown({ code: 'X', message: 'm', file: 'f', line, column, excerpt: { text, length } })).split('\n');
    return [lines[1] as string, lines[2] as string];
  };
  /** What stands above the carets, by columns of a terminal on which an emoji takes two. */
  const marked = ([source, carets]: readonly [string, string]): string => {
    let at = 0;
    return [...source].filter((letter) => carets[(at += cellsOf(letter)) - 1] === '^').join('');
  };

  test('stands between the sentence and the hint, with a caret line', async () => {
    expect(await shown({ code: 'X', message: 'm', file: 'f', line: 12, column: 3, hint: 'h', excerpt: { text: 'a: bcd', length: 1 } })).toBe('start-job: X: m (f:12:3)\n  12 | a: bcd\n     |   ^\n  hint: h\n');
  });

  test.each([
    ['the first character', 'abc: d', 1, 1, 'a'],
    ['several characters', 'abc: def', 6, 3, 'def'],
    ['a character behind tabs', '\t\tabc: d', 3, 3, 'abc'],
    ['a character behind emoji', '😀😀: x', 5, 1, 'x'],
    ['an emoji', 'a: 😀', 4, 1, '😀'],
    ['a wide letter', 'a: 日本', 5, 1, '本'],
    ['a character behind wide letters', '日本語: x', 6, 1, 'x'],
    ['a character behind combining marks', 'e\u0301e\u0301: x', 7, 1, 'x'],
    ['a character behind a wide letter and a tab', '日\tx', 3, 1, 'x'],
    ['a character behind what is shown as an escape', 'a\u001b: x', 5, 1, 'x'],
  ])('is marked under %s', async (_, text, column, length, mark) => {
    expect(marked(await excerpt(text, column, length))).toBe(mark);
  });

  test('has tabs shown as one blank each', async () => {
    expect((await excerpt('\ta:\tb', 2))[0]).toBe('  12 |  a: b');
  });

  test('is marked behind its end when something is missing there', async () => {
    expect(await excerpt('a:', 3)).toEqual(['  12 | a:', '     |   ^']);
    expect(await excerpt('', 1)).toEqual(['  12 | ', '     | ^']);
  });

  test('keeps its gutter for every line number', async () => {
    expect(await excerpt('a', 1, 1, 7)).toEqual(['  7 | a', '    | ^']);
    expect(await excerpt('a', 1, 1, 12_345)).toEqual(['  12345 | a', '        | ^']);
  });

  test.each([1, 49, 50, 51, 52, 500, 999, 1_000])('of 1,000 characters is cut around the fault at %i', async (column) => {
    const text = `${'.'.repeat(column - 1)}X${'.'.repeat(1_000 - column)}`;
    const [source, carets] = await excerpt(text, column);
    expect(source.length).toBeLessThanOrEqual(110);
    expect(marked([source, carets])).toBe('X');
  });

  test('says on which sides it was cut', async () => {
    const cutAt = async (column: number): Promise<string> => ((await excerpt('x'.repeat(1_000), column))[0].replaceAll(/x+/g, 'x'));
    expect([await cutAt(1), await cutAt(500), await cutAt(1_000)]).toEqual(['  12 | x…', '  12 | …x…', '  12 | …x']);
  });

  test.each([1, 20, 40, 60, 79, 80, 200])('fits into a terminal of 80 columns, the carets under the fault at %i', (column) => {
    const look: Look = { ...PLAIN, symbols: true, width: 80 };
    const text = `${'語'.repeat(column - 1)}X${'語'.repeat(200 - column)}`;
    const [source, carets] = excerptOf({ code: 'X', message: 'm', line: 1_234, column, excerpt: { text, length: 1 } }, look).split('\n') as [string, string];
    expect(cellsOf(source)).toBeLessThan(80);
    expect(marked([source, carets])).toBe('X');
  });

  test('never marks beyond what it shows', async () => {
    const [source, carets] = await excerpt('x'.repeat(1_000), 400, 600);
    expect(carets.length).toBeLessThanOrEqual(source.length);
  });

  test('is cut between letters, never inside one', async () => {
    expect((await excerpt('😀'.repeat(300), 200))[0].isWellFormed()).toBe(true);
  });

  test('is not shown without its place', async () => {
    expect(await shown({ code: 'X', message: 'm', excerpt: { text: 'a', length: 1 } })).toBe('start-job: X: m\n');
  });
});

describe('colour', () => {
  const facts = { code: 'DefinitionKeyUnknown', message: 'unknown key "a"', file: 'f.yaml', line: 1_234, column: 3, hint: 'did you mean "b"?', excerpt: { text: '  a: 1', length: 1 } };
  // oxlint-disable-next-line no-control-regex -- colours are what it looks for
  const withoutColour = (text: string): string => text.replaceAll(/\u001b\[\d*m/g, '');
  const coloured = async (print: () => unknown): Promise<string> => (await printed(print, { colour: true })).error;

  test('marks the code and the caret, and the text stays the same', async () => {
    const text = await coloured(() => printError(plain, new JobError(facts)));
    expect(text).toContain('\u001b[31mDefinitionKeyUnknown\u001b[0m');
    expect(text).toContain('\u001b[31m^\u001b[0m');
    expect(withoutColour(text)).toBe(await shown(facts));
    expect(await shown(facts)).not.toContain('\u001b');
  });

  test('tells a warning from an error', async () => {
    expect(await coloured(() => printWarning(plain, facts))).toContain('\u001b[33mwarning: DefinitionKeyUnknown\u001b[0m');
  });

  test('never gets into JSON', async () => {
    expect(await coloured(() => printError(asJson, new JobError(facts)))).toBe(await shown(facts, asJson));
  });
});

describe('with -o json', () => {
  test('an error is one line of JSON with six keys', async () => {
    const text = await shown({ ...missing, file: 'f', line: 1, column: 2, hint: 'h', excerpt: { text: 'a', length: 1 } }, asJson);
    expect(text.endsWith('\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({ error: { ...missing, file: 'f', line: 1, column: 2, hint: 'h' } });
  });

  test('what is not known is null', async () => {
    expect(await shown(missing, asJson)).toBe('{"error":{"code":"FilePathNotFound","message":"no file is at \\"x\\"","file":null,"line":null,"column":null,"hint":null}}\n');
  });

  test('nothing that a terminal would obey is printed as it is', async () => {
    const text = await shown({ code: 'X', message: 'a\u001b[31m\u009b31m\u202eb' }, asJson);
    expect(text).toMatch(/^[ -~]+\n$/);
    expect(JSON.parse(text)).toMatchObject({ error: { message: 'a\u001b[31m\u009b31m\u202eb' } });
  });

  test('several errors are one line each', async () => {
    const { error, result } = await printed(() => printError(asJson, new AggregateError([new JobError(missing), new JobError({ code: 'ConfigUnsafe', message: 'm' })])));
    expect(error.trim().split('\n').map((line) => (JSON.parse(line) as { error: { code: string } }).error.code)).toEqual(['FilePathNotFound', 'ConfigUnsafe']);
    expect(result).toBe(4);
  });

  test('a warning is no error', async () => {
    const { error } = await printed(() => printWarning(asJson, { code: 'CodeConfigIgnored', message: 'm' }));
    expect(JSON.parse(error)).toMatchObject({ warning: { code: 'CodeConfigIgnored' } });
  });
});

describe('several errors in one', () => {
  test('are printed each, and the first gives the exit status', async () => {
    const several = new AggregateError([new JobError({ code: 'DefinitionKeyUnknown', message: 'a', file: 'f' }), new AggregateError([new JobError(missing)])]);
    expect(await printed(() => printError(plain, several))).toMatchObject({ result: 3, error: 'start-job: DefinitionKeyUnknown: a (f)\nstart-job: FilePathNotFound: no file is at "x"\n' });
  });
});

describe('a warning', () => {
  test('says that it is one', async () => {
    expect((await printed(() => printWarning(plain, { code: 'CodeConfigIgnored', message: 'm', hint: 'h' }))).error).toBe('start-job: warning: CodeConfigIgnored: m\n  hint: h\n');
  });
});

describe('a mistake of our own', () => {
  test.each([
    ['an error', new TypeError('x is not a function')],
    ['an error of the system', Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' })],
    ['a word', 'oops'],
    ['nothing', undefined],
  ])('%s becomes InternalError, asks for a report, and shows no stack', async (_, cause) => {
    const { error, result } = await printed(() => printError(plain, cause));
    expect(error).toMatch(/^start-job: InternalError: .*\n {2}hint: .*--debug.*\n$/);
    expect(error).not.toMatch(/^\s+at /m);
    expect(result).toBe(1);
  });

  test('shows its stack and its causes with --debug', async () => {
    const { error } = await printed(() => printError({ ...plain, debug: true }, new JobError(missing, { cause: new TypeError('below') })));
    expect(error).toMatch(/^\s+at /m);
    expect(error).toContain('caused by TypeError: below');
  });

  test('shows its stack without control characters', async () => {
    const { error } = await printed(() => printError({ ...plain, debug: true }, new Error('\u001b[31m')));
    expect(error).not.toContain('\u001b');
  });

  test('has all its parts as complaints', () => {
    expect(complaintsOf(new AggregateError([new Error('a'), new JobError(missing)]))).toMatchObject([{ code: 'InternalError' }, missing]);
  });
});
