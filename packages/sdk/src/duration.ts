import { JobError } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SUM = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/g;
const ISO = /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Milliseconds of "90s", "1h30m", "2d", "1w", "250ms", "PT15M" or "0".
 * Any other bare number, a negative or an infinite value: `DurationInvalid`. Source: cli.md section 9.
 */
export function parseDuration(text: string): number {
  const milliseconds = text === '0' ? 0 : (fromSum(text) ?? fromIso(text));
  if (milliseconds !== undefined && Number.isSafeInteger(Math.round(milliseconds))) return Math.round(milliseconds);
  throw new JobError({
    code: 'DurationInvalid',
    message: `${JSON.stringify(text.slice(0, 80))} is not a duration`,
    hint: fromTimeSpan(text) ?? 'write a number with a unit: 250ms, 90s, 5m, 1h30m, 2d, 1w, or ISO 8601 such as PT5M',
  });
}

const TIME_SPAN = /^(?:(\d{1,8})\.)?(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,7})?)?$/;
/** As many days as a TimeSpan of PowerShell can have: its users mean "for ever". */
const MAX_VALUE = 10_675_199;

/** PowerShell's `hh:mm:ss`, which other people read as a time of day: refused, with the form that is meant. */
function fromTimeSpan(text: string): string | undefined {
  const parts = TIME_SPAN.exec(text);
  if (parts === null) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  if (days >= MAX_VALUE) return 'of a repetition, write repeatIndefinitely in place of the longest TimeSpan there is';
  return `write ${formatDuration((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000)} for PowerShell's hh:mm:ss; a duration is a number with a unit: 90s, 5m, 1h30m`;
}

function fromSum(text: string): number | undefined {
  if (text.length > 80 || !SUM.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(PART)) sum += Number(number) * (UNITS[unit as string] as number);
  return sum;
}

function fromIso(text: string): number | undefined {
  const parts = text.length > 80 ? null : ISO.exec(text);
  if (parts === null || parts.slice(1).every((part) => part === undefined) || text.endsWith('T')) return undefined;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number];
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000;
}

/** The shortest text that `parseDuration` reads as so many milliseconds: "1h30m", "250ms", "0". */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  let text = '';
  for (const [unit, size] of Object.entries(UNITS).toReversed()) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0' : text;
}
