import { asciiLower, isJobError, parseDuration, suggest } from '@nightshift/sdk';
import { describe, fault, quote, type Read, type Reader } from './complaint.ts';
import { parseLocalTime, type LocalTime } from './local-time.ts';
import { isZoneName } from './zone.ts';

/*
 * Readers of the values that triggers have. A value of the wrong kind is DefinitionValueInvalid, as everywhere in a file;
 * one of the right kind that a trigger cannot have is TriggerInvalid.
 */

const MEANT: ReadonlyMap<string, boolean> = new Map([...['yes', 'on', 'y', 'true'].map((word) => [word, true] as const), ...['no', 'off', 'n', 'false'].map((word) => [word, false] as const)]);

/** `true` and `false` only: YAML 1.2 reads `yes` as text, and so do we. */
export const boolean: Reader<boolean> = (value) => {
  if (typeof value === 'boolean') return { value };
  const meant = typeof value === 'string' ? MEANT.get(asciiLower(value)) : undefined;
  return fault('DefinitionValueInvalid', `${describe(value)} is neither true nor false`, meant === undefined ? 'write true or false' : `write ${meant}`);
};

/** Text with at least one character. */
export const text: Reader<string> = (value) =>
  typeof value === 'string' && value !== '' ? { value } : fault('DefinitionValueInvalid', `${describe(value)} is not a text`);

/** The id of a trigger. */
export const triggerId: Reader<number> = (value) =>
  isWhole(value, 2 ** 31 - 1) ? { value } : fault('DefinitionValueInvalid', `${describe(value)} is not a trigger id`, `write a whole number from 1 to ${2 ** 31 - 1}`);

/** How many days or weeks lie between two due times. */
export const interval: Reader<number> = (value) => {
  if (isWhole(value, Number.MAX_SAFE_INTEGER)) return { value };
  return fault(typeof value === 'number' ? 'TriggerInvalid' : 'DefinitionValueInvalid', `${describe(value)} is not an interval`, 'write a whole number, at least 1');
};

/** Milliseconds. */
export const duration: Reader<number> = (value) => {
  if (value === 0) return { value };
  if (typeof value !== 'string' && typeof value !== 'number') return fault('DurationInvalid', `${describe(value)} is not a duration`, 'write a number with a unit, such as 30s, 15m, 1h30m or 2d');
  try {
    // A bare number goes the same way as text: it is refused, with the forms that would do.
    return { value: parseDuration(String(value)) };
  } catch (error) {
    if (isJobError(error)) return fault(error.code, error.message, error.hint);
    throw error;
  }
};

/** Milliseconds, more than none. */
export const someDuration: Reader<number> = (value) => {
  const read = duration(value);
  return 'value' in read && read.value === 0 ? fault('TriggerInvalid', 'the duration is zero', 'write a number with a unit, such as 30s, 15m, 1h30m or 2d') : read;
};

/** An IANA name. */
export const zoneName: Reader<string> = (value) => {
  if (typeof value === 'string' && isZoneName(value)) return { value };
  const near = typeof value === 'string' ? suggest(value, Intl.supportedValuesOf('timeZone')) : undefined;
  const examples = 'write an IANA name such as Europe/Berlin, America/New_York or UTC';
  return fault('TimeZoneInvalid', `${describe(value)} is not a time zone`, near === undefined ? examples : `did you mean "${near}"? Otherwise ${examples}`);
};

/** Which of two readings the day fields of a cron expression have. */
export const dayMatch: Reader<'or' | 'and'> = (value) => {
  const word = typeof value === 'string' ? asciiLower(value) : value;
  return word === 'or' || word === 'and' ? { value: word } : fault('DefinitionValueInvalid', `${describe(value)} is neither or nor and`, 'write or, or and');
};

/** A time of day, or the date it counts from as well. */
export const timeOfDay: Reader<LocalTime> = (value) => {
  const read = localTime(value, '03:00, 03:00:30 or 2026-12-24T03:00');
  if ('faults' in read || read.value.offset === undefined) return read;
  return fault('TriggerInvalid', `${describe(value)} has an offset, but a time of day belongs to a zone`, 'leave the offset out and write timeZone');
};

/** A date with its time of day. */
export const moment: Reader<LocalTime & { readonly day: number }> = (value) => {
  const example = '2026-12-24T18:00 or 2026-12-24T18:00+01:00';
  const read = localTime(value, example);
  if ('faults' in read) return read;
  const { day } = read.value;
  return day === undefined ? fault('TriggerInvalid', `${describe(value)} has no date`, `write ${example}`) : { value: { ...read.value, day } };
};

function localTime(value: unknown, example: string): Read<LocalTime> {
  if (typeof value !== 'string') return fault('DefinitionValueInvalid', `${describe(value)} is not a time`, `write ${example}, in quotes`);
  const time = parseLocalTime(value);
  return time === undefined ? fault('TriggerInvalid', `${quote(value)} is not a time that exists`, `write ${example}`) : { value: time };
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

/** Names in any case, numbers from 0 for Sunday, or "*": as a list, or as one text with commas. */
export const daysOfWeek: Reader<readonly number[]> = (value) => {
  const items = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  if (items.length === 0) return fault('TriggerInvalid', 'the list of days is empty', 'write names such as [Monday, Friday], or "*"');
  const reads = items.map(dayNumbers);
  const faults = reads.flatMap((read) => ('faults' in read ? read.faults : []));
  return faults.length > 0 ? { faults } : { value: [...new Set(reads.flatMap((read) => ('value' in read ? read.value : [])))] };
};

function dayNumbers(item: unknown): Read<readonly number[]> {
  if (typeof item !== 'string' && typeof item !== 'number') return fault('DefinitionValueInvalid', `${describe(item)} is not a day`, 'write names such as [Monday, Friday]');
  const word = String(item).trim();
  if (word === '*') return { value: EVERY_DAY };
  const number = /^[0-6]$/.test(word) ? Number(word) : DAYS.findIndex((day) => asciiLower(day) === asciiLower(word));
  if (number >= 0) return { value: [number] };
  const near = /^[a-z]{2,}$/i.test(word) ? (DAYS.find((day) => asciiLower(day).startsWith(asciiLower(word))) ?? suggest(word, DAYS)) : undefined;
  return fault('TriggerInvalid', `${quote(word)} is not a day`, near === undefined ? 'write Sunday to Saturday, 0 to 6, or "*"' : `did you mean "${near}"?`);
}

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most;
}
