import { describe, expect, test } from 'vitest';
import { brief, errorsOf, valid } from './folder.ts';

const utf16 = (text: string, mark: readonly number[]): Buffer => Buffer.concat([Buffer.from(mark), Buffer.from(text, 'utf16le')]);

describe('the bytes of a definition', () => {
  test('may begin with a byte order mark, which counts in no column', async () => {
    await expect(valid('\ufeffjob: { command: [true] }\n')).resolves.toMatchObject({ spec: { command: [true] } });
    expect((await errorsOf('\ufeffjobb: {}\njob: {}\n')).map(brief)).toEqual(['DefinitionKeyUnknown 1:1']);
  });

  test.each([
    ['UTF-16, little end first', utf16('job: {}\n', [0xff, 0xfe]), 'DefinitionSyntaxError 1:1'],
    ['UTF-16, big end first', Buffer.from([0xfe, 0xff, 0, 0x6a]), 'DefinitionSyntaxError 1:1'],
    ['UTF-16 without mark', utf16('job: {}\n', []), 'DefinitionSyntaxError 1:2'],
    ['Latin-1', Buffer.from('job: {}\ndescription: für\n', 'latin1'), 'DefinitionSyntaxError 2:15'],
    ['Latin-1 behind a real replacement character', Buffer.concat([Buffer.from('# \ufffd ä😀\n'), Buffer.from([0xe4])]), 'DefinitionSyntaxError 2:1'],
    ['a sequence cut off', Buffer.from([0x6a, 0xef, 0x41]), 'DefinitionSyntaxError 1:2'],
    ['an encoded surrogate', Buffer.from([0x23, 0xed, 0xa0, 0x80]), 'DefinitionSyntaxError 1:2'],
  ])('in %s are refused', async (_, bytes, expected) => {
    const errors = await errorsOf(bytes);
    expect(errors.map(brief)).toEqual([expected]);
  });

  test('name UTF-8 in the hint', async () => {
    expect((await errorsOf(Buffer.from('# \xe4', 'latin1')))[0]).toMatchObject({ hint: 'save the file as UTF-8' });
  });
});

describe('control characters', () => {
  test.each([
    ['NUL', '\0'],
    ['escape', '\x1b'],
    ['backspace', '\b'],
    ['delete', '\x7f'],
    ['a C1 character', '\x9b'],
    ['next line', '\x85'],
    ['a carriage return by itself', '\rx'],
  ])('are refused: %s', async (_, character) => {
    expect((await errorsOf(`job: { a: 1 }\n# x${character}\n`)).map(brief)).toEqual(['DefinitionSyntaxError 2:4']);
  });

  test.each(['\\0', '\\x1b', '\\e', '\\a', '\\u0007', '\\U0000009b', '\\r', '\\N', '\\x7f'])('are refused by escape too: %s', async (escape) => {
    const errors = await errorsOf(`job: { a: "x${escape}" }\n`);
    expect(errors.map(brief)).toEqual(['DefinitionSyntaxError 1:11']);
    expect(errors[0]?.message).toMatch(/control character U\+00/);
  });

  test('are refused in keys', async () => {
    expect((await errorsOf('job: { "a\\0": 1 }\n')).map(brief)).toEqual(['DefinitionSyntaxError 1:8']);
  });

  test('are no tabs and newlines', async () => {
    expect((await valid('job: { a: "x\\ty\\n" }\n')).spec).toEqual({ a: 'x\ty\n' });
  });

  test('half a character by escape is refused', async () => {
    expect((await errorsOf('job: { a: "\\ud83d" }\n')).map(brief)).toEqual(['DefinitionSyntaxError 1:11']);
  });
});
