import { describe, expect, test } from 'vitest';
import { openTrigger } from '@nightshift/scheduler';

const NOW = new Date('2026-11-22T18:00Z');

async function wordsOf(cron: string, dayMatch?: string): Promise<string> {
  const words = await openTrigger({ cron, ...(dayMatch === undefined ? {} : { dayMatch }) }, { timeZone: 'UTC', now: NOW, knownSince: NOW }).words();
  return words.slice(0, words.indexOf(', UTC ('));
}

/*
 * Each line was read against what the expression means, by hand: that is the point of this table.
 */
describe('what the library says, since it says it well', () => {
  test.each([
    ['* * * * *', 'every minute'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['0,15,30,45 * * * *', 'every 15 minutes'],
    ['0 * * * *', 'every hour'],
    ['@hourly', 'every hour'],
    ['5 * * * *', 'at 5 minutes past the hour'],
    ['0,7,14 * * * *', 'at 0, 7, and 14 minutes past the hour'],
    ['0-10 * * * *', 'minutes 0 through 10 past the hour'],
    ['30 2 * * *', 'at 02:30, every day'],
    ['@daily', 'at 00:00, every day'],
    ['30 2,3 * * *', 'at 02:30 and 03:30, every day'],
    ['*/30 2 * * *', 'every 30 minutes, between 02:00 and 02:59, every day'],
    ['* 2 * * *', 'every minute, between 02:00 and 02:59, every day'],
    ['* 2-4 * * *', 'every minute, between 02:00 and 04:59, every day'],
    ['0-10 11 * * *', 'every minute between 11:00 and 11:10, every day'],
    ['0 8-18 * * *', 'every hour, between 08:00 and 18:00, every day'],
    ['5 8-18 * * *', 'at 5 minutes past the hour, between 08:00 and 18:59, every day'],
    ['0 */2 * * *', 'on the hour, every 2 hours, every day'],
    ['*/15 8-18 * * 1-5', 'every 15 minutes, between 08:00 and 18:59, Monday through Friday'],
    ['15 0 12 * * *', 'at 12:00:15, every day'],
    ['* * * * * *', 'every second'],
    ['*/5 * * * * *', 'every 5 seconds'],
    ['0 0 * * 5', 'at 00:00, only on Friday'],
    ['0 0 * * 7', 'at 00:00, only on Sunday'],
    ['0 0 * * 0,6', 'at 00:00, only on Sunday and Saturday'],
    ['0 0 1 1 *', 'at 00:00, on day 1 of the month, only in January'],
    ['0 0 1,15 * *', 'at 00:00, on day 1 and 15 of the month'],
    ['0 0 * 1-3 *', 'at 00:00, January through March'],
    ['0 0 29 2 *', 'at 00:00, on day 29 of the month, only in February'],
  ])('%s: %s', async (cron, words) => {
    expect(await wordsOf(cron)).toBe(words);
  });
});

describe('what the library would say wrongly, or not at all', () => {
  test.each([
    // A step that does not divide its field begins anew with it.
    ['*/7 * * * *', 'at minutes 0, 7, 14 … 56 of every hour'],
    ['*/45 * * * *', 'at 0 and 45 minutes past the hour'],
    ['*/7 * * * * *', 'at seconds 0, 7, 14 … 56 of every minute of every hour'],
    ['0 0 */2 * *', 'at 00:00, on days 1, 3, 5 … 31 of the month'],
    ['0 0 * */5 *', 'at 00:00, only in January, June, and November'],
    ['0 0 * */3 *', 'at 00:00, in January, April, July and October'],
    ['0 0 * * */2', 'at 00:00, on Tuesday, Thursday, Saturday and Sunday'],
    ['1-59/2 * * * *', 'at minutes 1, 3, 5 … 59 of every hour'],
    // Several hours beside several minutes are no times of day.
    ['* 2,3 * * *', 'every minute of hours 2 and 3, every day'],
    ['*/15 */2 * * *', 'at minutes 0, 15, 30 and 45 of hours 0, 2, 4 … 22, every day'],
    ['0,30 2,3 * * *', 'at 02:00, 02:30, 03:00 and 03:30, every day'],
    ['10-22/5 3 * * *', 'at 03:10, 03:15 and 03:20, every day'],
    ['*/20 30 6 * * *', 'at 06:30, 06:30:20 and 06:30:40, every day'],
    ['* 0 3 * * *', 'every second of minute 0 of hour 3, every day'],
    ['10,50 10,50 4,20 * * *', 'at seconds 10 and 50 of minutes 10 and 50 of hours 4 and 20, every day'],
    ['30 0 * * * *', 'at second 30 of minute 0 of every hour'],
    // Ranges that wrap around.
    ['0 22-2 * * *', 'at 00:00, 01:00, 02:00, 22:00 and 23:00, every day'],
    ['*/15 22-2 * * *', 'at minutes 0, 15, 30 and 45 of hours 22 through 2, every day'],
    ['58-1 * * * *', 'at minutes 58 through 1 of every hour'],
    ['0 0 28-3 * *', 'at 00:00, on days 28 through 3 of the month'],
    ['0 0 * nov-feb *', 'at 00:00, in November through February'],
    ['0 0 * * fri-mon', 'at 00:00, on Friday through Monday'],
    ['30 4 1-5,10-20 * *', 'at 04:30, on days 1 through 5 and 10 through 20 of the month'],
    // Days by what they are in their month.
    ['0 0 L * *', 'at 00:00, on the last day of the month'],
    ['0 0 L-1 * *', 'at 00:00, on the day before the last of the month'],
    ['0 0 L-3 * *', 'at 00:00, on the day 3 days before the last of the month'],
    ['0 0 15W * *', 'at 00:00, on the weekday nearest to day 15 of the month'],
    ['0 0 LW * *', 'at 00:00, on the last weekday of the month'],
    ['0 0 1,15,L * *', 'at 00:00, on days 1 and 15 and the last day of the month'],
    ['0 0 * * 1#1', 'at 00:00, on the first Monday of the month'],
    ['0 0 * * fri#5', 'at 00:00, on the fifth Friday of the month'],
    ['0 0 * * 5L', 'at 00:00, on the last Friday of the month'],
    ['0 0 * * 0L,3#2,1', 'at 00:00, on Monday, the last Sunday of the month and the second Wednesday of the month'],
    ['0 12 LW 3,6 *', 'at 12:00, on the last weekday of the month, in March and June'],
  ])('%s: %s', async (cron, words) => {
    expect(await wordsOf(cron)).toBe(words);
  });
});

describe('two day fields', () => {
  test.each([
    ['0 0 13 * 5', undefined, 'at 00:00, on day 13 of the month or on Friday'],
    ['0 0 13 * 5', 'or', 'at 00:00, on day 13 of the month or on Friday'],
    ['0 0 13 * 5', 'and', 'at 00:00, on Friday, but only on day 13 of the month'],
    ['0 0 */2 * 1', undefined, 'at 00:00, on days 1, 3, 5 … 31 of the month or on Monday'],
    ['0 0 1-31 * 1', undefined, 'at 00:00, on days 1 through 31 of the month or on Monday'],
    ['0 9 1-7 mar mon', 'and', 'at 09:00, on Monday, but only on days 1 through 7 of the month, in March'],
    ['0 0 L 2 5L', undefined, 'at 00:00, on the last day of the month or on the last Friday of the month, in February'],
    // One that says nothing is not joined with anything.
    ['0 0 ? * 5', 'and', 'at 00:00, only on Friday'],
    ['0 0 13 * *', 'and', 'at 00:00, on day 13 of the month'],
  ])('of %s with dayMatch %s: %s', async (cron, dayMatch, words) => {
    expect(await wordsOf(cron, dayMatch)).toBe(words);
  });
});

test('every expression that is accepted has words, in one line', async () => {
  for (const minute of ['*', '0', '*/7', '5-50/3']) {
    for (const date of ['*', '1', 'L-2', '7W,LW', '*/9']) {
      for (const weekday of ['*', 'mon', '5L,2#3', '6-1']) expect(await wordsOf(`${minute} 1-23/4 ${date} */7 ${weekday}`)).toMatch(/^(at|every|minutes) [\w :,…#]+$/);
    }
  }
});
