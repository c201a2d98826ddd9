/**
 * Cron expressions of others in our dialect. Only what both accept and mean differently is rewritten or refused; whether the
 * result is an expression at all is judged by our own reader afterwards.
 */
import { asciiLower } from '@nightshift/sdk';
import { quoted } from './remarks.ts';

/** How a dialect differs from ours. */
export interface CronDialect {
  readonly name: string;
  /** `5/15`: not known (`none`), or 5 to the end of the field every 15 (`open`). */
  readonly bareStep: 'none' | 'open';
  /**
   * When a day field counts as unrestricted, so that the other one decides alone: when it begins with `*` (cron itself: also
   * in a star with a step), or when it holds a star without a step above 1 (robfig/cron).
   */
  readonly star: 'leading' | 'plain';
}

/** cron of Debian and cronie, crontab(5). */
export const CRONTAB: CronDialect = { name: 'cron', bareStep: 'none', star: 'leading' };
/** Kubernetes and dagu read with robfig/cron v3; what GitHub documents means the same. */
export const KUBERNETES: CronDialect = { name: 'Kubernetes', bareStep: 'open', star: 'plain' };
export const DAGU: CronDialect = { ...KUBERNETES, name: 'dagu' };
export const GITHUB: CronDialect = { ...KUBERNETES, name: 'GitHub' };

export type Translated =
  | { readonly trigger: Readonly<Record<string, unknown>>; readonly notes: readonly string[] }
  /** Why it has no equal. */
  | { readonly lost: string };

interface Field {
  readonly max: number;
  readonly min: number;
  readonly isDay: boolean;
  readonly names?: readonly string[];
}

const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { min: 0, max: 59, isDay: false },
  { min: 0, max: 23, isDay: false },
  { min: 1, max: 31, isDay: true },
  { min: 1, max: 12, isDay: false, names: MONTHS },
  { min: 0, max: 7, isDay: true, names: DAYS },
];

/** A trigger for an expression of five fields or an `@` word. */
export function translateCron(text: string, dialect: CronDialect): Translated {
  const fields = text.trim().split(/[ \t]+/);
  if (text.trim().startsWith('@')) return translateWord(fields);
  if (fields.length !== 5) return { lost: `${quoted(text)} has ${fields.length} fields; ${dialect.name} takes 5` };
  const reads = fields.map((field, index) => readField(field, FIELDS[index] as Field, dialect));
  const lost = reads.find((read) => 'lost' in read);
  if (lost !== undefined && 'lost' in lost) return { lost: `${lost.lost} in ${quoted(text)}` };
  return joinFields(text, reads as readonly ReadField[], dialect);
}

function translateWord([word = '', ...rest]: readonly string[]): Translated {
  const lower = asciiLower(word);
  if (lower === '@reboot' && rest.length === 0) return { trigger: { atStartup: {} }, notes: [] };
  if (lower === '@every') return { trigger: { every: rest.join('') }, notes: ['the interval is counted from the moment when the scheduler first sees the definition'] };
  return { trigger: { cron: [lower, ...rest].join(' ') }, notes: [] };
}

interface ReadField {
  readonly text: string;
  readonly star: boolean;
}

function joinFields(source: string, reads: readonly ReadField[], { name }: CronDialect): Translated {
  const [, , ofMonth, , ofWeek] = reads as readonly [ReadField, ReadField, ReadField, ReadField, ReadField];
  const cron = reads.map(({ text }) => text).join(' ');
  if (isAll(ofMonth.text) || isAll(ofWeek.text)) return { trigger: { cron }, notes: [] };
  if (ofMonth.star || ofWeek.star) {
    return { trigger: { cron, dayMatch: 'and' }, notes: [`${quoted(source)}: a day field that begins with "*" lets the other one decide too, so both must match, as in ${name}`] };
  }
  return { trigger: { cron, dayMatch: 'or' }, notes: [`${quoted(source)}: day-of-month and day-of-week are both restricted; a day matches if either does, as in ${name}`] };
}

function isAll(text: string): boolean {
  return text === '*' || text === '?';
}

function readField(text: string, field: Field, dialect: CronDialect): ReadField | { readonly lost: string } {
  const items = text.split(',').map((item, index) => readItem(item, index, field, dialect));
  const lost = items.find((item) => 'lost' in item);
  if (lost !== undefined) return lost;
  const reads = items as readonly ReadField[];
  const star = reads.some((item) => item.star);
  return { text: star && dialect.star === 'plain' ? '*' : reads.map((item) => item.text).join(','), star };
}

function readItem(item: string, index: number, field: Field, { bareStep, star, name }: CronDialect): ReadField | { readonly lost: string } {
  const [range = '', step] = item.split('/', 2) as [string, string | undefined];
  const by = step === undefined || !/^\d{1,9}$/.test(step) ? undefined : Number(step);
  if (isAll(range)) return readStar(item, by, index, field, star);
  const bounds = range.split('-').map((bound) => numberOf(bound, field));
  const [from, to] = bounds;
  if (from === undefined) return { text: item, star: false };
  if (bounds.length === 1 && by !== undefined) {
    if (bareStep === 'none') return { lost: `${name} knows no step without a range or "*": ${quoted(item)}` };
    // A Sunday is 0 there, never 7.
    return { text: `${from}-${Math.min(field.max, field.names === DAYS ? 6 : field.max)}${stepText(by, field)}`, star: false };
  }
  // cron takes the 0 of "fri-sun" for 7.
  const isWeekend = star === 'leading' && field.names === DAYS && to === 0;
  if (to !== undefined && to < from && !isWeekend) return { lost: `the range ${quoted(item)} runs backwards, and ${name} never reaches it` };
  return { text: by !== undefined && by > field.max ? String(from) : item, star: false };
}

function readStar(item: string, by: number | undefined, index: number, field: Field, star: CronDialect['star']): ReadField {
  const isStar = star === 'leading' ? index === 0 : by === undefined || by === 1;
  // Ours takes a step of 1 for a restriction, and has no step above the field's largest number.
  if (by === 1 && field.isDay) return { text: isStar ? '*' : `${field.min}-${field.max}`, star: isStar };
  if (by !== undefined && by > field.max) return { text: String(field.min), star: isStar };
  if (by === undefined && !isStar) return { text: `${field.min}-${field.max}`, star: false };
  return { text: item, star: isStar };
}

function stepText(by: number, { max }: Field): string {
  return by === 1 ? '' : `/${Math.min(by, max)}`;
}

function numberOf(text: string, { names }: Field): number | undefined {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const index = names?.indexOf(asciiLower(text).slice(0, 3)) ?? -1;
  return index > 0 || (index === 0 && names === DAYS) ? index : undefined;
}
