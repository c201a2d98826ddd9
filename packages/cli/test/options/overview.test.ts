import { describe, expect, test } from 'vitest';
import { fullOverview, overview } from '../../src/options/overview.ts';
import type { VerbTable } from '../../src/options/option-table.ts';
import { sample, VERBS } from '../tables.ts';

/** All that will ever be. */
const FORTY_FIVE = [
  'start-job', 'get-job', 'receive-job', 'wait-job', 'stop-job', 'remove-job', 'suspend-job', 'resume-job', 'debug-job', 'start-thread-job', 'invoke-command',
  'register-scheduled-job', 'get-scheduled-job', 'set-scheduled-job', 'enable-scheduled-job', 'disable-scheduled-job', 'unregister-scheduled-job',
  'new-job-trigger', 'add-job-trigger', 'get-job-trigger', 'set-job-trigger', 'remove-job-trigger', 'enable-job-trigger', 'disable-job-trigger',
  'new-scheduled-job-option', 'get-scheduled-job-option', 'set-scheduled-job-option', 'get-job-type', 'scheduler', 'validate', 'next', 'history', 'new', 'import', 'trust', 'doctor', 'completion',
  'worker', 'dashboard', 'help', 'one', 'two', 'three', 'four', 'five',
].map((name): VerbTable => ({ ...sample, name, summary: `does what ${name} does, and a great deal more than anybody would expect of it: so much` }));

describe.each([['now', VERBS.map(({ table }) => table)], ['with every verb that will ever be', FORTY_FIVE]])('the overview %s', (_, tables) => {
  const lines = overview(tables).split('\n').slice(0, -1);

  test('fits one screen', () => {
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('names every verb once', () => {
    const described = lines.filter((line) => /^ {2}[a-z][a-z-]* {2,}\S/.test(line)).map((line) => line.trim().split(' ')[0] as string);
    const groups = lines.slice(5 + described.length + 1, -1);
    const words = [...described, ...groups.flatMap((line) => line.replace(/^[A-Z][a-z ]*: /, '').trim().split(' '))];
    expect(words.toSorted()).toEqual(tables.map(({ name }) => name).toSorted());
  });

  test('describes each when it is asked for all', () => {
    const full = fullOverview(tables).split('\n').map((line) => line.trimStart()).join(' ');
    for (const { name, summary } of tables) expect(full).toMatch(new RegExp(`${name} +${summary.slice(0, 20).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`));
  });
});

test.each([['register-scheduled-job', 'Definitions'], ['add-job-trigger', 'Triggers'], ['set-scheduled-job-option', 'Options'], ['debug-job', 'More of jobs'], ['invoke-command', 'More of jobs'], ['dashboard', 'Upkeep']])(
  '%s is under %s', (name, title) => {
    expect(overview([...VERBS.map(({ table }) => table), { ...sample, name }])).toMatch(new RegExp(`^${title}: [^:]*?\\b${name}(?=$| )`, 'm'));
  },
);
