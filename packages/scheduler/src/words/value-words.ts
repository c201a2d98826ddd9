import type { LocalTime } from '../local-time.ts';

/*
 * How single values read in a sentence. English only, and the same in every locale of the machine.
 */
const SECOND = 1_000;
const DAY = 86_400_000;
const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Largest first. */
const UNITS = [[DAY, 'd'], [3_600_000, 'h'], [60_000, 'min'], [SECOND, 's'], [1, 'ms']] as const;

/** "1 h 30 min", "2 d"; nothing is rounded. */
export function durationWords(milliseconds: number): string {
  const parts: string[] = [];
  let left = milliseconds;
  for (const [size, unit] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** "03:00"; seconds and their fractions where there are any. */
export function timeWords(time: number): string {
  const text = new Date(time).toISOString();
  if (time % SECOND !== 0) return text.slice(11, 23);
  return text.slice(11, time % 60_000 === 0 ? 16 : 19);
}

/** "2026-12-01", of days since 1970. */
function dateWords(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** "2026-12-01 03:00", or the time alone. */
export function localTimeWords({ day, time }: LocalTime): string {
  return day === undefined ? timeWords(time) : `${dateWords(day)} ${timeWords(time)}`;
}

/** From where days or weeks are counted, where that makes a difference. */
export function countWords(day: number | undefined, interval: number, unit: 'day' | 'week'): string {
  if (day !== undefined) return ` from ${dateWords(day)}`;
  return interval === 1 ? '' : `, counted from the ${unit} it is first seen`;
}

/** Sunday is 0. */
export function dayName(day: number): string {
  return DAY_NAMES[day % 7] as string;
}

/** "a", "a and b", "a, b and c". */
export function listWords(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
