/*
 * The calendar by numbers: days are counted from 1970-01-01, months from January 1970, and both may be negative.
 */
const DAY = 86_400_000;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;
const MEAN_MONTH = 365.2425 / 12;
/** First days of the months of two centuries, each worked out when it is first asked for. */
const FIRST_DAYS = new Int32Array(200 * 12);

/** What the days of a month depend on. There are 28 of these. */
export interface Shape {
  readonly length: number;
  /** Day of the week of the first, Sunday is 0. */
  readonly weekday: number;
}

/** The month of a day. */
export function monthOf(day: number): number {
  let month = Math.floor(day / MEAN_MONTH);
  while (firstDay(month) > day) month -= 1;
  while (firstDay(month + 1) <= day) month += 1;
  return month;
}

/** Of a month. */
export function firstDay(month: number): number {
  const known = FIRST_DAYS[month];
  if (known !== undefined && known !== 0) return known;
  const day = Date.UTC(1970, month, 1) / DAY;
  // Outside the two centuries this writes nowhere.
  FIRST_DAYS[month] = day;
  return day;
}

export function shapeOf(month: number): Shape {
  const begin = firstDay(month);
  return { length: firstDay(month + 1) - begin, weekday: (((begin + FIRST_WEEKDAY) % 7) + 7) % 7 };
}

/** January is 0. */
export function calendarMonth(month: number): number {
  return ((month % 12) + 12) % 12;
}
