/**
 * @nightshift/scheduler: what is due, and when, and what becomes of it. Pure functions over triggers, zones and instants, and one
 * loop over them; clock, store and machine are given to it.
 */
export { catchUp, type CatchUpPolicy, type CaughtUp, type DueNow, type MissedRange } from './catch-up.ts';
export { checkTimeZone, checkTrigger } from './check-trigger.ts';
export { isPlausible } from './clock-check.ts';
export { clockChange, type ClockChange } from './clock-change.ts';
export { nextDueTimes } from './due-times.ts';
export { createInstantHeap, type HeapEntry, type InstantHeap } from './heap.ts';
export { readInstant, writeInstant } from './instant.ts';
export { mergeDueTimes } from './merge-due-times.ts';
export { overlap, type OverlapWord, type Unfinished } from './overlap.ts';
export { newestDueTimes } from './newest-due-times.ts';
export { openTrigger, refusal, type OpenTrigger } from './open-trigger.ts';
export { randomDelay } from './random-delay.ts';
export { entryOfRevision, revisionOf } from './revision.ts';
export type { DueTime, Schedule } from './schedule.ts';
export { readDayNames } from './typed-days.ts';
export { readTypedTime } from './typed-time.ts';
export { hostZoneName } from './zone.ts';
export { conditionWord, factsFor, type ConditionWord } from './conditions.ts';
export { policyOf, type Conditions, type OverlapPolicy, type SchedulePolicy } from './policy.ts';
export type { MachineFact, MachineFacts, MachineProbe } from './machine-probe.ts';
export type { Report, SchedulerEvent, TroubleEvent } from './events.ts';
export { createTroubles, type Troubles } from './troubles.ts';
export type { JobRun, RunEngine } from './run-engine.ts';
export type { ScheduledDefinition, ScheduledTrigger } from './scheduled-definition.ts';
export { createScheduler, type Loaded, type ScheduledDefinitions, type Scheduler, type SchedulerFacts, type SchedulerInventory, type SchedulerParts, type SchedulerRequest } from './scheduler.ts';
export type { LogOn, MachineEvents } from './trigger-state.ts';
