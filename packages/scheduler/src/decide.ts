import type { ClockMove, FiringDecision, JobOrigin, NewFiring, NewInstance } from '@nightshift/sdk';
import { catchUp, STILL_LATE } from './catch-up.ts';
import { conditionWord, type ConditionWord } from './conditions.ts';
import type { MachineFacts } from './machine-probe.ts';
import { overlap, type Unfinished } from './overlap.ts';
import { pendingOf, skipped, type DueRange } from './pending.ts';
import { randomDelay } from './random-delay.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';
import { accounted, accountedUntil, isEnabled, nextAfter, withNext, type MachineEvents, type TriggerState } from './trigger-state.ts';
import type { WaitingDue } from './waiting.ts';

/** How an instance that is decided upon has to wait before it starts. */
export interface Wait {
  readonly notBefore?: Date;
  readonly queued?: boolean;
  /** What is to be said of its run before its own records. */
  readonly warnings?: readonly string[];
}

/** Where the job of a due time comes from. */
export type TriggerOrigin = Extract<JobOrigin, { kind: 'trigger' }>;

/** What a decision is made from. */
export interface Moment {
  readonly now: Date;
  readonly events: MachineEvents;
  /** What the machine says about the definition's conditions. Default: nothing. */
  readonly machine?: MachineFacts;
  /** Due times of the definition that wait for an idle machine, and the triggers they are of. Default: none. */
  readonly waiting?: readonly (WaitingDue & { readonly trigger: TriggerState })[];
  /** The definition's unfinished jobs, oldest first; those whose process is gone have been taken out. */
  readonly unfinished: readonly (Unfinished & { readonly id: number })[];
  /** A job and its child, which have no ids yet. */
  readonly instances: (origin: TriggerOrigin, wait: Wait) => readonly [NewInstance, NewInstance];
  /** When the next run that is caught up may begin; absent: at once. Asked once for each. */
  readonly spread: () => Date | undefined;
}

/** What to write down, and who has to make room for it. */
export interface Decided {
  readonly decision: FiringDecision;
  /** Instance ids of jobs that are to be stopped. */
  readonly stop: readonly string[];
}

interface Candidate {
  readonly trigger: TriggerState;
  readonly dueAt: Date;
  readonly catchUp: boolean;
  /** It waits for an idle machine already, since then. */
  readonly since?: Date;
}

/**
 * The word of every due time of a definition that has come, over all its triggers: what was missed and is not caught up is
 * skipped, so is everything while the machine does not meet a condition; what only lacks an idle machine waits, or goes on
 * doing so; the rest goes through the overlap policy, oldest first. Pure but for the new instances' ids.
 */
export function decide(definition: ScheduledDefinition, triggers: readonly TriggerState[], moment: Moment): Decided {
  const { now } = moment;
  const looked = triggers.map((trigger) => lookAt(definition, trigger, moment));
  const candidates = [...waitingCandidates(moment), ...looked.flatMap(({ candidates: own }) => own)].toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.trigger.clock.triggerId - b.trigger.clock.triggerId);
  const unfinished: Unfinished[] = [...moment.unfinished];
  const stop = new Set<string>();
  const firings: NewFiring[] = [];
  for (const candidate of candidates) {
    const condition = conditionWord(definition.policy.conditions, moment.machine ?? {}, now, candidate.since);
    if (condition.is !== 'met') {
      firings.push(...notNow(candidate, condition));
      continue;
    }
    const word = overlap(definition.policy, unfinished, candidate.catchUp && definition.policy.catchUp.policy === 'all');
    const { triggerId } = candidate.trigger.clock;
    if (word.is === 'skip') {
      firings.push({ ...skipped(triggerId, single(candidate.dueAt), 'overlap'), instanceId: word.blocker, ...waitedOf(candidate) });
      continue;
    }
    if (word.is === 'queue' && word.stopping) for (const { instanceId } of unfinished) stop.add(instanceId);
    const start = moment.instances(originOf(candidate), { ...waitOf(definition, candidate, moment, word.is === 'queue'), ...(condition.warnings.length === 0 ? {} : { warnings: condition.warnings }) });
    unfinished.push({ instanceId: start[0].instanceId, queued: word.is === 'queue' });
    firings.push({ triggerId, dueAt: candidate.dueAt, word: 'Started', instanceId: start[0].instanceId, start, ...(condition.warnings.length === 0 ? {} : { text: condition.warnings.join('; ') }), ...waitedOf(candidate) });
  }
  return {
    decision: {
      definition: definition.key,
      decidedAt: now,
      unfinished: moment.unfinished.map(({ id }) => id),
      clocks: looked.map(({ move }) => move),
      firings: joined([...looked.flatMap(({ skips }) => skips), ...firings]),
    },
    stop: [...stop],
  };
}

