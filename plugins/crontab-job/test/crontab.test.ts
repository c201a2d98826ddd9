import { expect, test } from 'vitest';
import { crontabItems, isSystemCrontab } from '../src/crontab.ts';

const namesIn = (text: string) => [...crontabItems(text.split('\n'), { system: false })].map(({ names }) => names[0]);

test.each([
  ['# name: nightly\n@daily b', 'nightly'],
  ['# name: nightly\n# Copies everything\n@daily b', 'nightly'],
  ['# Name:  Two words \n@daily b', 'Two words'],
  ['# nightly-backup\n@daily b', 'nightly-backup'],
  ['# Copies everything to the other disk, and then some\n@daily b', 'b'],
  ['# nightly\n\n@daily b', 'b'],
  ['@daily -n /usr/local/bin/b.sh', 'b'],
  ['@daily cd /tmp', 'cron-job'],
  ['0 25 * /opt/b.sh -x', 'b'],
])('an entry is called by the comment above it, else by its program: %j is %s', (text, name) => {
  expect(namesIn(text)).toEqual([name]);
});

test('a comment with a name is no part of the title', () => {
  expect([...crontabItems(['# name: x', '# Copies', '# everything', '@daily b'], { system: false })]).toMatchObject([{ line: 4, title: 'Copies everything' }]);
});

test('a variable counts for the entries below it, the later of two with one name', () => {
  const items = [...crontabItems(['A=1', '@daily x', 'A=2', 'B=3', '@daily y'], { system: false })];
  expect(items.map(({ variables }) => variables)).toEqual([[{ name: 'A', value: '1', line: 1 }], [{ name: 'A', value: '2', line: 3 }, { name: 'B', value: '3', line: 4 }]]);
});

test.each([['/etc/crontab', true], ['/etc/cron.d/x', true], ['/private/etc/crontab', true], ['/home/me/etc/crontab', false], ['/etc/cron.d', false]])('%s is a system crontab: %s', (file, is) => {
  expect(isSystemCrontab(file)).toBe(is);
});

test('a hundred thousand lines of comment cost no more than their number', () => {
  const [item] = [...crontabItems([...Array.from({ length: 100_000 }, () => '# and so on'), '@daily a'], { system: false })];
  expect(item?.title).toHaveLength(100_000 * 'and so on '.length - 1);
});
