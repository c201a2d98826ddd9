/** Abbreviations that the zone database keeps as names, such as EST and GMT0: they hide whether there is a summer time. */
const ABBREVIATION = /^(?!utc$)(?:[a-z]{3}|[a-z]{3}\d[a-z]{3}|gmt[+-]?0)$/i;

/** Whether this is the IANA name of a zone. Offsets and abbreviations are none; `UTC` is one. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name) || name.length > 64 || ABBREVIATION.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
