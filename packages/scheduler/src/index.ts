/**
 * @nightshift/scheduler: what is due, and when. Pure functions over triggers, zones and instants: no timer, no file, no clock.
 */
export { checkTimeZone, checkTrigger } from './check-trigger.ts';
export { clockChange, type ClockChange } from './clock-change.ts';
export { nextDueTimes } from './due-times.ts';
export { readInstant, writeInstant } from './instant.ts';
export { mergeDueTimes } from './merge-due-times.ts';
export { openTrigger, refusal, type OpenTrigger } from './open-trigger.ts';
export { randomDelay } from './random-delay.ts';
export type { DueTime } from './schedule.ts';
export { hostZoneName } from './zone.ts';
