import { LAST_INSTANT, NOTES, countOf, dueAt, type Schedule } from '../schedule.ts';
import { instantsOf, latestWallAt, type Zone } from '../zone.ts';

const DAY = 86_400_000;

/** Nothing within eight years is nothing to a person: two 29ths of February are at most that far apart. */
export const HORIZON_YEARS = 8;

/**
 * Nothing within forty years is nothing at all: two Mondays that are a 29th of February are at most that far apart, and what
 * has been due once must go on being found, or `next` and `count` would not agree.
 */
export const SEARCH_YEARS = 40;
const SEARCH = SEARCH_YEARS * 366 * DAY;

/** Wall times. They know no zone. */
export interface Walls {
  /** The first one at or after `from`. */
  next(from: number): number | undefined;
  /** How many there are in (after, until]. */
  count(after: number, until: number): number;
}

/**
 * Every wall time once: in a gap at the first instant after it, in an overlap at its first instant.
 * To begin behind the latest wall time ever shown is what makes it once.
 */
export function fixedTime(zone: Zone, walls: Walls): Schedule {
  return {
    next(after) {
      const wall = walls.next(latestWallAt(zone, after.getTime()) + 1);
      if (wall === undefined || dueAt(wall) === undefined) return undefined;
      const { kind, first } = instantsOf(zone, wall);
      return dueAt(first, NOTES[kind]);
    },
    count: countOf((after, until) => {
      let counted = countWalls(walls, latestWallAt(zone, after), latestWallAt(zone, until));
      for (const change of changesWithin(zone, after, until)) counted -= mergedAt(zone, walls, change);
      return counted;
    }),
  };
}

/** How many due times a change of clocks takes away: what falls together at the end of a gap, where one may stand anyway, is one. */
function mergedAt(zone: Zone, walls: Walls, change: number): number {
  const begin = change + zone.offsetAt(change - 1);
  const end = change + zone.offsetAt(change);
  return end > begin ? Math.max(0, countWalls(walls, begin - 1, end) - 1) : 0;
}

/**
 * Every instant whose wall time matches: both in an overlap, none in a gap.
 * A change of clocks further than a day away needs no look: a wall time that it shows again is met the first time before.
 */
export function elapsedTime(zone: Zone, walls: Walls): Schedule {
  return {
    next(after) {
      const end = after.getTime() + SEARCH;
      // Each turn leaves one change of clocks behind. An expression that matches inside gaps alone ends here.
      for (let from = after.getTime() + 1; from <= end; ) {
        const offset = zone.offsetAt(from);
        const wall = walls.next(from + offset);
        if (wall === undefined || dueAt(wall) === undefined) return undefined;
        const change = zone.changeWithin(from, from + DAY);
        if (change !== undefined && wall - offset >= change) {
          from = change;
          continue;
        }
        const { kind, first, second } = instantsOf(zone, wall);
        if (kind !== 'gap') return dueAt(first >= from ? first : second);
        from = first;
      }
      return undefined;
    },
    count: countOf((after, until) => {
      let counted = 0;
      let from = after;
      // Between two changes the wall clock runs like any other.
      for (const end of [...changesWithin(zone, after, until).map((change) => change - 1), until]) {
        const offset = zone.offsetAt(end);
        counted += countWalls(walls, from + offset, end + offset);
        from = end;
      }
      return counted;
    }),
  };
}

/** `next` finds no wall time behind the end of the calendar, whatever instant it stands for. */
function countWalls(walls: Walls, after: number, until: number): number {
  const end = Math.min(until, LAST_INSTANT);
  return end > after ? walls.count(after, end) : 0;
}

/** All changes of clocks in (after, until], oldest first. */
function changesWithin(zone: Zone, after: number, until: number): readonly number[] {
  const changes: number[] = [];
  for (let change = zone.changeWithin(after, until); change !== undefined; change = zone.changeWithin(change, until)) changes.push(change);
  return changes;
}
