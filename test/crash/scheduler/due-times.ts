// Due times for the schedules that the scenarios use, by the slowest means that are obviously right: instant by instant,
// with the wall clock of a zone as the platform's own calendar tells it. Nothing in here comes from the product.

export type Schedule =
  /** Every so many minutes of the hour, on the hour and not from somewhere else. Elapsed: each real instant whose wall clock matches. */
  | { readonly kind: 'minutes'; readonly step: number; readonly zone: string }
  /** HH:MM of every day. Fixed: in a gap the first instant after it, in an overlap the first of the two. */
  | { readonly kind: 'daily'; readonly at: string; readonly zone: string }
  /** Milliseconds of real time, from when it was first seen. */
  | { readonly kind: 'every'; readonly interval: number };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Due times after `after`, up to and including `until`. `anchor` is when the trigger was first seen. */
export function dueTimes(schedule: Schedule, after: number, until: number, anchor: number): number[] {
  const all = schedule.kind === 'every' ? intervals(schedule.interval, after, until, anchor) : schedule.kind === 'minutes' ? matching(schedule, after, until) : days(schedule, after, until);
  return all.filter((due) => due > after && due <= until);
}

function intervals(interval: number, after: number, until: number, anchor: number): number[] {
  const first = Math.max(1, Math.floor((after - anchor) / interval));
  const count = Math.max(0, Math.floor((until - anchor) / interval) - first + 1);
  return Array.from({ length: count }, (_, index) => anchor + (first + index) * interval);
}

function matching({ step, zone }: { step: number; zone: string }, after: number, until: number): number[] {
  return minutes(after, until).filter((instant) => new Date(localOf(instant, zone)).getUTCMinutes() % step === 0);
}

/** The first instant at which the wall clock of that day shows the time, or has passed it. */
function days({ at, zone }: { at: string; zone: string }, after: number, until: number): number[] {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const timeOfDay = hour * HOUR + minute * MINUTE;
  const firstDay = Math.floor(after / DAY) * DAY - DAY;
  const count = Math.ceil((until - firstDay) / DAY) + 2;
  return Array.from({ length: count }, (_, index) => {
    const wanted = firstDay + index * DAY + timeOfDay;
    // No zone is 15 hours away, and clocks are changed at quarter hours; so are all times of day in the scenarios.
    return minutes(wanted - 15 * HOUR, wanted + 15 * HOUR, 15 * MINUTE).find((instant) => localOf(instant, zone) >= wanted) ?? Number.NaN;
  });
}

function minutes(after: number, until: number, step = MINUTE): number[] {
  const first = Math.ceil(after / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((until - first) / step) + 1) }, (_, index) => first + index * step);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows, as if it were UTC. */
function localOf(instant: number, zone: string): number {
  if (zone === 'UTC') return instant;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
  formats.set(zone, format);
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
  return Date.UTC(part['year'] as number, (part['month'] as number) - 1, part['day'], part['hour'], part['minute']);
}
