/** Abbreviations that the zone database keeps as names, such as EST and GMT0: they hide whether there is a summer time. */
const ABBREVIATION = /^(?!utc$)(?:[a-z]{3}|[a-z]{3}\d[a-z]{3}|gmt[+-]?0)$/i;

/** Names that were asked for: ten thousand definitions name a few zones, and to ask Intl takes as long as to read a file. */
const ASKED = new Map<string, boolean>();
/** So many are remembered: what a file says must not fill the memory. */
const MOST_ASKED = 1_000;

/** Whether this is the IANA name of a zone. Offsets and abbreviations are none; `UTC` is one. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name) || name.length > 64 || ABBREVIATION.test(name)) return false;
  const known = ASKED.get(name) ?? isKnownToIntl(name);
  if (ASKED.size < MOST_ASKED) ASKED.set(name, known);
  return known;
}

function isKnownToIntl(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
