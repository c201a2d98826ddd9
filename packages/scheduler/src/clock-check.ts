import { failpoint } from '@nightshift/sdk/failpoint';
import { voidAhead } from './void-ahead.ts';
import type { WallWatch } from './wall-watch.ts';
import type { Works } from './works.ts';

/** Years that the scheduler's clock may show. Source: reliability specification, section 8. */
const FIRST_YEAR = 2024;
const LAST_YEAR = 2090;

/** Whether a clock may show this at all. What it shows else says nothing of what is due, nor of how old anything is. */
export function isPlausible(now: Date): boolean {
  return now.getUTCFullYear() >= FIRST_YEAR && now.getUTCFullYear() <= LAST_YEAR;
}

/** Looks at the clock before anything is decided by it. */
export interface ClockCheck {
  /** False while the clock shows a time that cannot be: then nothing is to be decided. What a jump calls for is done first. */
  pass(): Promise<boolean>;
}

export function createClockCheck<Plan>(works: Works<Plan>, wall: WallWatch): ClockCheck {
  let isRight = true;
  return {
    async pass() {
      const now = works.clock.now();
      const was = isRight;
      isRight = isPlausible(now);
      if (!isRight) {
        if (was) works.report({ event: 'clockImplausible', now });
        return false;
      }
      const by = wall.step();
      if (by !== 0) await follow(works, wall, by);
      return true;
    },
  };
}

/** Accepted at the end: what could not be written down is tried again. */
async function follow<Plan>(works: Works<Plan>, wall: WallWatch, by: number): Promise<void> {
  failpoint('clock.changed');
  works.spread.restart();
  const voided = await voidAhead(works);
  works.runs.clockChanged(by);
  wall.accept();
  works.report({ event: 'clockChanged', by, voided });
}
