const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** A time as people write it. */
export interface LocalTime {
  /** Milliseconds after midnight. */
  readonly time: number;
  /** Days since 1970-01-01. Absent: a time of day only. */
  readonly day?: number;
  /** Milliseconds ahead of UTC, when it was written with an offset. */
  readonly offset?: number;
}

const FORM = /^(?:(\d{4})-(\d\d)-(\d\d)[T ])?(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d\d):?(\d\d))?$/i;

/** "03:00", "3:00:30", "2026-12-24T18:00", "2026-12-24 18:00:00Z", "2026-12-24T18:00+01:00"; undefined for everything else. */
export function parseLocalTime(text: string): LocalTime | undefined {
  const parts = text.length > 40 ? null : FORM.exec(text);
  if (parts === null) return undefined;
  const [, year, month, date, hours, minutes, seconds = '0', fraction = '0', zulu, sign, offsetHours, offsetMinutes] = parts;
  const time = timeOf(Number(hours), Number(minutes), Number(seconds), fraction);
  const day = year === undefined ? undefined : dayOf(Number(year), Number(month), Number(date));
  const offset = sign === undefined ? 0 : offsetOf(sign, Number(offsetHours), Number(offsetMinutes));
  if (time === undefined || Number.isNaN(day) || offset === undefined) return undefined;
  return {
    time,
    ...(day !== undefined && { day }),
    ...((zulu ?? sign) !== undefined && { offset }),
  };
}

/** ISO 8601 of a wall time, with its offset when given: "2027-03-28T03:00:00+02:00". */
export function formatLocal(wall: number, offset?: number): string {
  return new Date(wall).toISOString().slice(0, 19) + (offset === undefined ? '' : formatOffset(offset));
}

/** "+02:00", of milliseconds ahead of UTC. */
export function formatOffset(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function timeOf(hours: number, minutes: number, seconds: number, fraction: string): number | undefined {
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return hours * HOUR + minutes * MINUTE + seconds * SECOND + Number(fraction.padEnd(3, '0').slice(0, 3));
}

/** NaN for a day that the calendar does not have. */
function dayOf(year: number, month: number, date: number): number {
  const day = new Date(Date.UTC(year, month - 1, date));
  const exists = year >= 1970 && day.getUTCMonth() === month - 1 && day.getUTCDate() === date;
  return exists ? day.getTime() / DAY : Number.NaN;
}

function offsetOf(sign: string, hours: number, minutes: number): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
}
