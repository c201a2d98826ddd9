import type { AskedTrigger, DueTimeView } from '@nightshift/host';
import { wrapped } from '../options/wrap.ts';
import { paint, type Look } from './look.ts';
import { sanitiseLine } from './sanitise.ts';
import type { Column } from './table.ts';

/** `moved out of a DST gap; starts 2027-03-28T03:04:11+02:00`, or nothing. */
export function noteOf({ clockNote, starts, trigger }: DueTimeView): string {
  return [clockNote, starts === undefined ? undefined : `starts ${starts}`, trigger.isDisabled ? 'disabled' : undefined].filter((note) => note !== undefined).join('; ');
}

export const DUE_TIME_COLUMNS: readonly Column<DueTimeView>[] = [
  ['DueAt', ({ local }) => local],
  ['Definition', ({ trigger }) => trigger.definition],
  ['Trigger', ({ trigger }) => String(trigger.triggerId)],
  ['Kind', ({ trigger }) => trigger.kind],
  ['Note', noteOf],
];

/** An expression has neither definition nor trigger. */
export const EXPRESSION_COLUMNS: readonly Column<DueTimeView>[] = DUE_TIME_COLUMNS.filter(([header]) => header === 'DueAt' || header === 'Note');

/** One trigger in words, and its due times among those that were found. */
export interface Explained {
  readonly trigger: AskedTrigger;
  readonly words: string;
  readonly dueTimes: readonly DueTimeView[];
}

/**
 * Each trigger under its own words. Besides the time of its zone: when it starts, how far away that is, the time in UTC; and
 * between two due times what was done to the clock.
 */
export function explanation(triggers: readonly Explained[], now: Date, look: Look): string {
  return triggers.map((one) => [...headingOf(one, look), ...linesOf(one, now, look)].map((line) => `${line}\n`).join('')).join('\n');
}

/** What fits where nobody says how wide it is. */
const COLUMNS = 80;

function headingOf({ trigger, words }: Explained, look: Look): readonly string[] {
  const who = trigger.definition === '' ? '' : `${trigger.definition}, trigger ${trigger.triggerId}: `;
  const text = sanitiseLine(`${who}${words}${trigger.isDisabled ? ', disabled' : ''}`);
  return unbroken(text, (whole) => wrapped(whole, look.width ?? COLUMNS, 4)).map((line) => paint(look, 'bold', line));
}

/** A cron expression stands in parentheses, and over two lines nobody could copy it. */
function unbroken(text: string, wrap: (text: string) => readonly string[]): readonly string[] {
  const glued = text.replaceAll(/\([^()]*\)/g, (expression) => expression.replaceAll(' ', GLUE));
  return wrap(glued).map((line) => line.replaceAll(GLUE, ' '));
}

/** Nothing that was made fit for a terminal holds it. */
const GLUE = '\0';

function linesOf({ dueTimes }: Explained, now: Date, look: Look): readonly string[] {
  if (dueTimes.length === 0) return ['  no due time among these'];
  const rows = dueTimes.map((view) => cellsOf(view, now));
  const widths = (rows[0] as readonly string[]).map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return dueTimes.flatMap((view, index) => {
    const cells = (rows[index] as readonly string[]).map((cell, column) => cell.padEnd(widths[column] as number));
    const line = `  ${cells.filter((cell) => cell !== '').join('   ').trimEnd()}`;
    return [...changeLines(view), line, ...(view.clockNote === undefined ? [] : [`    ${view.clockNote}`])].map((one) => (one === line ? one : paint(look, 'grey', one)));
  });
}

/** Local time, start, distance, UTC; a column that is empty everywhere has no width. */
function cellsOf({ dueAt, local, starts }: DueTimeView, now: Date): readonly string[] {
  return [`${dayOf(local)} ${clockOf(local)}`, starts === undefined ? '' : `starts ${clockBeside(starts, local)}`, distance(dueAt.getTime() - now.getTime()), utcOf(dueAt, local)];
}

function utcOf(dueAt: Date, local: string): string {
  return local.endsWith('+00:00') ? '' : `${clockBeside(dueAt.toISOString(), local)} UTC`;
}

function changeLines({ change }: DueTimeView): readonly string[] {
  if (change === undefined) return [];
  const way = change.from.slice(0, 19) < change.to.slice(0, 19) ? 'forward' : 'back';
  return [`    clocks go ${way} on ${dayOf(change.from)}, from ${clockOf(change.from)} to ${clockOf(change.to)}`];
}

/*
 * Times come as ISO 8601 with the offset of their zone, so that they need no zone here: the first 19 characters are what the
 * clock on the wall shows.
 */
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Mon 23 Nov 2026". */
function dayOf(time: string): string {
  const [year, month, day] = time.slice(0, 10).split('-');
  return `${weekdayOf(time)} ${day} ${MONTHS[Number(month) - 1]} ${year}`;
}

function weekdayOf(time: string): string {
  return WEEKDAYS[new Date(`${time.slice(0, 10)}T00:00Z`).getUTCDay()] as string;
}

/** "03:00", and seconds where there are any. */
function clockOf(time: string): string {
  return time.slice(11, time.slice(16, 19) === ':00' ? 16 : 19);
}

/** With the day of the week where it is not that of the time it stands beside. */
function clockBeside(time: string, beside: string): string {
  return time.slice(0, 10) === beside.slice(0, 10) ? clockOf(time) : `${weekdayOf(time)} ${clockOf(time)}`;
}

/** From here on the next larger unit reads better: 34 h and not 1 d. */
const UNITS = [['s', 1_000, 90_000], ['min', 60_000, 90 * 60_000], ['h', 3_600_000, 48 * 3_600_000], ['days', 86_400_000, Infinity]] as const;

/** "in 10 h", "3 days ago". */
function distance(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const [unit, length] = UNITS.find(([, , end]) => size < end) as (typeof UNITS)[number];
  const text = `${Math.round(size / length)} ${unit}`;
  return milliseconds < 0 ? `${text} ago` : `in ${text}`;
}
