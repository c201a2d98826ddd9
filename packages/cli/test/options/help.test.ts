import { describe, expect, test } from 'vitest';
import { fullHelpText, helpText, inAscii, SCREEN } from '../../src/options/help.ts';
import { SELECTOR_OPTIONS } from '../../src/options/job-selector.ts';
import { COMMON, type Option, type VerbTable } from '../../src/options/option-table.ts';
import { sample, VERBS } from '../tables.ts';

/** A verb with all that start-job will ever take, each explained at length. */
const OF_START_JOB = [
  'script-block', 'file-path', 'literal-path', 'argument-list', 'initialization-script', 'input-object', 'working-directory', 'credential', 'authentication', 'run-as32', 'ps-version', 'runtime', 'shell',
  'env', 'timeout', 'grace-period', 'merge-streams', 'success-exit-codes', 'output-format', 'no-stream-commands', 'persist', 'what-if', 'confirm', 'yes', 'wait', 'definition-name', 'definition-path', 'type',
  'config', 'debug-stream', 'hide-computer-name', 'throttle-limit', 'secret', 'retry', 'queue',
];
const crowded: VerbTable = {
  ...sample,
  name: 'crowded-job',
  summary: `does a great many things ${'and yet another thing '.repeat(5)}`.trim(),
  examples: ['crowded-job 7', 'crowded-job 8', 'crowded-job 9'],
  usage: ['[options] -- PROGRAM [ARG…]', "[options] 'TEXT' [-- ARG…]", '[options] --file-path FILE [-- ARG…]', '--definition-name NAME [options]'],
  first: ['wait', 'working-directory'],
  options: {
    ...Object.fromEntries(OF_START_JOB.map((name): [string, Option] => [name, { kind: 'text', value: 'FOLDER', help: `is what it is; ${'and more than that '.repeat(6)}`.trim() }])),
    ...SELECTOR_OPTIONS,
    name: { kind: 'text', value: 'NAME', help: `a name ${'without end '.repeat(20)}`.trim() },
  },
};
const TABLES = [...VERBS.map(({ table }) => table), crowded].map((table) => [table.name, table] as const);
const namesOf = ({ options }: VerbTable): string[] => Object.keys({ ...options, ...COMMON });
const head = (name: string): RegExp => new RegExp(`^ {2}(?:-\\w, | {4})--${name}(?= |$)`);

describe.each(TABLES)('%s --help', (name, table) => {
  const lines = helpText(table).split('\n').slice(0, -1);

  test('fits one screen', () => {
    // One line of the 24 is the next prompt's.
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('begins with the verb and what it does', () => {
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`^${`${name}: ${table.summary}`.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`));
  });

  test('shows lines to copy before the options', () => {
    expect(table.examples.length).toBeGreaterThan(0);
    for (const example of table.examples) expect(lines.indexOf(`  $ ${example}`)).toBeLessThan(lines.findIndex((line) => line.includes('--help')));
    for (const example of table.examples) expect(example).toContain(name);
  });

  test('names every option once', () => {
    const usage = lines.findIndex((line) => line.startsWith('Usage:'));
    const below = lines.slice(lines.indexOf('', usage));
    for (const option of namesOf(table)) {
      const described = below.filter((line) => head(option).test(line)).length;
      const named = below.filter((line) => /^(?:Options:|Which (?:jobs|definitions):|Every verb:| {2}--)/.test(line) && !head(option).test(line)).flatMap((line) => line.split(/\s+/)).filter((word) => word === `--${option}`).length;
      expect([option, described + named]).toEqual([option, 1]);
    }
  });

  test('says where the rest is, unless there is none', () => {
    const undescribed = namesOf(table).filter((option) => !lines.some((line) => head(option).test(line)));
    expect(lines.at(-1) === `nightshift help ${name} describes them all.`).toBe(undescribed.length > 0);
  });

  test('has no blanks at the ends of lines', () => {
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
  });
});

describe.each(TABLES)('nightshift help %s', (_, table) => {
  const text = fullHelpText(table);
  const lines = text.split('\n');

  test('describes every option once, with the kind of its value and every word about it', () => {
    for (const [option, { help, kind }] of Object.entries({ ...COMMON, ...table.options })) {
      const at = lines.flatMap((line, index) => (head(option).test(line) ? [index] : []));
      expect([option, at.length]).toEqual([option, 1]);
      expect(text.slice(text.indexOf(lines[at[0] as number] as string)).replaceAll(/\s+/g, ' ')).toContain(help);
      expect(/--\S+ [A-Z0-9]/.test(lines[at[0] as number] as string)).toBe(kind !== 'switch');
    }
  });

  test('has lines of at most 80 columns', () => {
    expect(lines.filter((line) => line.length > SCREEN.columns || /\s$/.test(line))).toEqual([]);
  });
});

test('what a verb puts first is described first, and of a long sentence the beginning', () => {
  const [first, second, third] = helpText(crowded).split('\n').filter((line) => line.startsWith('      --'));
  expect([first, second]).toEqual(['      --wait FOLDER               is what it is', '      --working-directory FOLDER  is what it is']);
  expect(third).toMatch(/^ {6}--script-block FOLDER/);
});

test('a screen that is crowded still describes some options', () => {
  expect(helpText(crowded).split('\n').filter((line) => line.startsWith('      --')).length).toBeGreaterThan(2);
});

test('the letters of short options are shown', () => {
  expect(fullHelpText(sample)).toMatch(/ {2}-f, --follow/);
  expect(fullHelpText(sample)).toMatch(/ {2}-o, --output FORMAT/);
  expect(fullHelpText(sample)).toMatch(/ {2}-h, --help/);
});

test('a terminal that knows ASCII alone gets nothing else, and columns stay in line', () => {
  const text = helpText(inAscii(VERBS[0]?.table as VerbTable));
  // oxlint-disable-next-line no-control-regex -- ASCII is what it looks for
  expect(text).toMatch(/^[\u0000-\u007f]*$/);
  expect(fullHelpText(inAscii({ ...sample, options: SELECTOR_OPTIONS }))).toMatch(/ {2}--id ID,\.\.\. {13}jobs .*\n {6}--instance-id UUID,\.\.\. {2}jobs /);
});

test('a verb that is no program of its own is called by the umbrella', () => {
  expect(helpText({ ...sample, name: 'sample' })).toContain('Usage: nightshift sample [WORD]');
  expect(helpText(sample)).toContain('Usage: sample-job [WORD]');
});
