/** Calendar events of systemd as a trigger of ours that is due at exactly the same times. systemd.time(7), "Calendar events". */
import { asciiLower } from '@nightshift/sdk';
import { fieldText, numbersFromEnd, numbersOf, type Component } from './calendar-component.ts';
import { quoted } from '../remarks.ts';

/** A list of ranges and steps, or everything. */
type Part = readonly Component[] | '*';

interface CalendarEvent {
  /** 0 is Sunday; empty: every day. */
  readonly weekdays: readonly number[];
  readonly year: Part;
  readonly month: Part;
  readonly day: Part;
  /** Days are counted from the end of the month, 1 is the last. */
  readonly fromEnd: boolean;
  readonly hour: Part;
  readonly minute: Part;
  readonly second: Part;
  readonly zone?: string;
}

class NoEqual extends Error {}

const MIDNIGHT = '00:00:00';
const WORDS: Readonly<Record<string, string>> = {
  minutely: '*-*-* *:*:00',
  hourly: '*-*-* *:00:00',
  daily: `*-*-* ${MIDNIGHT}`,
  weekly: `Mon *-*-* ${MIDNIGHT}`,
  monthly: `*-*-01 ${MIDNIGHT}`,
  quarterly: `*-01,04,07,10-01 ${MIDNIGHT}`,
  semiannually: `*-01,07-01 ${MIDNIGHT}`,
  'semi-annually': `*-01,07-01 ${MIDNIGHT}`,
  biannually: `*-01,07-01 ${MIDNIGHT}`,
  'bi-annually': `*-01,07-01 ${MIDNIGHT}`,
  yearly: `*-01-01 ${MIDNIGHT}`,
  annually: `*-01-01 ${MIDNIGHT}`,
  anually: `*-01-01 ${MIDNIGHT}`,
};
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONDAY_FIRST = [1, 2, 3, 4, 5, 6, 0];
const A_DAY = '(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const DAYS_WORD = new RegExp(`^${A_DAY}(?:(?:\\.\\.|-|,)${A_DAY})*,?$`, 'i');

/** A trigger, or why there is none. */
export function calendarTrigger(text: string): { readonly trigger: Readonly<Record<string, unknown>> } | { readonly lost: string } {
  try {
    const event = parseEvent(text);
    return { trigger: { ...triggerOf(event), ...(event.zone === undefined ? {} : { timeZone: event.zone }) } };
  } catch (cause) {
    if (cause instanceof NoEqual) return { lost: `${quoted(text)} ${cause.message}` };
    throw cause;
  }
}

function parseEvent(text: string): CalendarEvent {
  if (/^@\d+$/.test(text)) return eventAt(Number(text.slice(1)));
  const words = text.split(/\s+/).filter((word) => word !== '');
  const zone = words.length > 1 && /^[a-z][\w+/-]*$/i.test(words.at(-1) as string) && !DAYS_WORD.test(words.at(-1) as string) ? (words.pop() as string) : undefined;
  const word = words.length === 1 ? WORDS[asciiLower(words[0] as string)] : undefined;
  const parts = word?.split(' ') ?? words;
  const weekdays = DAYS_WORD.test(parts[0] ?? '') ? readWeekdays(parts.shift() as string) : [];
  const date = parts[0]?.includes(':') === false ? readDate(parts.shift() as string) : { year: '*' as Part, month: '*' as Part, day: '*' as Part, fromEnd: false };
  const time = readTime(parts.shift() ?? MIDNIGHT);
  if (parts.length > 0 || text.trim() === '') throw unreadable();
  return { weekdays, ...date, ...time, ...(zone === undefined ? {} : { zone: /^utc$/i.test(zone) ? 'UTC' : zone }) };
}

/** `@SECONDS` since 1970. */
function eventAt(seconds: number): CalendarEvent {
  if (seconds > 253_402_300_799) throw unreadable();
  const [date = '', time = ''] = new Date(seconds * 1_000).toISOString().slice(0, 19).split('T');
  return { weekdays: [], ...readDate(date), ...readTime(time), zone: 'UTC' };
}

/** Ranges run from Monday to Sunday, never over the end of the week. */
function readWeekdays(text: string): readonly number[] {
  const days = text.split(',').filter((item) => item !== '').flatMap((item) => {
    const [from, to = from] = item.split(/\.\.|-/).map((name) => MONDAY_FIRST.findIndex((day) => asciiLower((WEEKDAYS[day] as string).slice(0, 3)) === asciiLower(name.slice(0, 3)))) as [number, number?];
    if (to < from || item.split(/\.\.|-/).length > 2) throw unreadable();
    return MONDAY_FIRST.slice(from, to + 1);
  });
  return new Set(days).size === 7 ? [] : MONDAY_FIRST.filter((day) => days.includes(day));
}

