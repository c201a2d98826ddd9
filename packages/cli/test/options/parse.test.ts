import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/exit-codes.ts';
import { parse } from '../../src/options/parse.ts';
import { receiveJob } from '../../src/verbs/receive-job.ts';
import { startJob } from '../../src/verbs/start-job.ts';
import { complaint } from '../complaint.ts';
import { sample } from '../tables.ts';

const given = (...argv: string[]) => parse(sample, argv);

describe('an error of use', () => {
  test.each([
    ['an option that does not exist', ['--nmae', 'x'], 'NamedParameterNotFound'],
    ['a letter that is no option', ['-x'], 'NamedParameterNotFound'],
    ['a parameter that does not exist', ['-Bogus'], 'NamedParameterNotFound'],
    ['two dashes and a part of a name', ['--def', 'x'], 'NamedParameterNotFound'],
    ['two dashes in the wrong case', ['--Name', 'x'], 'NamedParameterNotFound'],
    ['two dashes and an equals sign', ['--=x'], 'NamedParameterNotFound'],
    ['a name of every object', ['--constructor', 'x'], 'NamedParameterNotFound'],
    ['another name of every object', ['--__proto__', 'x'], 'NamedParameterNotFound'],
    ['a word too many', ['a', 'b', 'c'], 'PositionalParameterNotFound'],
    ['an option without its value at the end', ['--name'], 'MissingArgument'],
    ['an option without its value before another', ['--name', '--keep'], 'MissingArgument'],
    ['an option without its value before the dashes', ['--name', '--', 'x'], 'MissingArgument'],
    ['a list without a value', ['--id'], 'MissingArgument'],
    ['a repeatable option without a value', ['--env'], 'MissingArgument'],
    ['no word at all for words', ['--argument-list', '--keep'], 'MissingArgument'],
    ['no word at all for words at the end', ['--argument-list'], 'MissingArgument'],
    ['an option twice with different values', ['--name', 'a', '--name', 'b'], 'ParameterAlreadyBound'],
    ['an option twice in different spellings', ['--name=a', '-Name', 'b'], 'ParameterAlreadyBound'],
    ['a switch on and off', ['--keep', '--keep=false'], 'ParameterAlreadyBound'],
    ['-o with two forms', ['-o', 'json', '--output=id'], 'ParameterAlreadyBound'],
    ['a switch with a number', ['--keep=1'], 'ParameterArgumentTransformationError'],
    ['a switch with nothing behind the equals sign', ['--keep='], 'ParameterArgumentTransformationError'],
    ['a word that is not on the list', ['--shell', 'fish'], 'ParameterArgumentValidationError'],
    ['one word of several that is not on the list', ['--state', 'Running,Flying'], 'ParameterArgumentValidationError'],
    ['an empty word for a list of words', ['--state='], 'ParameterArgumentValidationError'],
    ['two dashes and a colon', ['--name:x'], 'NamedParameterNotFound'],
    ['a colon without its value', ['-Name:'], 'MissingArgument'],
    ['a part of several parameters', ['-Def', 'x'], 'AmbiguousParameter'],
    ["a parameter of PowerShell's host", ['-ErrorAction', 'Stop'], 'ParameterNotSupported'],
  ])('%s: %j is %s', (_, argv, code) => {
    const found = complaint(() => given(...argv));
    expect(found).toMatchObject({ code });
    expect(exitCodeOf(found)).toBe(2);
  });

  test.each([
    [['--nmae', 'x'], 'did you mean --name?'],
    [['--definitionName', 'x'], 'did you mean --definition-name?'],
    [['--definition_name', 'x'], 'did you mean --definition-name?'],
    [['--states', 'x'], 'did you mean --state?'],
    [['--no-keep'], 'did you mean --keep=false?'],
    [['--state', 'Runing'], 'did you mean Running?'],
    [['-Keeep'], 'did you mean --keep?'],
    [['--shell', 'bsah'], 'did you mean bash?'],
    [['--name', '-x'], 'write --name=VALUE when the value begins with a dash'],
  ])('%j comes with the hint "%s"', (argv, hint) => {
    expect(complaint(() => given(...argv)).hint).toBe(hint);
  });

  test("PowerShell's -Job is answered where jobs are selected, and nowhere else", () => {
    expect(complaint(() => parse(receiveJob.table, ['-Job', '7']))).toMatchObject({ code: 'NamedParameterNotFound', hint: 'write its id: receive-job ID; or pipe ids in: get-job -o id | receive-job -' });
    expect(complaint(() => given('-Job', '7')).hint).toBeUndefined();
  });

  test('a flag of a program is shown behind the dashes as a shell needs it, and a text is no program', () => {
    const misread = (...argv: string[]) => complaint(() => parse(startJob.table, argv)).hint;
    expect(misread('echo', '--zzz', 'a; b')).toBe("a program and its arguments stand behind --: start-job -- echo --zzz 'a; b'");
    expect(misread('echo a; sleep 1', '--zzz')).toBeUndefined();
  });

  test('words beside what takes arguments are shown behind the dashes', () => {
    expect(complaint(() => parse(startJob.table, ['-FilePath', 's.sh', 'a', 'b']))).toMatchObject({ code: 'PositionalParameterNotFound', hint: 'arguments stand behind --: start-job --file-path s.sh -- a b' });
    expect(complaint(() => parse(startJob.table, ['a', 'b'])).hint).toMatch(/^quote a text/);
  });

  test('far from every option comes without a guess', () => {
    expect(complaint(() => given('--zzzzzzzzzzzz')).hint).toBeUndefined();
  });

  test('shows at most 200 characters of what was typed', () => {
    expect(complaint(() => given(`--${'x'.repeat(5_000)}`)).message.length).toBeLessThan(300);
    expect(complaint(() => given('--shell', 'x'.repeat(5_000))).message.length).toBeLessThan(300);
  });
});

