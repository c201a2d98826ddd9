/*
 * What clocks on the wall show, asked of Intl alone, moment by moment. Nothing here knows how Nightshift computes anything.
 */
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** Real moments at even distances, and what a clock shows at each: both in units of `unit` milliseconds since 1970. */
export interface Walls {
  readonly start: number;
  readonly unit: number;
  readonly shown: Float64Array;
}

/** Reads the wall clock of a zone, to the second; a wall time is written as the instant at which a clock in UTC shows it. */
export function clockOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  return (instant) => {
    const [day, month, year, hour, minute, second] = format.format(instant).split(/\D+/).map(Number) as [number, number, number, number, number, number];
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

/** The minutes at which a clock begins to be ahead of UTC by another time. It is looked at once a day: nobody changes clocks more often. */
export function changesOf(clock: (instant: number) => number, from: number, until: number): readonly number[] {
  const changes: number[] = [];
  const ahead = (instant: number): number => clock(instant) - instant;
  for (let day = from; day < until; day += DAY) {
    if (ahead(day) === ahead(day + DAY)) continue;
    let [before, after] = [day, day + DAY];
    while (after - before > 60_000) {
      const middle = before + Math.floor((after - before) / 120_000) * 60_000;
      if (ahead(middle) === ahead(before)) before = middle;
      else after = middle;
    }
    changes.push(after);
  }
  return changes;
}

/** Intl is asked at every hour, and in an hour at whose ends the clock is not equally far ahead at every moment. */
export function wallsOf(clock: (instant: number) => number, start: number, until: number, unit: number): Walls {
  const shown = new Float64Array((until - start) / unit);
  for (let hour = start; hour < until; hour += HOUR) {
    const first = clock(hour);
    const isPlain = clock(hour + HOUR) === first + HOUR;
    for (let at = hour; at < Math.min(hour + HOUR, until); at += unit) shown[(at - start) / unit] = (isPlain ? first + at - hour : clock(at)) / unit;
  }
  return { start, unit, shown };
}
