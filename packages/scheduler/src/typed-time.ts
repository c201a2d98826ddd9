/**
 * Times as people type them, in the one form that is written into files: "3am" is 03:00, "1/20/2027 3:00 PM" is
 * 2027-01-20T15:00. What two readers would read as two times is refused, with both: PowerShell asks the settings of the
 * machine, and a file means the same on every machine.
 */
import { asciiLower } from '@nightshift/sdk';
import { fault, quote, type Complaint, type Read } from './complaint.ts';
import { parseLocalTime } from './local-time.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const CLOCK = /(?:^|[ ,T])(\d{1,2})(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)? ?(am|pm|a\.m\.|p\.m\.)?$/i;
const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const NUMBERS = /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})$/;
const MONTH_FIRST = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i;
const DAY_FIRST = /^(\d{1,2})(?:\.|st|nd|rd|th)? ([a-z]{3,9})\.?,? (\d{4})$/i;

const EXAMPLES = 'write 03:00, 3:00 PM, 2026-12-24T18:00 or "Dec 24, 2026 6:00 PM"';

/**
 * "03:00", "03:00:30" or "2026-12-24T18:00", with an offset where one was given. A date alone is its midnight.
 * `TriggerInvalid` for what is no time, or more than one.
 */
export function readTypedTime(text: string): Read<string> {
  const plain = text.trim().replaceAll(/\s+/g, ' ');
  if (parseLocalTime(plain) !== undefined) return { value: canonical(plain) };
  const clock = plain.length > 40 ? null : CLOCK.exec(plain);
  const time = clock === null || (clock[2] === undefined && clock[4] === undefined) ? undefined : clockOf(clock);
  const rest = time === undefined ? plain : plain.slice(0, clock?.index).replace(/,$/, '').trim();
  if (rest === '') return time === undefined ? noTime(text) : checked(text, time);
  const date = dateOf(rest, time ?? '00:00');
  if (typeof date === 'object') return { faults: [date] };
  return date === undefined ? noTime(text) : checked(text, `${date}T${time ?? '00:00'}`);
}

/** Hours of two digits, a T, and no seconds where there are none. */
function canonical(text: string): string {
  const twoDigits = text.replace(/^(\d):/, '0$1:').replace(/^(\S{10})[ tT](\d):/, '$1T0$2:');
  return twoDigits.replace(/^(\S{10})[ t]/, '$1T').replace(/(\d\d:\d\d):00(?:\.0+)?(?=$|[zZ+-])/, '$1').replace(/z$/, 'Z');
}

function clockOf([, hours, minutes = '00', seconds = '00', half]: RegExpExecArray): string | undefined {
  const hour = Number(hours);
  if (half !== undefined && hour > 12) return undefined;
  const isLate = half !== undefined && asciiLower(half).startsWith('p');
  const ofDay = half === undefined ? hour : (hour % 12) + (isLate ? 12 : 0);
  return `${two(ofDay)}:${minutes}${seconds === '00' ? '' : `:${seconds}`}`;
}

function dateOf(text: string, time: string): string | Complaint | undefined {
  if (ISO_DATE.test(text)) return text;
  const numbers = NUMBERS.exec(text);
  if (numbers !== null) return ofNumbers(numbers, time);
  const [day, word, year] = inOrder(text);
  const month = MONTHS.indexOf(asciiLower(word.slice(0, 3))) + 1;
  return month === 0 ? undefined : `${year}-${two(month)}-${two(Number(day))}`;
}

function inOrder(text: string): readonly [day: string, month: string, year: string] {
  const [, month = '', day = '', year = ''] = MONTH_FIRST.exec(text) ?? [];
  if (month !== '') return [day, month, year];
  const [, first = '', second = '', third = ''] = DAY_FIRST.exec(text) ?? [];
  return [first, second, third];
}

/** Dots are written between day and month alone; with slashes some begin with the one, some with the other. */
function ofNumbers([text, a, mark, b, year]: RegExpExecArray, time: string): string | Complaint | undefined {
  const [first, second] = [Number(a), Number(b)];
  const dayFirst = `${year}-${two(second)}-${two(first)}`;
  const monthFirst = `${year}-${two(first)}-${two(second)}`;
  if (mark === '.' || first > 12) return dayFirst;
  if (second > 12 || first === second) return monthFirst;
  return { code: 'TriggerInvalid', message: `${quote(text)} is one date in America and another in Europe`, hint: `write ${monthFirst}T${time} or ${dayFirst}T${time}` };
}

/** The calendar has the last word. */
function checked(text: string, value: string): Read<string> {
  return parseLocalTime(value) === undefined ? noTime(text) : { value };
}

function noTime(text: string): Read<string> {
  return fault('TriggerInvalid', `${quote(text)} is not a time that exists`, EXAMPLES);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
