/**
 * @nightshift/scheduler: what is due, and when. Pure functions over triggers, zones and instants: no timer, no file, no clock.
 */
export { checkTimeZone, checkTrigger } from './check-trigger.ts';
export { nextDueTimes } from './due-times.ts';
