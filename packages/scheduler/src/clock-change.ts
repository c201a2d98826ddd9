import { formatLocal } from './local-time.ts';
import { zoneOf } from './zone.ts';

/** A zone puts its clock from one wall time to another. Both are ISO 8601 with their offset. */
export interface ClockChange {
  readonly from: string;
  readonly to: string;
}

/**
 * Why the wall clock is another one at `until` than it was at `after`: the last change in (after, until]. Undefined where
 * both have one offset, though the clock may have been changed and changed back between them.
 */
export function clockChange(timeZone: string, after: Date, until: Date): ClockChange | undefined {
  const zone = zoneOf(timeZone);
  const [begin, end] = [after.getTime(), until.getTime()];
  if (zone.offsetAt(begin) === zone.offsetAt(end)) return undefined;
  let last = begin;
  for (let change = zone.changeWithin(begin, end); change !== undefined; change = zone.changeWithin(last, end)) last = change;
  const offsets = { from: zone.offsetAt(last - 1), to: zone.offsetAt(last) };
  return { from: formatLocal(last + offsets.from, offsets.from), to: formatLocal(last + offsets.to, offsets.to) };
}
