// A cron expression in words. Loaded for `--explain` alone.
//
// cronstrue says the common forms well, and some others so that one reads them wrongly:
//
//     */7 * * * *     every 7 minutes                       from minute 56 to minute 0 it is four
//     * 2,3 * * *     every minute, at 02:00 and 03:00      every minute of two hours
//     0 0 1-7 * 5     …, between day 1 and 7 of the month,  either of them; with dayMatch: and both
//                     and on Friday
//     0 22-2 * * *    refused                               the range wraps around
//
// So it gets an expression only in one of the forms below, each of which was read and found right (the test has the list).
// Everything else is said here: plainer, and never wrong.
import type { CronFields } from '../schedules/cron-language.ts';
import { cronSentence } from './cron-sentence.ts';
import { dayName, listWords, timeWords } from './value-words.ts';

/** What a field's numbers look like together, and how an expression writes that. */
interface Form {
  readonly is: 'all' | 'one' | 'step' | 'range' | 'list' | 'many';
  readonly text: string;
}

/** Longer lists read better as ranges. */
const LONGEST_LIST = 3;
/** Minutes beside hours. */
const SAID_WELL = ['all all', 'all one', 'all range', 'one all', 'one one', 'one step', 'one range', 'one list', 'step all', 'step one', 'step range', 'list all', 'range all', 'range one'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];
/** More times of a day are not listed one by one. */
const MOST_TIMES = 6;

/** `dayMatch` is how the two day fields are joined; undefined where at most one of them says anything. */
export function cronWords(fields: CronFields, dayMatch: 'or' | 'and' | undefined): string {
  const isEveryDay = dayMatch === undefined && fields.month.length === 12 && isAll(fields.dayOfMonth, 31) && isAll(fields.dayOfWeek, 7);
  const words = saidWell(fields, dayMatch) ?? [timesOf(fields), daysOf(fields, dayMatch), monthsOf(fields)].filter((part) => part !== '').join(', ');
  return isEveryDay && fields.hour.length < 24 ? `${words}, every day` : words;
}

function saidWell(fields: CronFields, dayMatch: 'or' | 'and' | undefined): string | undefined {
  const { second, minute, hour, month } = fields;
  const [dates, weekdays] = [numbersIn(fields.dayOfMonth), numbersIn(fields.dayOfWeek)];
  if (dayMatch !== undefined || dates.length < fields.dayOfMonth.length || weekdays.length < fields.dayOfWeek.length) return undefined;
  const times = [formOf(second, 0, 60), formOf(minute, 0, 60), formOf(hour, 0, 24)] as const;
  const days = [formOf(dates, 1, 31), formOf(month, 1, 12), formOf(weekdays, 0, 7)] as const;
  if (!areTimesSaidWell(...times) || days.some(({ is }) => is === 'step' || is === 'many') || days[0].is === 'range') return undefined;
  return cronSentence([...times.slice(times[0].text === '0' ? 1 : 0), ...days].map(({ text }) => text).join(' '));
}

function areTimesSaidWell(second: Form, minute: Form, hour: Form): boolean {
  const rest = `${minute.is} ${hour.is}`;
  if (second.text === '0') return SAID_WELL.includes(rest);
  return (rest === 'all all' && (second.is === 'all' || second.is === 'step')) || (rest === 'one one' && second.is === 'one');
}

function formOf(values: readonly number[], min: number, size: number): Form {
  const sorted = sortedOf(values);
  const [first, next, last] = [sorted[0] as number, sorted[1], sorted.at(-1) as number];
  if (sorted.length === size) return { is: 'all', text: '*' };
  if (next === undefined) return { is: 'one', text: String(first) };
  const step = next - first;
  const isEven = sorted.every((value, index) => value === first + index * step);
  if (isEven && first === min && sorted.length * step === size) return { is: 'step', text: `*/${step}` };
  if (isEven && step === 1 && sorted.length > 2) return { is: 'range', text: `${first}-${last}` };
  return { is: sorted.length > LONGEST_LIST ? 'many' : 'list', text: sorted.join(',') };
}