describe('a value', () => {
  test.each([
    ['the next word', ['--name', 'x'], 'x'],
    ['what follows the equals sign', ['--name=x'], 'x'],
    ['what follows the first equals sign', ['--name=a=b'], 'a=b'],
    ['nothing behind an equals sign', ['--name='], ''],
    ['an empty word', ['--name', ''], ''],
    ['a negative number', ['--name', '-1'], '-1'],
    ['a negative fraction', ['--name', '-1.5'], '-1.5'],
    ['a lone dash', ['--name', '-'], '-'],
    ["behind PowerShell's colon", ['-Name:x'], 'x'],
    ['everything behind the first colon', ['-Name:a:b=c'], 'a:b=c'],
    ['everything behind an equals sign before a colon', ['-Name=a:b'], 'a:b'],
    ['the word behind a colon and a blank', ['-Name:', 'x'], 'x'],
    ['behind a colon of a short flag', ['-o:json', '--name', 'x'], 'x'],
    ['a dash behind an equals sign', ['--name=-x'], '-x'],
    ['the dashes behind an equals sign', ['--name=--'], '--'],
    ['commas, unsplit', ['--name', 'a,b'], 'a,b'],
    ["PowerShell's spelling", ['-Name', 'x'], 'x'],
    ["PowerShell's spelling with an equals sign", ['-Name=x'], 'x'],
    ['the same value twice', ['--name', 'x', '-name', 'x'], 'x'],
  ])('is %s: %j', (_, argv, value) => {
    expect(given(...argv).text('name')).toBe(value);
    expect(given(...argv).words).toEqual([]);
  });

  test('of a fixed list is taken without case and kept as the list writes it', () => {
    expect(given('--shell', 'BASH').text('shell')).toBe('bash');
    expect(given('--state', 'running,FAILED').list('state')).toEqual(['Running', 'Failed']);
  });

  test('of a fixed list may be given twice in different case', () => {
    expect(given('--shell', 'BASH', '--shell', 'bash').text('shell')).toBe('bash');
  });
});

describe('a list', () => {
  test.each([
    [['--id', '1,2'], ['1', '2']],
    [['--id', '1', '--id=2,3'], ['1', '2', '3']],
    [['--id', '1', '-Id', '1'], ['1', '1']],
    [['--id', '-1'], ['-1']],
    [['-Id', '1,2'], ['1', '2']],
    [['-Id:1,2'], ['1', '2']],
    [['-Id', '1,', '2,', '3'], ['1', '2', '3']],
  ])('is split at commas and grows: %j', (argv, values) => {
    expect(given(...argv).list('id')).toEqual(values);
  });

  test('of texts grows and is never split', () => {
    expect(given('--env', 'A=1,2', '--env=B=-').list('env')).toEqual(['A=1,2', 'B=-']);
  });

  test('that nobody gave is none', () => {
    expect(given().list('id')).toBeUndefined();
    expect(given().has('id')).toBe(false);
  });
});

