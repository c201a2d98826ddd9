import { randomOf, type Random } from '../crash/random.ts';
import type { CalendarDay } from './rules.ts';
import { always, minutes, type Schedule } from './schedules.ts';

/*
 * Schedules that a seed determines. They are made as sets of numbers and written down afterwards, with a star, as a range, a
 * list or a token: what they mean is never read out of what is written.
 */

/** `count` schedules that a seed determines. Most of them have something to do at night, when clocks are changed. */
export function randomSchedules(seed: number, count: number): readonly Schedule[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => randomCron(random));
}

/** The same for the calendar: due at midnight, on days that are never all days. */
export function randomDays(seed: number, count: number): readonly Schedule[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => randomMidnight(random));
}

function randomMidnight(random: Random): Schedule {
  const which = random.between(0, 2);
  const [dates, weekdays] = [which === 0 ? undefined : randomDates(random), which === 1 ? undefined : randomWeekdays(random)];
  const [month, dayMatch] = [random.oneOf([starred, ranged, listed])(random, 1, 12), random.oneOf(['or', 'and'] as const)];
  return {
    trigger: { cron: `0 0 ${dates?.text ?? '*'} ${month.text} ${weekdays?.text ?? '?'}`, dayMatch },
    rule: 'fixed',
    atTime: (second) => second === 0,
    onDay: (day) => month.has(day.month) && isOn(day, dates, weekdays, dayMatch),
  };
}

function randomCron(random: Random): Schedule {
  const minute = random.oneOf([starred, listed, stepped, ranged])(random, 0, 59);
  const hour = random.oneOf([starred, listed, listed, ranged, nightly])(random, 0, 23);
  const month = random.between(0, 5) === 0 ? ranged(random, 1, 12) : starred();
  const [dates, weekdays] = [random.between(0, 2) === 0 ? randomDates(random) : undefined, random.between(0, 2) === 0 ? randomWeekdays(random) : undefined];
  const dayMatch = random.oneOf(['or', 'and'] as const);
  const text = [minute.text, hour.text, dates?.text ?? random.oneOf(['*', '?']), month.text, weekdays?.text ?? '*'].join(' ');
  return {
    trigger: { cron: text, dayMatch },
    rule: /[*?]/.test(minute.text + hour.text) ? 'elapsed' : 'fixed',
    atTime: minutes((m, h) => minute.has(m) && hour.has(h)),
    onDay: (day) => month.has(day.month) && isOn(day, dates, weekdays, dayMatch),
  };
}

function isOn(day: CalendarDay, dates: Days | undefined, weekdays: Days | undefined, dayMatch: 'or' | 'and'): boolean {
  if (dates === undefined || weekdays === undefined) return (dates ?? weekdays)?.has(day) ?? true;
  return dayMatch === 'or' ? dates.has(day) || weekdays.has(day) : dates.has(day) && weekdays.has(day);
}

/** How a field is written, and which of its values it has. */
interface Field {
  readonly text: string;
  has(value: number): boolean;
}

function starred(): Field {
  return { text: '*', has: always };
}

function listed(random: Random, min: number, max: number): Field {
  const values = Array.from({ length: random.between(1, 4) }, () => random.between(min, max));
  return { text: values.join(','), has: (value) => values.includes(value) };
}

function stepped(random: Random, min: number, max: number): Field {
  const step = random.between(2, Math.min(30, max));
  return { text: `*/${step}`, has: (value) => (value - min) % step === 0 };
}

/** May wrap around the end of its field, with a step or without. */
function ranged(random: Random, min: number, max: number): Field {
  const [first, last, step] = [random.between(min, max), random.between(min, max), random.oneOf([1, 1, 2, 3])];
  const values: number[] = [];
  for (let value = first, passed = 0; ; value = value === max ? min : value + 1, passed++) {
    if (passed % step === 0) values.push(value);
    if (value === last) break;
  }
  return { text: `${first}-${last}${step === 1 ? '' : `/${step}`}`, has: (value) => values.includes(value) };
}

function nightly(random: Random): Field {
  const hours = [random.between(0, 3), random.between(0, 3)];
  return { text: hours.join(','), has: (hour) => hours.includes(hour) };
}

/** The same of a day field, which may look at the whole month. */
interface Days {
  readonly text: string;
  has(day: CalendarDay): boolean;
}

function randomDates(random: Random): Days {
  // The ends of a month are where the mistakes are.
  const date = random.oneOf([1, 2, 28, 29, 30, 31, random.between(1, 31)]);
  const numbers = ranged(random, 1, 31);
  return random.oneOf<Days>([
    { text: numbers.text, has: (day) => numbers.has(day.date) },
    { text: 'L', has: (day) => day.date === day.length },
    { text: `${date},l`, has: (day) => day.date === date || day.date === day.length },
    { text: `L-${Math.min(date, 30)}`, has: (day) => day.date === day.length - Math.min(date, 30) },
    { text: `${date}W`, has: (day) => date <= day.length && day.date === nearestWeekday(day, date) },
    { text: 'LW', has: (day) => day.date === nearestWeekday(day, day.length) },
  ]);
}

/** By looking at every day of the month. */
function nearestWeekday({ date, weekday, length }: CalendarDay, wanted: number): number {
  const isWeekday = (other: number): boolean => ![0, 6].includes((((weekday + other - date) % 7) + 7) % 7);
  const dates = Array.from({ length }, (_, index) => index + 1).filter(isWeekday);
  return dates.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] as number;
}

function randomWeekdays(random: Random): Days {
  const [wanted, ordinal] = [random.between(0, 6), random.between(1, 5)];
  const numbers = ranged(random, 0, 6);
  return random.oneOf<Days>([
    { text: numbers.text, has: ({ weekday }) => numbers.has(weekday) },
    { text: `${['sun', 'Monday', 'TUE', 'wed', 'thursday', 'fri', 'Sat'][wanted]}`, has: ({ weekday }) => weekday === wanted },
    { text: `${wanted === 0 ? 7 : wanted}#${ordinal}`, has: ({ weekday, date }) => weekday === wanted && Math.ceil(date / 7) === ordinal },
    { text: `${wanted}L`, has: ({ weekday, date, length }) => weekday === wanted && date + 7 > length },
    { text: `${wanted}#1,${wanted}L`, has: ({ weekday, date, length }) => weekday === wanted && (date <= 7 || date + 7 > length) },
  ]);
}
