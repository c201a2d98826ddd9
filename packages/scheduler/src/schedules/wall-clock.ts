import { NOTES, dueAt, type Schedule } from '../schedule.ts';
import { instantsOf, latestWallAt, type Zone } from '../zone.ts';

const DAY = 86_400_000;

/** Nothing within eight years is nothing: two 29ths of February are at most that far apart. */
export const HORIZON_YEARS = 8;
const HORIZON = HORIZON_YEARS * 366 * DAY;

/** The first matching wall time at or after `from`. Knows no zone. */
export type NextWall = (from: number) => number | undefined;

/**
 * Every matching wall time once: in a gap at the first instant after it, in an overlap at its first instant.
 * To begin behind the latest wall time ever shown is what makes it once.
 */
export function fixedTime(zone: Zone, nextWall: NextWall): Schedule {
  return {
    next(after) {
      const wall = nextWall(latestWallAt(zone, after.getTime()) + 1);
      if (wall === undefined || dueAt(wall) === undefined) return undefined;
      const { kind, first } = instantsOf(zone, wall);
      return dueAt(first, NOTES[kind]);
    },
  };
}

/**
 * Every instant whose wall time matches: both in an overlap, none in a gap.
 * A change of clocks further than a day away needs no look: a wall time that it shows again is met the first time before.
 */
export function elapsedTime(zone: Zone, nextWall: NextWall): Schedule {
  return {
    next(after) {
      const end = after.getTime() + HORIZON;
      // Each turn leaves one change of clocks behind. An expression that matches inside gaps alone ends at the horizon.
      for (let from = after.getTime() + 1; from <= end; ) {
        const offset = zone.offsetAt(from);
        const wall = nextWall(from + offset);
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
  };
}
