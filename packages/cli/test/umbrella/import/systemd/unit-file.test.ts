import { expect, test } from 'vitest';
import { readUnit, valueOf, valuesOf } from '../../../../src/umbrella/import/systemd/unit-file.ts';
import { sourceOf } from '../../../../src/umbrella/import/source-file.ts';
import { complaint } from '../../../complaint.ts';

const unit = readUnit(sourceOf('x.service', `# comment
[Unit]
Description = two words  

[Service]
ExecStart=/bin/a \\
; a comment inside
   b \\
   c
Key=1
Key=2
Key=
Key=3
[Unit]
Extra=yes
`));

test('a line that ends with a backslash goes on, also behind a comment', () => {
  expect(valueOf(unit, 'Service', 'ExecStart')).toEqual({ key: 'ExecStart', value: '/bin/a b c', place: 'x.service:6' });
});

test('an empty value takes back those before it', () => {
  expect(valuesOf(unit, 'Service', 'Key').map(({ value }) => value)).toEqual(['3']);
});

test('a section may come twice, and blanks around a value do not count', () => {
  expect(valueOf(unit, 'Unit', 'Description')?.value).toBe('two words');
  expect(valueOf(unit, 'Unit', 'Extra')?.value).toBe('yes');
});

test.each([
  ['Key=value before a section\n', 1],
  ['[Unit]\nno key here\n', 2],
  ['[Unit\n', 1],
])('%j is no unit file', (text, line) => {
  expect(complaint(() => readUnit(sourceOf('x', text)))).toMatchObject({ code: 'DefinitionSyntaxError', line });
});
