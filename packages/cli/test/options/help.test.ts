import { describe, expect, test } from 'vitest';
import { helpText } from '../../src/options/help.ts';
import { COMMON } from '../../src/options/option-table.ts';
import { VERBS } from '../tables.ts';

describe.each(VERBS.map(({ table }) => [table.name, table] as const))('%s --help', (name, table) => {
  const text = helpText(table);
  const lines = text.split('\n');

  test('fits one screen', () => {
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140);
  });

  test('begins with the verb and what it does', () => {
    expect(lines[0]).toBe(`${name}: ${table.summary}`);
  });

  test('shows lines to copy before the options', () => {
    expect(table.examples.length).toBeGreaterThan(0);
    for (const example of table.examples) expect(lines.indexOf(`  $ ${example}`)).toBeLessThan(lines.findIndex((line) => line.includes('--help')));
    for (const example of table.examples) expect(example).toContain(name);
  });

  test('names and explains every option once', () => {
    for (const [option, { help }] of Object.entries({ ...table.options, ...COMMON })) {
      const shown = lines.filter((line) => new RegExp(`^ {2}(-\\w, | {4})--${option}( |$)`).test(line));
      expect(shown).toHaveLength(1);
      expect(help.length).toBeGreaterThan(3);
      expect(shown[0]).toMatch(new RegExp(`  ${help.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
    }
  });

  test('shows the letters of short options', () => {
    expect(text).toMatch(/ {2}-o, --output FORMAT/);
    expect(text).toMatch(/ {2}-h, --help/);
  });

  test('ends with a line end and has no blanks at the ends of lines', () => {
    expect(text.endsWith('\n')).toBe(true);
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
  });

  test('says what kind of value an option takes, and none for a switch', () => {
    for (const [option, { kind }] of Object.entries({ ...table.options, ...COMMON })) {
      const line = lines.find((one) => new RegExp(`^ {2}.{4}--${option}( |$)`).test(one)) as string;
      expect(/^ {2}.{4}--\S+ [A-Z]/.test(line)).toBe(kind !== 'switch');
    }
  });
});
