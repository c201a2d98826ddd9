import type { ClockMove, FiringDecision, NewFiring, TriggerClock } from '@nightshift/sdk';
import { pendingOf, saysSomething, skipped, type DueRange } from './pending.ts';
import type { ScheduledDefinition, ScheduledTrigger } from './scheduled-definition.ts';
import { accounted, isEnabled, nextAfter, stateOf, withNext, type MachineEvents, type TriggerState } from './trigger-state.ts';
import type { WaitingDue } from './waiting.ts';

/** When a definition is looked at, and what is known of the machine. */
export interface Look {
  readonly now: Date;
  readonly events: MachineEvents;
  /** True where the scheduler has been here in this boot before: then a new atStartup waits for the next one. */
  readonly sinceBoot: boolean;
  /**
   * The newest due time that has its word from an earlier life of a trigger, where that is not before now: the clock was put
   * back since. Default: there is none.
   */
  readonly recorded?: (definition: string, triggerId: number) => Date | undefined;
  /** Due times of a definition that wait for an idle machine. Default: there are none. */
  readonly waiting?: (definition: string) => readonly WaitingDue[];
}

/** A definition with its triggers, and what is to be written down about them first. */
export interface Registration {
  readonly decision?: FiringDecision;
  readonly triggers: readonly TriggerState[];
}

/**
 * Holds a definition against what is known of its triggers. A new or edited trigger starts now and has no past; due times
 * that were pending when it was edited, disabled, enabled or taken out are skipped for that reason. Pure.
 * Source: scheduled-jobs.md 7.7, reliability specification 7.1.
 */
export function register(definition: ScheduledDefinition, known: readonly TriggerClock[], look: Look): Registration {
  const steps = definition.triggers.map((trigger) => {
    const from = known.find(({ triggerId }) => triggerId === trigger.id);
    return from === undefined ? begin(definition, trigger, look) : goOn(definition, trigger, from, look);
  });
  const left = known.filter(({ triggerId }) => !definition.triggers.some(({ id }) => id === triggerId));
  const end = unregister(definition.key, left, look);
  const decision = { ...end, clocks: [...steps.flatMap(({ move }) => move ?? []), ...end.clocks], firings: [...steps.flatMap(({ firings }) => firings), ...end.firings] };
  const triggers = steps.map(({ state }) => state);
  return saysSomething(decision) ? { decision, triggers } : { triggers };
}

/** A definition that is gone: what was pending is skipped, and its triggers are forgotten. */
export function unregister(definition: string, known: readonly TriggerClock[], look: Look): FiringDecision {
  return { definition, decidedAt: look.now, clocks: known.map((from) => ({ from })), firings: known.flatMap((from) => [...waitsNoMore(from, 'edited', look), ...(pendingAtEdit(from, look) ?? [])]) };
}

interface Step {
  readonly move?: ClockMove;
  readonly firings: readonly NewFiring[];
  readonly state: TriggerState;
}

function begin(definition: ScheduledDefinition, trigger: ScheduledTrigger, look: Look): Step {
  const state = newState(definition, trigger, look, look.recorded?.(definition.key, trigger.id));
  return { move: { to: state.clock }, firings: [], state };
}

function goOn(definition: ScheduledDefinition, trigger: ScheduledTrigger, from: TriggerClock, look: Look): Step {
  if (from.revision !== trigger.revision) {
    const firing = pendingAtEdit(from, look);
    const state = newState(definition, trigger, look, firing?.[0].lastDueAt ?? look.recorded?.(definition.key, trigger.id));
    return { move: { from, to: state.clock }, firings: [...waitsNoMore(from, 'edited', look), ...(firing ?? [])], state };
  }
  // One text for both: there may be a hundred thousand.
  const state = stateOf({ ...from, revision: trigger.revision }, look.events);
  return from.enabled === isEnabled(definition, trigger) ? { firings: [], state } : turn(from, state, look);
}

/** It was enabled, or disabled: what was due until now is not made up for. */
function turn(from: TriggerClock, state: TriggerState, look: Look): Step {
  const range = pendingOf(state, look.now);
  const turned = { ...accounted(from, range?.lastDueAt), enabled: !from.enabled, ...eventOf(state, look) };
  const clock = withNext(turned, nextAfter({ ...state, clock: turned }, look.now));
  return { move: { from, to: clock }, firings: [...waitsNoMore(from, 'disabled', look), ...(range === undefined ? [] : [disabled(from.triggerId, range)])], state: { ...state, clock } };
}

/** A trigger that starts now. What has been recorded for now or later, by a clock that ran ahead, stays recorded. */
function newState(definition: ScheduledDefinition, trigger: ScheduledTrigger, look: Look, recorded: Date | undefined): TriggerState {
  const { now, events } = look;
  const clock: TriggerClock = { definition: definition.key, triggerId: trigger.id, revision: trigger.revision, enabled: isEnabled(definition, trigger), knownSince: now };
  const state = stateOf(accounted(clock, recorded !== undefined && recorded >= now ? recorded : undefined), events);
  const before = new Date(now.getTime() - 1);
  return { ...state, clock: withNext({ ...state.clock, ...eventOf(state, look) }, nextAfter(state, before)) };
}

/** An atStartup that was not there at the start of this boot, or not enabled, has seen it. */
function eventOf({ event }: TriggerState, { events, sinceBoot }: Look): Pick<TriggerClock, 'event'> {
  return event === 'atStartup' && sinceBoot ? { event: events.boot } : {};
}

/** What was due of a trigger as it was. One that cannot be read any more, as a later version wrote it, says nothing. */
function pendingAtEdit(from: TriggerClock, { now, events }: Look): readonly [NewFiring] | undefined {
  const state = readable(from, events);
  const range = state === undefined ? undefined : pendingOf(state, now);
  if (range === undefined) return undefined;
  return [from.enabled ? skipped(from.triggerId, range, 'edited') : disabled(from.triggerId, range)];
}

/** What waited for an idle machine was due of a trigger that is no more what it was. */
function waitsNoMore({ definition, triggerId }: TriggerClock, reason: 'edited' | 'disabled', { waiting }: Look): readonly NewFiring[] {
  const dues = waiting?.(definition).filter((due) => due.triggerId === triggerId) ?? [];
  return dues.map(({ dueAt }) => ({ triggerId, dueAt, word: 'Skipped', reason, waited: true }));
}

/** Whether this version knows what a clock's trigger means. */
export function isReadable(clock: TriggerClock, events: MachineEvents): boolean {
  return readable(clock, events) !== undefined;
}

function readable(clock: TriggerClock, events: MachineEvents): TriggerState | undefined {
  try {
    return stateOf(clock, events);
  } catch {
    return undefined;
  }
}

/** One row for each span in which it is disabled. */
function disabled(triggerId: number, range: DueRange): NewFiring {
  return { ...skipped(triggerId, range, 'disabled'), lengthens: true };
}
