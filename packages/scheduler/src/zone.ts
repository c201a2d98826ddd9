/*
 * The wall clock of a zone, and what happens to it twice a year.
 *
 * An *instant* is milliseconds since 1970 UTC. A *wall time* is what the clock on the wall shows, written the same way: the
 * milliseconds since 1970 that a clock in UTC would have to show. Then `wall = instant + offset`, a day of the wall begins
 * at a multiple of 86,400,000, and arithmetic with days and times of day needs no zone at all. Only the step between the two
 * does, and it is not one to one:
 *
 *      wall                                   wall
 *       |            /                         |        /|      /
 *  3:00 +           /  the first instant  3:00 +       / |     /
 *       |          .   after the gap           |      /  |    /
 *  2:00 +         /                       2:00 +     /   |   /
 *       |        /                             |    /    |  /     2:30 is shown twice
 *       |       /     2:30 is never shown      |   /     | /
 *       +------+-------> instant               |  /      |/
 *              T                               +---------+------> instant
 *                                                        T
 *             a gap                                 an overlap
 *
 * Fixed-time schedules ask `instantsOf`: a wall time in a gap stands for T, one in an overlap for its first instant.
 * Elapsed schedules keep to real instants and look for T themselves (schedules/wall-clock.ts).
 *
 * The only source of offsets is Intl. It takes about 2 µs a question, so answers are kept for spans of four days: the offset
 * before a span, the one at its end, and the instant between at which it changes. A zone that puts its clock forward and
 * back again within one span would be overlooked; the shortest such time known is a week (Recife in October 2000).
 */
const SECOND = 1_000;
const DAY = 86_400_000;
const SPAN = 4 * DAY;
const MOST_SPANS_KEPT = 4_096;

/** A zone by the offsets of its wall clock. */
export interface Zone {
  readonly name: string;
  /** Milliseconds by which the wall clock is ahead of UTC. */
  offsetAt(instant: number): number;
  /** The first instant in (after, until] at which the offset changes. Costs one look per span between them. */
  changeWithin(after: number, until: number): number | undefined;
}

/** Where one wall time stands among the instants. In a gap `first` is the first instant after it. */
export interface Instants {
  readonly kind: 'once' | 'gap' | 'overlap';
  readonly first: number;
  /** Equal to `first` but for an overlap. */
  readonly second: number;
}

const ZONES = new Map<string, Zone>();

/** The zone of a name that `isZoneName` accepts. */
export function zoneOf(name: string): Zone {
  const key = name.toLowerCase();
  let zone = ZONES.get(key);
  if (zone === undefined) {
    zone = createZone(name);
    ZONES.set(key, zone);
  }
  return zone;
}

/** EST, EST5EDT and GMT0: Intl takes them for this or that place, and they hide whether there is a summer time. */
const ABBREVIATION = /^(?!utc$)(?:[a-z]{3}|[a-z]{3}\d[a-z]{3}|gmt[+-]?0)$/i;
const LONGEST_NAME = 64;

/** True for `UTC` and for IANA names, in any case. Abbreviations are none, and neither are offsets. */
export function isZoneName(name: string): boolean {
  return name.length <= LONGEST_NAME && /^[a-z]/i.test(name) && !ABBREVIATION.test(name) && isKnownToIntl(name);
}

/** The zone of this machine; undefined where TZ names none that is known, and its clock shows what nobody can say. */
export function hostZoneName(): string | undefined {
  // Its type says a text, always. It is undefined for a TZ that Intl does not know.
  const name: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name !== undefined && isZoneName(name) ? name : undefined;
}

/** What the wall clock shows at an instant. */
export function wallAt(zone: Zone, instant: number): number {
  return instant + zone.offsetAt(instant);
}

/** The latest wall time shown up to an instant: after the clock was put back, that of the moment before. */
export function latestWallAt(zone: Zone, instant: number): number {
  const change = zone.changeWithin(instant - DAY, instant);
  const shown = wallAt(zone, instant);
  return change === undefined ? shown : Math.max(shown, wallAt(zone, change - 1));
}

/** The instants that show a wall time. */
export function instantsOf(zone: Zone, wall: number): Instants {
  // No offset is as large as a day, so the instants lie between these two, and at most one change of clocks with them.
  const before = zone.offsetAt(wall - DAY);
  const after = zone.offsetAt(wall + DAY);
  const early = wall - before;
  const late = wall - after;
  if (before === after) return { kind: 'once', first: early, second: early };
  const isEarly = zone.offsetAt(early) === before;
  const isLate = zone.offsetAt(late) === after;
  if (isEarly && isLate) return { kind: 'overlap', first: early, second: late };
  if (isEarly) return { kind: 'once', first: early, second: early };
  if (isLate) return { kind: 'once', first: late, second: late };
  const end = zone.changeWithin(late, early) ?? early;
  return { kind: 'gap', first: end, second: end };
}

interface Span {
  readonly before: number;
  /** Infinity in a span without a change. */
  readonly changeAt: number;
  readonly after: number;
}

function createZone(name: string): Zone {
  const read = offsetReader(name);
  const spans = new Map<number, Span>();

  const spanOf = (index: number): Span => {
    let span = spans.get(index);
    if (span === undefined) {
      if (spans.size >= MOST_SPANS_KEPT) spans.clear();
      span = readSpan(read, index * SPAN, spans.get(index - 1)?.after);
      spans.set(index, span);
    }
    return span;
  };

  return {
    name,
    offsetAt(instant) {
      const span = spanOf(Math.floor(instant / SPAN));
      return instant < span.changeAt ? span.before : span.after;
    },
    changeWithin(after, until) {
      for (let index = Math.floor(after / SPAN); index * SPAN <= until; index++) {
        const { changeAt } = spanOf(index);
        if (changeAt > after && changeAt <= until) return changeAt;
      }
      return undefined;
    },
  };
}

/** A change at the very beginning of a span belongs to it: `before` is the offset of the second before the span. */
function readSpan(read: (instant: number) => number, start: number, previous: number | undefined): Span {
  let same = start - SECOND;
  let changed = start + SPAN - SECOND;
  const before = previous ?? read(same);
  const after = read(changed);
  if (before === after) return { before, changeAt: Infinity, after };
  while (changed - same > SECOND) {
    const middle = same + Math.floor((changed - same) / (2 * SECOND)) * SECOND;
    if (read(middle) === before) same = middle;
    else changed = middle;
  }
  return { before, changeAt: changed, after };
}

const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

function offsetReader(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (instant) => {
    const [, sign, hours = 0, minutes = 0, seconds = 0] = OFFSET.exec(format.format(instant)) ?? [];
    const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * SECOND;
    return sign === '-' ? -size : size;
  };
}

function isKnownToIntl(timeZone: string): boolean {
  if (ZONES.has(timeZone.toLowerCase())) return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone }).format(0);
    return true;
  } catch {
    return false;
  }
}
