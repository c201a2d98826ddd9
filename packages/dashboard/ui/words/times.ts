/** Times and durations in words, as the tables of the command line have them. */
const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000]] as const;

/** `1 h 30 min`, `2 d`, `45 s`, `120 ms`: the two largest units. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const at = UNITS.findIndex(([, length]) => milliseconds >= length);
  const [unit, length] = UNITS[at] ?? UNITS[3];
  const [below, belowLength] = UNITS[at + 1] ?? ['ms', Infinity];
  const whole = Math.floor(milliseconds / length);
  const rest = Math.floor((milliseconds % length) / belowLength);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${below}`;
}

/** The largest unit alone: `3 min`, for texts that change while one looks. */
export function roughText(milliseconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => milliseconds >= size) ?? UNITS[3];
  return `${Math.max(0, Math.floor(milliseconds / length))} ${unit}`;
}

/** `in 10 h`, `3 min ago`, `now`. */
export function relative(at: number, now: number): string {
  const away = at - now;
  if (Math.abs(away) < 1_000) return 'now';
  return away > 0 ? `in ${roughText(away)}` : `${roughText(-away)} ago`;
}

/** The parts of a moment in the zone of the server, which is the one that definitions mean. */
interface WallTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly weekday: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

let zone: string | undefined;
let format = formatIn(undefined);

/** From now on texts are in this zone; one that the browser does not know leaves them in its own. */
export function showTimesIn(timeZone: string): void {
  try {
    format = formatIn(timeZone);
    zone = timeZone;
  } catch {
    format = formatIn(undefined);
  }
}

/** The zone, where it is another than that of the one who looks. */
export function foreignZone(): string | undefined {
  return zone === undefined || zone === new Intl.DateTimeFormat().resolvedOptions().timeZone ? undefined : zone;
}

function formatIn(timeZone: string | undefined): Intl.DateTimeFormat {
  const numbers = { year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...numbers, weekday: 'short', hourCycle: 'h23', ...(timeZone === undefined ? {} : { timeZone }) });
}

export function wallTime(at: number): WallTime {
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value])) as unknown as WallTime;
}

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `03:00`. */
export function clockText(at: number): string {
  const { hour, minute } = wallTime(at);
  return `${hour}:${minute}`;
}

/** `03:00:07`. */
export function clockToSecond(at: number): string {
  const { hour, minute, second } = wallTime(at);
  return `${hour}:${minute}:${second}`;
}

/** The clock alone for today, else with the day: `Tue 24 Nov 03:00`; with the year where it is another. */
export function whenText(at: number, now: number): string {
  const [time, today] = [wallTime(at), wallTime(now)];
  const clock = `${time.hour}:${time.minute}`;
  if (time.day === today.day && time.month === today.month && time.year === today.year) return clock;
  return `${time.weekday} ${time.day} ${monthOf(time)}${time.year === today.year ? '' : ` ${time.year}`} ${clock}`;
}

/** Everything: `Tue 24 Nov 2026 03:00:07`. */
export function fullText(at: number): string {
  const time = wallTime(at);
  return `${time.weekday} ${time.day} ${monthOf(time)} ${time.year} ${time.hour}:${time.minute}:${time.second}`;
}

/** `2026-11-24`. */
export function dayOf(at: number): string {
  const { year, month, day } = wallTime(at);
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function monthOf({ month }: WallTime): string {
  return MONTHS[Number(month) - 1] ?? month;
}

/** `1.2 MB`; powers of ten, as the size of a download reads. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${step === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[step]}`;
}

/** `1 job`, `2,000 jobs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
