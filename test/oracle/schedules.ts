import type { Matcher } from './rules.ts';

/** A trigger as a file has it, and what it means: said by hand, never read out of the text. */
export interface Schedule extends Matcher {
  readonly trigger: Readonly<Record<string, unknown>>;
}

/** Every day, or every value of a field. */
export const always = (): boolean => true;
const at = (...times: readonly string[]): ((second: number) => boolean) => {
  const seconds = new Set(times.map((time) => Date.parse(`1970-01-01T${time.padEnd(8, ':00')}Z`) / 1_000));
  return (second) => seconds.has(second);
};
/** Full minutes, by their number and their hour. */
export const minutes = (matches: (minute: number, hour: number) => boolean) => (second: number) => second % 60 === 0 && matches((second / 60) % 60, Math.floor(second / 3_600));
const fixed = (trigger: Schedule['trigger'], atTime: Matcher['atTime'], onDay: Matcher['onDay'] = always): Schedule => ({ trigger, rule: 'fixed', atTime, onDay });
const elapsed = (trigger: Schedule['trigger'], atTime: Matcher['atTime'], onDay: Matcher['onDay'] = always): Schedule => ({ trigger, rule: 'elapsed', atTime, onDay });

/** 2026-01-01, and the Sunday before it. */
const NEW_YEAR = 20_454;
const SUNDAY = 20_450;

export const SCHEDULES: readonly Schedule[] = [
  fixed({ cron: '30 2 * * *' }, at('02:30')),
  fixed({ cron: '0 0 * * *' }, at('00:00')),
  fixed({ cron: '0,30 0-3 * * *' }, minutes((minute, hour) => minute % 30 === 0 && hour <= 3)),
  fixed({ cron: '0 2,3 * * *' }, at('02:00', '03:00')),
  fixed({ cron: '59 23,1 * * *' }, at('01:59', '23:59')),
  fixed({ cron: '15 22-2 * * fri-sun' }, minutes((minute, hour) => minute === 15 && (hour >= 22 || hour <= 2)), ({ weekday }) => [5, 6, 0].includes(weekday)),
  fixed({ cron: '0-59 1-3 * * *' }, minutes((_, hour) => hour >= 1 && hour <= 3)),
  fixed({ daily: { at: '02:30' } }, at('02:30')),
  fixed({ daily: { at: '00:00:00' } }, at('00:00')),
  fixed({ daily: { at: '2026-01-01T01:15', daysInterval: 2 } }, at('01:15'), ({ day }) => day >= NEW_YEAR && (day - NEW_YEAR) % 2 === 0),
  fixed({ daily: { at: '2026-01-01T03:00', daysInterval: 7 } }, at('03:00'), ({ day }) => day >= NEW_YEAR && (day - NEW_YEAR) % 7 === 0),
  fixed({ weekly: { at: '02:05', daysOfWeek: 'Saturday, Sunday' } }, at('02:05'), ({ weekday }) => weekday === 0 || weekday === 6),
  fixed({ weekly: { at: '2025-12-28T02:30', daysOfWeek: '*', weeksInterval: 2 } }, at('02:30'), ({ day }) => Math.floor((day - SUNDAY) / 7) % 2 === 0),
  fixed({ weekly: { at: '2026-01-01T00:30', daysOfWeek: [0, 3], weeksInterval: 3 } }, at('00:30'), ({ day, weekday }) => day >= NEW_YEAR && [0, 3].includes(weekday) && Math.floor((day - SUNDAY) / 7) % 3 === 0),
  elapsed({ cron: '*/15 * * * *' }, minutes((minute) => minute % 15 === 0)),
  elapsed({ cron: '7 * * * *' }, minutes((minute) => minute === 7)),
  elapsed({ cron: '@hourly' }, minutes((minute) => minute === 0)),
  elapsed({ cron: '0 */2 * * *' }, minutes((minute, hour) => minute === 0 && hour % 2 === 0)),
  elapsed({ cron: '*/30 2 * * *' }, minutes((minute, hour) => minute % 30 === 0 && hour === 2)),
  elapsed({ cron: '* 1-3 * * sun' }, minutes((_, hour) => hour >= 1 && hour <= 3), ({ weekday }) => weekday === 0),
  elapsed({ cron: '5,*/20 23-1 * * *' }, minutes((minute, hour) => (minute === 5 || minute % 20 === 0) && (hour === 23 || hour <= 1))),
];

/** Six fields, and times with seconds. */
export const SCHEDULES_WITH_SECONDS: readonly Schedule[] = [
  fixed({ cron: '15 30 2 * * *' }, at('02:30:15')),
  fixed({ cron: '0,59 0,59 0-3 * * *' }, (second) => [0, 59].includes(second % 60) && [0, 59].includes(Math.floor(second / 60) % 60) && second < 4 * 3_600),
  fixed({ daily: { at: '02:59:59' } }, at('02:59:59')),
  elapsed({ cron: '*/20 30 2 * * *' }, (second) => second % 20 === 0 && Math.floor(second / 60) === 150),
  elapsed({ cron: '59-1 59-1 * * * *' }, (second) => [59, 0, 1].includes(second % 60) && [59, 0, 1].includes(Math.floor(second / 60) % 60)),
  elapsed({ cron: '* * 2 * * *' }, (second) => Math.floor(second / 3_600) === 2),
];
