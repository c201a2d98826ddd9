import { formatLocal, parseLocalTime } from './local-time.ts';
import { instantsOf, wallAt, zoneOf } from './zone.ts';

const DAY = 86_400_000;

/**
 * The instant that a person means by "2027-03-28T02:00Z", "2027-03-28 02:00" or "2027-03-28", which is midnight: without an
 * offset it is read by the wall clock of the zone. In a gap the first instant after it is meant, of two the first one.
 * Undefined for everything else, a time of day without a date included.
 */
export function readInstant(text: string, timeZone: string): Date | undefined {
  const parts = parseLocalTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (parts?.day === undefined) return undefined;
  const wall = parts.day * DAY + parts.time;
  return new Date(parts.offset === undefined ? instantsOf(zoneOf(timeZone), wall).first : wall - parts.offset);
}

/** What the wall clock of a zone shows at an instant, with its offset: "2027-03-28T03:00:00+02:00". */
export function writeInstant(instant: Date, timeZone: string): string {
  const zone = zoneOf(timeZone);
  return formatLocal(wallAt(zone, instant.getTime()), zone.offsetAt(instant.getTime()));
}