function readDate(text: string): Pick<CalendarEvent, 'year' | 'month' | 'day' | 'fromEnd'> {
  const parts = /^(?:([^-~]+)-)?([^-~]+)([-~])([^-~]+)$/.exec(text);
  if (parts === null) throw unreadable();
  const [, year = '*', month = '', separator, day = ''] = parts;
  const dayPart = readPart(day);
  return { year: readPart(year), month: readPart(month), day: dayPart, fromEnd: separator === '~' && dayPart !== '*' };
}

function readTime(text: string): Pick<CalendarEvent, 'hour' | 'minute' | 'second'> {
  const [hour, minute, second = '00', ...more] = text.split(':');
  if (hour === undefined || minute === undefined || more.length > 0) throw unreadable();
  if (/\d\.\d/.test(second)) throw new NoEqual('is due at a fraction of a second; due times here are whole seconds');
  return { hour: readPart(hour), minute: readPart(minute), second: readPart(second) };
}

function readPart(text: string): Part {
  if (text === '*') return '*';
  return text.split(',').map((item) => {
    const parts = /^(\d{1,4})(?:\.\.(\d{1,4}))?(?:\/(\d{1,4}))?$/.exec(item);
    if (parts === null) throw unreadable();
    const [, from, to, step] = parts.map((part) => (part === undefined ? undefined : Number(part)));
    return { from: from as number, ...(to === undefined ? {} : { to }), ...(step === undefined ? {} : { step }) };
  });
}

function triggerOf(event: CalendarEvent): Readonly<Record<string, unknown>> {
  if (event.year !== '*') return onceOf(event);
  const time = timeOf(event);
  if (time !== undefined && event.month === '*' && event.day === '*') {
    return event.weekdays.length === 0 ? { daily: { at: time } } : { weekly: { at: time, daysOfWeek: event.weekdays.map((day) => WEEKDAYS[day]) } };
  }
  const [second, minute, hour] = [fieldOf(event.second, 0, 59), fieldOf(event.minute, 0, 59), fieldOf(event.hour, 0, 23)];
  const [day, month] = [dayField(event), fieldOf(event.month, 1, 12)];
  const weekday = event.weekdays.length === 0 ? '*' : fieldText(event.weekdays, 0, 6);
  const cron = [...(second === '0' ? [] : [second]), minute, hour, day, month, weekday].join(' ');
  return { cron, ...(day !== '*' && weekday !== '*' && { dayMatch: 'and' }) };
}

/** With a year there is an equal for one single instant only. */
function onceOf(event: CalendarEvent): Readonly<Record<string, unknown>> {
  const [year, month, day, time] = [single(event.year, 0, 9_999), single(event.month, 1, 12), single(event.day, 1, 31), timeOf(event)];
  if (year === undefined || month === undefined || day === undefined || time === undefined || event.fromEnd) throw new NoEqual('names years; there is an equal for one single date only');
  const full = year < 70 ? 2000 + year : year < 100 ? 1900 + year : year;
  const date = `${String(full).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (event.weekdays.length > 0 && !event.weekdays.includes(weekday)) throw new NoEqual('never comes: the date is on another day of the week');
  return { once: { at: `${date}T${time}` } };
}

/** HH:MM, or with seconds where they are not zero, of one single time of day. */
function timeOf({ hour, minute, second }: CalendarEvent): string | undefined {
  const [hours, minutes, seconds] = [single(hour, 0, 23), single(minute, 0, 59), single(second, 0, 59)];
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  return `${two(hours)}:${two(minutes)}${seconds === 0 ? '' : `:${two(seconds)}`}`;
}

/** The number of a part that is nothing but one. */
function single(part: Part, min: number, max: number): number | undefined {
  const [only, ...others] = part === '*' ? [] : part;
  if (only === undefined || others.length > 0 || only.to !== undefined || only.step !== undefined) return undefined;
  if (only.from < min || only.from > max) throw unreadable();
  return only.from;
}

function fieldOf(part: Part, min: number, max: number): string {
  return part === '*' ? '*' : fieldText(checked(part.map((component) => numbersOf(component, min, max))), min, max);
}

function dayField({ day, fromEnd }: CalendarEvent): string {
  if (day === '*' || !fromEnd) return fieldOf(day, 1, 31);
  return checked(day.map(numbersFromEnd)).toReversed().map((number) => (number === 1 ? 'L' : `L-${number - 1}`)).join(',');
}

function checked(lists: readonly (readonly number[] | undefined)[]): readonly number[] {
  if (lists.some((list) => list === undefined || list.length === 0)) throw unreadable();
  return [...new Set(lists.flatMap((list) => list ?? []))].toSorted((a, b) => a - b);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function unreadable(): NoEqual {
  return new NoEqual('is no calendar event that systemd reads');
}
