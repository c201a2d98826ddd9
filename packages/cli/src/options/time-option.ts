import type { Parsed } from './option-table.ts';
import { usage } from './usage.ts';

const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** The time of a flag; undefined when it was not given. Throws `ParameterArgumentTransformationError`. */
export function readTime(options: Parsed, name: string): Date | undefined {
  const text = options.text(name);
  return text === undefined ? undefined : parseTime(text, `--${name}`);
}

/** ISO 8601; what has no offset, a day alone too, is in the host's zone (jobs.md 6.10). `flag` is named in the complaint. */
export function parseTime(text: string, flag: string): Date {
  // A day alone would be read as one of UTC.
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (TIME.test(text) && isDay(text) && !Number.isNaN(time.getTime())) return time;
  throw usage('ParameterArgumentTransformationError', `${flag}: "${text}" is not a time`, 'write it as ISO 8601: 2026-11-22T03:00:00Z, or without Z in local time');
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
