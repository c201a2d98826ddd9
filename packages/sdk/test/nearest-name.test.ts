import { expect, test } from 'vitest';
import { checkName, nearestName, uniqueNames } from '@nightshift/sdk';

test.each([
  ['backup', 'backup'],
  ['Photos to the second disk', 'Photos-to-the-second-disk'],
  ['../../x', 'x'],
  ['$(rm -rf /)', 'rm-rf'],
  ['Über Größe', 'Uber-Gro-e'],
  ['7zip', 'job-7zip'],
  ['a..b', 'a.b'],
  ['con', 'job-con'],
  ['__proto__', 'proto'],
  ['constructor', 'job-constructor'],
  ['x'.repeat(200), 'x'.repeat(48)],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['日本語', undefined],
  ['', undefined],
  ['---', undefined],
])('%j becomes %j', (text, name) => {
  expect(nearestName(text)).toBe(name);
  if (name !== undefined) expect(checkName(name)).toBe(name);
});

test('names differ, also where only case makes them differ', () => {
  expect(uniqueNames([['tick'], ['Tick'], ['tick'], ['tick-2']])).toEqual(['tick', 'Tick-2', 'tick-3', 'tick-2-2']);
});

test('the best wish that can be a name wins, and there is always one', () => {
  expect(uniqueNames([['…', 'second'], [], ['']])).toEqual(['second', 'Job', 'Job-2']);
});

test('a prefix stands before every name', () => {
  expect(uniqueNames([['a'], ['a'], []], 'web-')).toEqual(['web-a', 'web-a-2', 'web-Job']);
});

test('a name as long as a name may be has room for a number', () => {
  const [first, second] = uniqueNames([['x'.repeat(64)], ['X'.repeat(64)]]);
  expect([first, second]).toEqual(['x'.repeat(64), `${'X'.repeat(62)}-2`]);
});
