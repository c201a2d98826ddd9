import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSource } from '../../../src/umbrella/import/source-file.ts';
import { complaint } from '../../complaint.ts';
import { newFolder } from './folder.ts';

const fileOf = (content: string | Uint8Array): string => {
  const path = join(newFolder(), 'source');
  writeFileSync(path, content);
  return path;
};

test('a text is read without BOM and carriage returns', () => {
  const source = readSource(fileOf('\ufeffa\r\nb\n'));
  expect(source.text).toBe('a\nb\n');
  expect(source.at(2)).toBe(`${source.file}:2`);
});

test.each([
  ['a NUL byte', 'a\nb\0c', 2],
  ['an escape sequence', '\u001b[31mred', 1],
  ['a lone carriage return', 'a\rb', 1],
  ['bytes that are no UTF-8', Uint8Array.of(0x61, 0x0a, 0xff, 0xfe), 2],
])('%s is no text', (_, content, line) => {
  expect(complaint(() => readSource(fileOf(content)))).toMatchObject({ code: 'DefinitionSyntaxError', line });
});

test('more than a mebibyte is too much', () => {
  expect(readSource(fileOf('x'.repeat(1024 * 1024))).text).toHaveLength(1024 * 1024);
  expect(complaint(() => readSource(fileOf('x'.repeat(1024 * 1024 + 1))))).toMatchObject({ code: 'DefinitionTooLarge' });
});

test('what is no file is refused', () => {
  const folder = newFolder();
  expect(complaint(() => readSource(folder))).toMatchObject({ code: 'ParameterArgumentValidationError' });
  expect(complaint(() => readSource(join(folder, 'nothing')))).toMatchObject({ code: 'FilePathNotFound' });
});
