import { describe, expect, test } from 'vitest';
import { calendarTrigger } from '../../../../src/umbrella/import/systemd/calendar-event.ts';

const WORKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

describe('a calendar event', () => {
  test.each([
    ['daily', { daily: { at: '00:00' } }],
    ['Daily', { daily: { at: '00:00' } }],
    ['hourly', { cron: '0 * * * *' }],
    ['minutely', { cron: '* * * * *' }],
    ['weekly', { weekly: { at: '00:00', daysOfWeek: ['Monday'] } }],
    ['monthly', { cron: '0 0 1 * *' }],
    ['quarterly', { cron: '0 0 1 */3 *' }],
    ['semiannually', { cron: '0 0 1 1,7 *' }],
    ['yearly', { cron: '0 0 1 1 *' }],
    ['*-*-* 03:15:00', { daily: { at: '03:15' } }],
    ['3:5', { daily: { at: '03:05' } }],
    ['03:15:30', { daily: { at: '03:15:30' } }],
    ['Mon..Fri 07:30', { weekly: { at: '07:30', daysOfWeek: WORKDAYS } }],
    ['mon-fri *-*-* 07:30', { weekly: { at: '07:30', daysOfWeek: WORKDAYS } }],
    ['Sat,Thu,Mon..Wed 12:00', { weekly: { at: '12:00', daysOfWeek: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Saturday'] } }],
    ['Wed, 17:48', { weekly: { at: '17:48', daysOfWeek: ['Wednesday'] } }],
    ['Mon..Sun 06:00', { daily: { at: '06:00' } }],
    ['Sun', { weekly: { at: '00:00', daysOfWeek: ['Sunday'] } }],
    ['*:0/15', { cron: '*/15 * * * *' }],
    ['*:2/3', { cron: '2-59/3 * * * *' }],
    ['9..17:00,30', { cron: '0,30 9-17 * * *' }],
    ['*-*-* 8..18/2:05', { cron: '5 8-18/2 * * *' }],
    ['*-*-* 00,12:00', { cron: '0 0,12 * * *' }],
    ['*-*-1,15 12:00', { cron: '0 12 1,15 * *' }],
    ['12-24 18:00', { cron: '0 18 24 12 *' }],
    ['*:*:0/10', { cron: '*/10 * * * * *' }],
    ['Fri *-*-13 13:13', { cron: '13 13 13 * 5', dayMatch: 'and' }],
    ['*-*~1 23:00', { cron: '0 23 L * *' }],
    ['*-02~03', { cron: '0 0 L-2 2 *' }],
    ['Mon *-05~07/1', { cron: '0 0 L-6,L-5,L-4,L-3,L-2,L-1,L 5 1', dayMatch: 'and' }],
    ['*-*~9..12/2', { cron: '0 0 L-10,L-8 * *' }],
    ['2031-06-01 09:00', { once: { at: '2031-06-01T09:00' } }],
    ['Sun 31-06-01 9:00:05', { once: { at: '2031-06-01T09:00:05' } }],
    ['@1893456000', { once: { at: '2030-01-01T00:00' }, timeZone: 'UTC' }],
    ['daily UTC', { daily: { at: '00:00' }, timeZone: 'UTC' }],
    ['Mon 12:00 Europe/Berlin', { weekly: { at: '12:00', daysOfWeek: ['Monday'] }, timeZone: 'Europe/Berlin' }],
    ['*-*-5..5 1:0', { cron: '0 1 5 * *' }],
  ])('%s is due when %j is', (text, trigger) => {
    expect(calendarTrigger(text)).toEqual({ trigger });
  });

  test.each([
    ['2030..2032-*-* 04:00', 'names years'],
    ['2030-*-01', 'names years'],
    ['Mon 2031-06-01', 'never comes'],
    ['00:00:00.5', 'fraction of a second'],
    ['*:*/5', 'no calendar event'],
    ['Sat..Mon 12:00', 'no calendar event'],
    ['25:00', 'no calendar event'],
    ['*-13-01', 'no calendar event'],
    ['*:55/5', 'no calendar event'],
    ['*-*~29', 'no calendar event'],
    ['*-*~5/5', 'no calendar event'],
    ['', 'no calendar event'],
    ['tomorrow', 'no calendar event'],
    ['12:00 13:00', 'no calendar event'],
    ['*-*-* 12', 'no calendar event'],
    ['$(reboot)', 'no calendar event'],
  ])('%j has no equal: %s', (text, why) => {
    expect(calendarTrigger(text)).toEqual({ lost: expect.stringContaining(why) });
  });
});
