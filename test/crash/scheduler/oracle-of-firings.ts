// What must have become of every due time, computed a second time from the specification alone (sections 7 and 8): no line
// of it comes from the product, and it is told nothing that the product says.
//
// It knows how the clock stood and who was alive. While the clock stands still a scheduler decides everything that is due;
// one that was killed may have, or may not. So the oracle keeps every instant up to which the trigger can have been decided,
// and says of each due time which words are possible: mostly one.

import { dueTimes, HOUR, MINUTE, type Schedule } from './due-times.ts';

export type Word = 'Started' | 'misfire' | 'disabled' | 'edited' | 'overlap';

export interface CatchUp {
  readonly policy: 'skip' | 'latest' | 'all';
  /** Milliseconds. Default: none for latest, 24 h for all. */
  readonly window?: number;
  /** Default 100. */
  readonly limit?: number;
}

export interface Rule {
  readonly schedule: Schedule;
  readonly catchUp: CatchUp;
}

/** A stretch during which the simulated clock stood still. */
export interface Step {
  readonly wall: number;
  /**
   * `nobody`: no scheduler. `perhaps`: one was killed, somewhere. `settled`: one has dealt with everything that was due.
   */
  readonly scheduler: 'nobody' | 'perhaps' | 'settled';
  /** From here on the trigger means something else, or is switched off or on. */
  readonly change?: { readonly to: Rule } | { readonly enabled: boolean };
}

export interface Expectation {
  /** Which words are possible, by due time, in milliseconds. */
  readonly words: ReadonlyMap<number, ReadonlySet<Word>>;
  /** Due times of rows that a wrong clock made: what they started has happened as well. */
  readonly voided: readonly number[];
}

/** Later than this it is no longer late, but missed. */
const LATE = MINUTE;
/** Rows further ahead of a corrected clock than this are void. */
const NEAR = HOUR;
const IMPLAUSIBLE = { before: Date.UTC(2024, 0), after: Date.UTC(2091, 0) };

interface Trigger {
  rule: Rule;
  enabled: boolean;
  /** Undefined until a scheduler has seen it. */
  knownSince: number | undefined;
  /** Each instant up to which everything can have been decided. */
  decided: readonly number[];
  readonly words: Map<number, Set<Word>>;
  /** The time at which each was decided. */
  readonly decisions: Map<number, number>;
  readonly voided: number[];
}

/** The first step must be settled: before it the trigger has no past. */
export function expect(rule: Rule, steps: readonly Step[]): Expectation {
  const trigger: Trigger = { rule, enabled: true, knownSince: undefined, decided: [], words: new Map(), decisions: new Map(), voided: [] };
  for (const step of steps) {
    const isPlausible = step.wall >= IMPLAUSIBLE.before && step.wall < IMPLAUSIBLE.after;
    if (step.scheduler !== 'nobody' && isPlausible) pass(trigger, step);
  }
  return trigger;
}

function pass(trigger: Trigger, { wall, scheduler, change }: Step): void {
  if (trigger.knownSince === undefined) {
    Object.assign(trigger, { knownSince: wall, decided: [wall] });
    return;
  }
  correct(trigger, wall);
  const reason = change === undefined ? (trigger.enabled ? undefined : 'disabled') : 'to' in change ? 'edited' : change.enabled ? 'disabled' : undefined;
  for (const from of trigger.decided) decide(trigger, from, wall, reason);
  trigger.decided = scheduler === 'settled' ? [Math.max(wall, ...trigger.decided)] : [...new Set([...trigger.decided, ...trigger.decided.map((from) => Math.max(from, wall))])];
  if (change === undefined) return;
  if ('enabled' in change) trigger.enabled = change.enabled;
  else Object.assign(trigger, { rule: change.to, knownSince: wall });
}

/**
 * The clock was set back. What lies near ahead stays decided. What lies far ahead was never true; no more was a range of
 * misfires that reaches that far, from its beginning: else nothing would be due for an hour after a clock was wrong for a minute.
 */
function correct(trigger: Trigger, wall: number): void {
  const all = [...trigger.words.keys()].toSorted((a, b) => a - b);
  if (Math.max(all.at(-1) ?? 0, trigger.knownSince as number) <= wall + NEAR) return;
  const far = all.findIndex((due) => due > wall + NEAR);
  const isOfOneRange = (due: number | undefined, other: number | undefined): boolean =>
    [due, other].every((one) => one !== undefined && trigger.words.get(one)?.has('misfire') === true) && trigger.decisions.get(due as number) === trigger.decisions.get(other as number);
  let first = far < 0 ? all.length : far;
  while (isOfOneRange(all[first - 1], all[first])) first -= 1;
  for (const due of all.slice(first)) {
    if (trigger.words.get(due)?.has('Started') === true) trigger.voided.push(due);
    trigger.words.delete(due);
  }
  trigger.decided = [Math.min(wall, (all[first] ?? Number.POSITIVE_INFINITY) - 1)];
  trigger.knownSince = Math.min(trigger.knownSince as number, wall);
}

/** One decision at `wall` about everything that became due after `from`. */
function decide(trigger: Trigger, from: number, wall: number, reason: 'disabled' | 'edited' | undefined): void {
  const due = dueTimes(trigger.rule.schedule, from, wall, trigger.knownSince as number).filter((one) => !isDecided(trigger, one));
  for (const [one, word] of wordsFor(trigger.rule.catchUp, due, wall)) {
    const possible = trigger.words.get(one) ?? new Set();
    trigger.words.set(one, possible.add(reason ?? word));
    trigger.decisions.set(one, wall);
  }
}

/** After a clock was set back by hours: what was recorded then stays as it is. */
function isDecided({ words, decided }: Trigger, due: number): boolean {
  return decided.length === 1 && words.has(due);
}

/** The words of due times that are decided together, oldest first. */
export function wordsFor({ policy, window, limit = 100 }: CatchUp, due: readonly number[], wall: number): [number, Word][] {
  const missed = due.filter((one) => one < wall - LATE);
  const inside = missed.filter((one) => one >= wall - (window ?? (policy === 'all' ? 24 * HOUR : Number.POSITIVE_INFINITY)));
  const caughtUp = new Set(policy === 'skip' ? [] : inside.slice(policy === 'latest' ? -1 : -limit));
  return due.map((one) => [one, one >= wall - LATE || caughtUp.has(one) ? 'Started' : 'misfire']);
}