function timesOf({ second, minute, hour }: CronFields): string {
  if (second.length * minute.length * hour.length <= MOST_TIMES) {
    const times = hour.flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1_000)));
    return `at ${listWords(sortedOf(times).map(timeWords))}`;
  }
  const seconds = second.length === 1 && second[0] === 0 ? [] : [unitWords('second', second, 60)];
  const words = [...seconds, unitWords('minute', minute, 60), unitWords('hour', hour, 24)].join(' of ');
  return words.startsWith('every') ? words : `at ${words}`;
}

function unitWords(unit: string, values: readonly number[], size: number): string {
  if (values.length === size) return `every ${unit}`;
  return `${unit}${values.length === 1 ? '' : 's'} ${numberWords(values, 0, size)}`;
}

function daysOf({ dayOfMonth, dayOfWeek }: CronFields, dayMatch: 'or' | 'and' | undefined): string {
  const dates = dayMatch === undefined && isAll(dayOfMonth, 31) ? '' : `on ${listWords(datesOf(dayOfMonth))} of the month`;
  const weekdays = dayMatch === undefined && isAll(dayOfWeek, 7) ? '' : `on ${listWords(weekdaysOf(dayOfWeek))}`;
  if (dates === '' || weekdays === '') return dates + weekdays;
  return dayMatch === 'and' ? `${weekdays}, but only ${dates}` : `${dates} or ${weekdays}`;
}

function datesOf(values: CronFields['dayOfMonth']): readonly string[] {
  const numbers = numbersIn(values);
  const plain = numbers.length === 0 ? [] : [`day${numbers.length === 1 ? '' : 's'} ${numberWords(numbers, 1, 31)}`];
  return [...plain, ...tokensIn(values).map(dateToken)];
}

/** L, L-n, nW and LW. */
function dateToken(token: string): string {
  if (token === 'L') return 'the last day';
  if (token === 'LW') return 'the last weekday';
  if (token.endsWith('W')) return `the weekday nearest to day ${token.slice(0, -1)}`;
  return token === 'L-1' ? 'the day before the last' : `the day ${token.slice(2)} days before the last`;
}

function weekdaysOf(values: CronFields['dayOfWeek']): readonly string[] {
  return [...runWords(numbersIn(values), 0, 7, dayName), ...tokensIn(values).map(weekdayToken)];
}

/** n#k and nL. */
function weekdayToken(token: string): string {
  const [day, ordinal] = token.split('#');
  if (ordinal === undefined) return `the last ${dayName(Number(token.slice(0, -1)))} of the month`;
  return `the ${ORDINALS[Number(ordinal) - 1]} ${dayName(Number(day))} of the month`;
}

function monthsOf({ month }: CronFields): string {
  return month.length === 12 ? '' : `in ${listWords(runWords(month, 1, 12, (number) => MONTHS[number - 1] as string))}`;
}

/** "1 through 5 and 9"; five or more at even distances as "0, 7, 14 … 56". */
function numberWords(values: readonly number[], min: number, size: number): string {
  const sorted = sortedOf(values);
  const [first, second, third] = sorted as [number, number, number];
  const isEven = sorted.length > 4 && second - first > 1 && sorted.every((value, index) => value === first + index * (second - first));
  return isEven ? `${first}, ${second}, ${third} … ${sorted.at(-1)}` : listWords(runWords(sorted, min, size, String));
}

/** Three or more in a row, also over the end of the field, as "Friday through Monday". */
function runWords(values: readonly number[], min: number, size: number, word: (value: number) => string): readonly string[] {
  const has = (value: number): boolean => values.includes(min + ((value - min + size) % size));
  const isStart = (value: number): boolean => values.length < size && !has(value - 1);
  const starts = values.length === size ? [min] : sortedOf(values).filter(isStart);
  return starts.flatMap((start) => {
    let length = 1;
    while (length < values.length && has(start + length)) length++;
    const run = Array.from({ length }, (_, offset) => word(min + ((start - min + offset) % size)));
    return length < 3 ? run : [`${run[0]} through ${run.at(-1)}`];
  });
}

function sortedOf(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

function numbersIn(values: CronFields['dayOfMonth']): readonly number[] {
  return values.filter((value) => typeof value === 'number');
}

function tokensIn(values: CronFields['dayOfMonth']): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}

function isAll(values: CronFields['dayOfMonth'], size: number): boolean {
  return numbersIn(values).length === size;
}
