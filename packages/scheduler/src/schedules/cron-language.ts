/*
 * Why there is a grammar of our own before this file, and why nothing else may import node-cron.
 *
 * node-cron 4.6 expands a range into its numbers first and compares them with the field's bounds afterwards. So
 *
 *     0-1000000000 * * * *
 *
 * 20 characters that anybody may write into a file, fills the memory until V8 aborts: the *process* ends, with no exception
 * that somebody could catch and no code that says why; `0-10000000` takes nine seconds and a gigabyte. Lists are as bad in
 * a small way (0.4 to 1.4 s for a long one), and absurd steps count as valid. A check that calls the library to find out
 * whether a text is safe for the library is therefore the attack itself.
 *
 * Hence the order, which must not change:
 *
 *     text ── cron-grammar.ts ──> CronText ── this file ──> CronFields ── cron-walls.ts ─> due times
 *             at most 256           only *, numbers           what node-cron
 *             characters, each      inside their field,       read: the language
 *             number in range       each once, and L W #      that it documents
 *
 * What comes in here has no range, no step and no name left: ranges that wrap around the end of a field were expanded by us,
 * and no list is longer than its field. Of the library we call `validateDetailed` and, by it, its parser. Its schedules
 * start timers, lose due times when clocks change, and combine the day fields in one way only; ours are in cron-walls.ts.
 */
import { validateDetailed } from 'node-cron';
import { fault, type Read } from '../complaint.ts';
import type { CronText } from './cron-grammar.ts';

/** What an expression says, field by field. Day fields may hold tokens: L, L-3, 15W, LW; 1#2, 5L. */
export interface CronFields {
  readonly second: readonly number[];
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfMonth: readonly (number | string)[];
  readonly month: readonly number[];
  readonly dayOfWeek: readonly (number | string)[];
}

/**
 * The fields of an expression that the grammar accepted.
 * The month is asked for by itself: together with it the library refuses days of the month that no month of the list has,
 * even where a day of the week would do (`0 0 30 2 1`). Whether anything is ever due is for `next` to say.
 */
export function readCronFields(text: CronText): Read<CronFields> {
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = text.fields;
  const rest = validateDetailed(`${second} ${minute} ${hour} ${dayOfMonth} * ${dayOfWeek}`);
  const months = validateDetailed(`0 0 0 * ${month} *`);
  if (rest.fields === undefined || months.fields === undefined) {
    return fault('CronExpressionInvalid', [...rest.errors, ...months.errors].map((error) => error.message).join('; '));
  }
  return { value: { ...rest.fields, month: months.fields.month } };
}
