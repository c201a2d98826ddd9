/** Days as texts, `2027-03-01`: they have no zone and no clock. */
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const LONG_MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function isDay(text: string | null): text is string {
  if (text === null || !DAY.test(text)) return false;
  // The thirtieth of February is read as the second of March.
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/** The first day of the month, and how many it has. */
export function daysOfMonth(day: string): readonly [first: string, days: number] {
  const [year, month] = day.split('-').map(Number) as [number, number];
  return [`${day.slice(0, 7)}-01`, new Date(Date.UTC(year, month, 0)).getUTCDate()];
}

/** So many days, or months, later; the 31st becomes the last of a shorter month. */
export function shifted(day: string, by: number, unit: 'day' | 'month'): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (unit === 'day') date.setUTCDate(date.getUTCDate() + by);
  else {
    const wanted = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + by);
    date.setUTCDate(Math.min(wanted, daysOfMonth(date.toISOString().slice(0, 10))[1]));
  }
  return date.toISOString().slice(0, 10);
}

export function monthName(day: string): string {
  return `${LONG_MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
}

export function dayName(day: string): string {
  return `${weekday(day)} ${Number(day.slice(8))} ${monthName(day)}`;
}

export function weekday(day: string): string {
  return LONG_DAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] as string;
}