describe('words', () => {
  test.each([
    ['to the end', ['--argument-list', 'a', 'b,c', ''], ['a', 'b,c', ''], []],
    ['to the next option', ['--argument-list', 'a', 'b', '--keep', 'w'], ['a', 'b'], ['w']],
    ['to the next parameter', ['-Args', 'a', '-Keep', 'w'], ['a'], ['w']],
    ['to the dashes', ['--argument-list', 'a', '--', 'b'], ['a'], []],
    ['from an equals sign, one only', ['--argument-list=-x', 'w'], ['-x'], ['w']],
    ['again and again', ['--argument-list=-x', '--argument-list', 'a', 'b'], ['-x', 'a', 'b'], []],
  ])('reach %s: %j', (_, argv, words, others) => {
    expect(given(...argv).list('argument-list')).toEqual(words);
    expect(given(...argv).words).toEqual(others);
  });
});

describe('a switch', () => {
  test.each([
    [['--keep'], true], [['--keep=true'], true], [['--keep=$true'], true], [['--keep=TRUE'], true], [['-Keep'], true], [['-keep=$True'], true],
    [['-Keep:$true'], true], [['-keep:true'], true], [['--keep', '--keep'], true], [['--keep', '--keep=$true'], true],
    [['--keep=false'], false], [['--keep=$false'], false], [['--keep=False'], false], [['-Keep=$FALSE'], false], [['-Keep:$false'], false], [['-KEEP:False'], false], [[], false],
  ])('%j is %s', (argv, isOn) => {
    expect(given(...argv).isOn('keep')).toBe(isOn);
  });

  test('takes no further word', () => {
    expect(given('--keep', 'false')).toMatchObject({ words: ['false'] });
    expect(given('--keep', 'false').isOn('keep')).toBe(true);
  });

  test('has a letter, with regard to case', () => {
    expect(given('-f').isOn('follow')).toBe(true);
    expect(given('-o', 'json').text('output')).toBe('json');
    expect(given('-o=json').text('output')).toBe('json');
    expect(given('-h').isOn('help')).toBe(true);
  });

  test('has an alias of one letter, as Force has F', () => {
    expect(given('-F').isOn('force')).toBe(true);
  });
});

describe('two dashes', () => {
  test('end the options', () => {
    expect(given('a', '--', '--keep', '-x', '--', '')).toMatchObject({ words: ['a'], rest: ['--keep', '-x', '--', ''] });
    expect(given('a', '--', '--keep').isOn('keep')).toBe(false);
  });

  test('with nothing behind them are not the same as none', () => {
    expect(given('--').rest).toEqual([]);
    expect(given().rest).toBeUndefined();
  });
});

describe('a word', () => {
  test.each(['-', '-1', '-0.5', '', ' ', '@file', '/x', 'a=b', '—keep'])('may be "%s"', (word) => {
    expect(given(word).words).toEqual([word]);
  });

  test('may stand between options', () => {
    expect(given('a', '--keep', 'b', '--name', 'n')).toMatchObject({ words: ['a', 'b'] });
  });

  test("may be one too many behind PowerShell's -DefinitionName only", () => {
    expect(given('-DefinitionName', 'N', 'P', 'T', 'x').words).toEqual(['P', 'T', 'x']);
    expect(complaint(() => given('--definition-name', 'N', 'P', 'T', 'x')).code).toBe('PositionalParameterNotFound');
  });
});

test('every verb takes the common options', () => {
  const options = given('--verbose', '--debug', '--json', '-o', 'id');
  expect(['verbose', 'debug', 'json'].map(options.isOn)).toEqual([true, true, true]);
  expect(options.text('output')).toBe('id');
});

test('a file is never read for its words', () => {
  expect(given('@/etc/passwd').words).toEqual(['@/etc/passwd']);
});
