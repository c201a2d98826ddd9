import type { Look } from './register.ts';
import type { Runs } from './runs.ts';
import type { SchedulerParts } from './scheduler-parts.ts';
import type { Spread } from './spread.ts';
import type { Timetable } from './timetable.ts';
import type { WaitingBook } from './waiting.ts';

/** What loading, firing and the checks of the clock work with: what the scheduler was given, and what it keeps in memory. */
export interface Works<Plan> extends SchedulerParts<Plan> {
  readonly timetable: Timetable<Plan>;
  readonly runs: Runs;
  readonly spread: Spread;
  readonly waiting: WaitingBook;
  /** Keys of definitions whose file cannot be used as it is now. */
  readonly broken: Set<string>;
  /** Names of definitions that begin when nobody else is changing definitions: somebody may be renaming them, or taking them away. */
  readonly unsettled: Set<string>;
  /** What is known at this moment. */
  look(): Look;
}
