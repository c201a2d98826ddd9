/** Time spans of systemd: `2h 30min`, `55s500ms`, a bare number of seconds. systemd.time(7). */

const SECOND = 1_000;
const DAY = 86_400_000;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:nsec|ns)$/, 1e-6],
  [/^(?:usec|us|µs|μs)$/, 1e-3],
  [/^(?:msec|ms)$/, 1],
  [/^(?:seconds?|sec|s)?$/, SECOND],
  [/^(?:minutes?|min|m)$/, 60 * SECOND],
  [/^(?:hours?|hr|h)$/, 3_600 * SECOND],
  [/^(?:days?|d)$/, DAY],
  [/^(?:weeks?|w)$/, 7 * DAY],
  [/^(?:months?|M)$/, 30.4375 * DAY],
  [/^(?:years?|y)$/, 365.25 * DAY],
];

/** Milliseconds; Infinity for `infinity`; undefined for what is no time span. */
export function parseSpan(text: string): number | undefined {
  if (text.trim() === 'infinity') return Infinity;
  if (text.length > 100 || !/^\s*(?:\d+(?:\.\d+)?\s*[a-zA-Zµμ]*\s*)+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number, word] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-zA-Zµμ]*)/g)) {
    const unit = UNITS.find(([form]) => form.test(word as string))?.[1];
    if (unit === undefined) return undefined;
    sum += Number(number) * unit;
  }
  return sum;
}
