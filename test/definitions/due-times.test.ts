// What the examples say about their times, asked of `nightshift next`.

import { expect, test } from 'vitest';
import { newProject } from './example-run.ts';

interface Next { dueTimes: { dueAt: string; triggerId: number; note: string }[] }

async function next(name: string, ...words: string[]) {
  const project = newProject();
  return (JSON.parse(await project.stdoutOf('nightshift', 'next', name, '-o', 'json', ...words)) as Next).dueTimes;
}
const short = (dueTimes: Next['dueTimes']) => dueTimes.map(({ dueAt }) => dueAt.slice(0, 16));

test('OfficeHours opens at eight in Berlin, and at nine in New York, whatever the season', async () => {
  const inWeek = async (monday: string) => (await next('OfficeHours', '--from', `${monday}T00:00:00Z`, '--count', '60'));
  const winter = await inWeek('2026-11-23');
  expect(winter[0]).toMatchObject({ dueAt: '2026-11-23T07:00:00.000Z', triggerId: 1 });
  expect(winter.find(({ triggerId }) => triggerId === 2)?.dueAt).toBe('2026-11-23T14:00:00.000Z');
  // For two weeks in March the clocks have gone forward over there alone.
  const between = await inWeek('2027-03-15');
  expect(between[0]?.dueAt).toBe('2027-03-15T07:00:00.000Z');
  expect(between.find(({ triggerId }) => triggerId === 2)?.dueAt).toBe('2027-03-15T13:00:00.000Z');
});

test('OfficeHours takes dayMatch: and for the first Monday of a month', async () => {
  expect(short(await next('OfficeHours', '--trigger-id', '3', '--from', '2026-11-22T00:00:00Z', '--count', '4'))).toEqual(['2026-12-07T08:00', '2027-01-04T08:00', '2027-02-01T08:00', '2027-03-01T08:00']);
});

test('OfficeHours is due at three where there is no half past two, and once where there are two', async () => {
  expect(await next('OfficeHours', '--trigger-id', '4', '--from', '2027-03-27T00:00:00Z', '--count', '1')).toEqual([{ dueAt: '2027-03-28T01:00:00.000Z', triggerId: 4, note: 'moved out of a DST gap' }]);
  const autumn = await next('OfficeHours', '--trigger-id', '4', '--from', '2027-10-30T00:00:00Z', '--count', '2');
  expect(autumn.map(({ dueAt, note }) => [dueAt, note])).toEqual([['2027-10-31T00:30:00.000Z', 'first of two in a DST overlap'], ['2027-11-07T01:30:00.000Z', '']]);
});

test('InvoiceRun is due on the last day of every month', async () => {
  expect(short(await next('InvoiceRun', '--from', '2028-01-01T00:00:00Z', '--count', '4'))).toEqual(['2028-01-31T17:00', '2028-02-29T17:00', '2028-03-31T16:00', '2028-04-30T16:00']);
});

test('Once is due 49 times, and never again', async () => {
  const all = await next('Once', '--from', '2026-11-22T00:00:00Z', '--count', '100');
  expect(all).toHaveLength(49);
  expect([all[0]?.dueAt, all.at(-1)?.dueAt]).toEqual(['2030-12-24T18:00:00.000Z', '2030-12-26T18:00:00.000Z']);
});
