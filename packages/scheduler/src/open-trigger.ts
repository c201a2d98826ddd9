import { JobError, type SpecIssue } from '@nightshift/sdk';
import { readTrigger, type TriggerContext } from './check-trigger.ts';
import type { DueTime, Schedule } from './schedule.ts';
import { durationWords } from './words/value-words.ts';

/** A trigger that can be asked: reading one costs a hundred times as much as asking it. */
export interface OpenTrigger {
  readonly kind: string;
  readonly timeZone: string;
  /** Waits for something that the machine does, such as a boot, and has no due times. */
  readonly isEvent: boolean;
  /** Milliseconds by which each due time may start later (random-delay.ts); 0: none. Events have none: their delay is fixed. */
  readonly randomDelay: number;
  readonly warnings: readonly SpecIssue[];
  /** The first due time strictly after an instant; undefined when there is none, as of an event. */
  next(after: Date): DueTime | undefined;
  /** How many due times lie in (after, until], by arithmetic; 0 of an event. */
  count(after: Date, until: Date): number;
  /** "daily at 03:00, Europe/Berlin, random delay up to 15 min". Loads what puts cron expressions into words. */
  words(): Promise<string>;
}

/**
 * `knownSince` is when the trigger was first seen: the anchor of `every`, and of days and weeks that are counted.
 * Throws an AggregateError of everything that `checkTrigger` complains about.
 */
export function openTrigger(entry: unknown, { knownSince, ...context }: TriggerContext & { readonly knownSince: Date }): OpenTrigger {
  const { issues, warnings, trigger } = readTrigger(entry, context);
  if (trigger === undefined) throw new AggregateError(issues.map(refusal));
  const { kind, zone, delay, isEvent } = trigger;
  const schedule: Schedule = trigger.schedule(knownSince);
  const randomDelay = isEvent ? 0 : delay;
  return {
    kind,
    timeZone: zone.name,
    isEvent,
    randomDelay,
    warnings,
    next: schedule.next,
    count: schedule.count,
    words: async () => `${await trigger.words()}${randomDelay === 0 ? '' : `, random delay up to ${durationWords(randomDelay)}`}`,
  };
}

/** An issue as an error or a warning; without its place, which the caller knows. */
export function refusal({ code = 'DefinitionValueInvalid', message, hint }: SpecIssue): JobError {
  return new JobError({ code, message, ...(hint !== undefined && { hint }) });
}
