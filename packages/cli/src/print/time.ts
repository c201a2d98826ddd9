/** Units of time, the largest first, in milliseconds. */
const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000]] as const;

/** A duration for people, in its two largest units: `1 h 30 min`, `2 d`, `45 s`, `120 ms`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const at = UNITS.findIndex(([, length]) => milliseconds >= length);
  const [unit, length] = UNITS[at] as (typeof UNITS)[number];
  const [below, belowLength] = UNITS[at + 1] ?? ['ms', Infinity];
  const whole = Math.floor(milliseconds / length);
  const rest = Math.floor((milliseconds % length) / belowLength);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${below}`;
}

/** A time in this machine's zone, to the second: `2026-11-22 04:05:06`. */
export function localTime(time: Date): string {
  return `${localDay(time)} ${localClock(time)}`;
}

/** The same in less room, for a terminal: the clock alone when it was today, without seconds on other days of this year. */
export function shortTime(time: Date, now: Date): string {
  if (localDay(time) === localDay(now)) return localClock(time);
  if (time.getFullYear() !== now.getFullYear()) return localDay(time);
  return `${time.getDate()} ${MONTHS[time.getMonth()]} ${localClock(time).slice(0, 5)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function localDay(time: Date): string {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function localClock(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