/** Due times that wait, as they were when they came up: one that was a misfire then is caught up now. */
function waitingCandidates({ waiting = [] }: Moment): readonly Candidate[] {
  return waiting.map(({ trigger, dueAt, since }) => ({ trigger, dueAt, since, catchUp: trigger.event === undefined && since.getTime() - dueAt.getTime() > STILL_LATE }));
}

/** The row of a due time that does not start now; one that goes on waiting has its row. */
function notNow(candidate: Candidate, condition: Exclude<ConditionWord, { is: 'met' }>): readonly NewFiring[] {
  const { trigger, dueAt, since } = candidate;
  const { triggerId } = trigger.clock;
  if (condition.is === 'unmet') return [{ ...skipped(triggerId, single(dueAt), 'condition'), text: condition.text, ...waitedOf(candidate) }];
  return since === undefined ? [{ triggerId, dueAt, word: 'Waiting', text: condition.text }] : [];
}

function waitedOf({ since }: Candidate): Pick<NewFiring, 'waited'> {
  return since === undefined ? {} : { waited: true };
}

interface Looked {
  readonly move: ClockMove;
  readonly skips: readonly NewFiring[];
  readonly candidates: readonly Candidate[];
}

function lookAt(definition: ScheduledDefinition, trigger: TriggerState, { now, events }: Moment): Looked {
  const { clock, schedule } = trigger;
  if (trigger.event === 'atStartup') return startUp(definition, trigger, now, events.boot);
  if (!clock.enabled || !isEnabled(definition, clock)) {
    const range = pendingOf(trigger, now);
    const skips = range === undefined ? [] : [{ ...skipped(clock.triggerId, range, 'disabled'), lengthens: true }];
    const to = accounted(clock, range?.lastDueAt);
    return { move: { from: clock, to: withNext(to, nextAfter({ clock: to, schedule }, now)) }, skips, candidates: [] };
  }
  const { due, skipped: missed, lastDueAt, nextDueAt } = catchUp(schedule, { after: accountedUntil(clock), now }, definition.policy.catchUp);
  return {
    move: { from: clock, to: withNext(accounted(clock, lastDueAt), nextDueAt) },
    skips: missed.map((range) => skipped(clock.triggerId, range, 'misfire')),
    candidates: due.map((one) => ({ trigger, ...one })),
  };
}

/** Once per boot: it is due when the scheduler sees that this is another one. */
function startUp(definition: ScheduledDefinition, trigger: TriggerState, now: Date, boot: string): Looked {
  const { clock } = trigger;
  const move = { from: clock, to: { ...clock, event: boot, lastDueAt: now } };
  if (isEnabled(definition, clock)) return { move, skips: [], candidates: [{ trigger, dueAt: now, catchUp: false }] };
  return { move, skips: [{ ...skipped(clock.triggerId, single(now), 'disabled'), lengthens: true }], candidates: [] };
}

function single(dueAt: Date): DueRange {
  return { dueAt, lastDueAt: dueAt, count: 1 };
}

function originOf({ trigger, dueAt, catchUp: isCaughtUp }: Candidate): TriggerOrigin {
  return { kind: 'trigger', triggerId: String(trigger.clock.triggerId), dueAt, catchUp: isCaughtUp };
}

/** The later of its own delay and its turn among those that are caught up. */
function waitOf({ key }: ScheduledDefinition, { trigger, dueAt, catchUp: isCaughtUp }: Candidate, { now, spread }: Moment, queued: boolean): Wait {
  const delay = trigger.event === undefined ? randomDelay(key, trigger.clock.triggerId, dueAt, trigger.delay) : trigger.delay;
  const begin = Math.max(dueAt.getTime() + delay, (isCaughtUp ? spread()?.getTime() : undefined) ?? 0);
  return { ...(begin > now.getTime() ? { notBefore: new Date(begin) } : {}), ...(queued ? { queued } : {}) };
}

/** Consecutive due times of a trigger that were skipped for one reason, and one job in the way, are one row; what has waited keeps the row that it had. */
function joined(firings: readonly NewFiring[]): readonly NewFiring[] {
  const rows: NewFiring[] = [];
  for (const firing of firings.toSorted((a, b) => a.triggerId - b.triggerId || a.dueAt.getTime() - b.dueAt.getTime())) {
    const before = rows.at(-1);
    if (before?.word === 'Skipped' && before.waited === undefined && firing.waited === undefined && before.triggerId === firing.triggerId && before.reason === firing.reason && before.instanceId === firing.instanceId) {
      rows[rows.length - 1] = { ...before, lastDueAt: firing.lastDueAt ?? firing.dueAt, count: (before.count ?? 1) + (firing.count ?? 1) };
    } else rows.push(firing);
  }
  return rows;
}
