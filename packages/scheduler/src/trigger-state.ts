import { parseDuration, type TriggerClock } from '@nightshift/sdk';
import { openTrigger } from './open-trigger.ts';
import { entryOfRevision } from './revision.ts';
import type { DueTime, Schedule } from './schedule.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';

/** A trigger under the eyes of the scheduler: its memory, and what says when it is due. */
export interface TriggerState {
  readonly clock: TriggerClock;
  readonly schedule: Schedule;
  /** Milliseconds by which each due time may start later; of an event, by which it does. */
  readonly delay: number;
  /** Waits for something that the machine does. Absent: for a time. */
  readonly event?: 'atStartup' | 'atLogOn';
}

/** Somebody logged on to this machine. */
export interface LogOn {
  readonly user: string;
  readonly at: Date;
}

/** What the machine does, as far as triggers wait for it. */
export interface MachineEvents {
  /** Of this boot. */
  readonly boot: string;
  /** Sessions that are open now, in no order. */
  logOns(): readonly LogOn[];
}

/** Opens the trigger of a clock. */
export function stateOf(clock: TriggerClock, events: MachineEvents): TriggerState {
  const { entry, timeZone } = entryOfRevision(clock.revision);
  const words = entry as Readonly<Record<string, unknown>>;
  if ('atStartup' in words) return { clock, schedule: NEVER, delay: fixedDelay(words, 'atStartup'), event: 'atStartup' };
  if ('atLogOn' in words) return { clock, schedule: logOnsOf(words, events), delay: fixedDelay(words, 'atLogOn'), event: 'atLogOn' };
  const { next, count, randomDelay } = openTrigger(entry, { timeZone, now: clock.knownSince, knownSince: clock.knownSince });
  return { clock, schedule: { next, count }, delay: randomDelay };
}

/** The instant up to which every due time has its word; what is due at the very moment a trigger is first seen still counts. */
export function accountedUntil({ lastDueAt, knownSince }: TriggerClock): Date {
  return lastDueAt ?? new Date(knownSince.getTime() - 1);
}

/** The first due time that is neither accounted for nor past. */
export function nextAfter({ clock, schedule }: Pick<TriggerState, 'clock' | 'schedule'>, now: Date): Date | undefined {
  const after = accountedUntil(clock);
  return schedule.next(after > now ? after : now)?.dueAt;
}

/** The clock with another newest due time; undefined: the same. */
export function accounted(clock: TriggerClock, lastDueAt: Date | undefined): TriggerClock {
  return lastDueAt === undefined ? clock : { ...clock, lastDueAt };
}

/** The clock with another next due time; undefined: none. */
export function withNext(clock: TriggerClock, nextDueAt: Date | undefined): TriggerClock {
  const { nextDueAt: _, ...rest } = clock;
  return nextDueAt === undefined ? rest : { ...rest, nextDueAt };
}

/** Whether a due time of it starts something. */
export function isEnabled(definition: Pick<ScheduledDefinition, 'enabled'>, trigger: { readonly enabled: boolean }): boolean {
  return definition.enabled && trigger.enabled;
}

const NEVER: Schedule = { next: () => undefined, count: () => 0 };

/** Log-ons are due when they happened; nobody knows of the next. */
function logOnsOf(entry: Readonly<Record<string, unknown>>, events: MachineEvents): Schedule {
  const { user = '*' } = (entry['atLogOn'] ?? {}) as { readonly user?: string };
  const instants = (): readonly Date[] => events.logOns().filter((one) => user === '*' || one.user === user).map(({ at }) => at);
  return {
    next(after) {
      const [first] = instants().filter((at) => at > after).toSorted((a, b) => a.getTime() - b.getTime());
      return first === undefined ? undefined : ({ dueAt: first } satisfies DueTime);
    },
    count: (after, until) => instants().filter((at) => at > after && at <= until).length,
  };
}

function fixedDelay(entry: Readonly<Record<string, unknown>>, kind: string): number {
  const { randomDelay = entry['randomDelay'] } = (entry[kind] ?? {}) as { readonly randomDelay?: unknown };
  return typeof randomDelay === 'string' ? parseDuration(randomDelay) : 0;
}
