/**
 * What is due gets its word: decide (pure) ─▶ fire (one transaction for all that came up together) ─▶ hand over what started.
 * A decision that was made from what is true no more is made again.
 */
import type { FiringDecision, FiringResult } from '@nightshift/sdk';
import { factsFor } from './conditions.ts';
import { decide, type Decided, type Moment } from './decide.ts';
import { follow } from './enrol.ts';
import type { MachineFact } from './machine-probe.ts';
import { saysSomething } from './pending.ts';
import { eventsOf, jobRunsOf } from './report-firings.ts';
import type { Standing } from './timetable.ts';
import { accountedUntil, type TriggerState } from './trigger-state.ts';
import { voidAhead } from './void-ahead.ts';
import type { Works } from './works.ts';

/** Definitions that are decided in one transaction. */
const BATCH = 2_000;
/** So many rounds may see a decision refused before the others of the scheduler's tasks have their turn. */
const REFUSALS = 3;

/** What came of a look at the timetable. */
export interface Fired {
  /** By how much the last due time was late when it was decided, in milliseconds; undefined when there was none. */
  readonly lag: number | undefined;
  /** Some decision was refused again and again, and is due still. */
  readonly isLeft: boolean;
}

/** Decides about everything that is due by now; `looksAtWaiting`: also about what waits for an idle machine. */
export async function fireDue<Plan>(works: Works<Plan>, looksAtWaiting = false): Promise<Fired> {
  works.spread.begin(works.clock.now());
  let lag: number | undefined;
  let isLookedAt = !looksAtWaiting;
  for (let refusals = 0; refusals < REFUSALS; ) {
    const now = works.clock.now();
    const due = isLookedAt ? takeDue(works, now) : together([...waitingIn(works), ...takeDue(works, now)]);
    isLookedAt = true;
    if (due.length === 0) return { lag, isLeft: false };
    const decisions = (await decideAll(works, due, now)).map((decided, index) => ({ standing: due[index] as Standing<Plan>, decided }));
    // One whose due times go on waiting has nothing to be written.
    const telling = decisions.filter(({ decided: { decision } }) => saysSomething(decision));
    const decided = telling.map(({ decided: one }) => one);
    lag = lagOf(decided.map(({ decision }) => decision)) ?? lag;
    const results = decided.length === 0 ? [] : await fire(works, telling.map(({ standing }) => standing), decided);
    if (results.some(({ is }) => is !== 'fired')) refusals += 1;
  }
  return { lag, isLeft: true };
}

/** Triggers whose time or event has come, those of one definition together. */
function takeDue<Plan>({ timetable }: Works<Plan>, now: Date): readonly Standing<Plan>[] {
  const loggedOn = ({ clock, schedule }: TriggerState): boolean => (schedule.next(accountedUntil(clock))?.dueAt.getTime() ?? Infinity) <= now.getTime();
  const come = [
    ...timetable.waiting('atStartup'),
    ...timetable.waiting('atLogOn').map((standing) => ({ ...standing, triggers: standing.triggers.filter(loggedOn) })),
  ].filter(({ triggers }) => triggers.length > 0);
  const due = timetable.due(now.getTime(), BATCH);
  return come.length === 0 ? due : together([...come, ...due]);
}

/** Definitions of which something waits for an idle machine. */
function waitingIn<Plan>({ timetable, waiting }: Works<Plan>): readonly Standing<Plan>[] {
  return waiting.definitions().flatMap((key) => {
    const standing = timetable.get(key);
    return standing === undefined ? [] : [{ definition: standing.definition, triggers: [] }];
  });
}

function together<Plan>(standings: readonly Standing<Plan>[]): readonly Standing<Plan>[] {
  const byKey = Map.groupBy(standings, ({ definition }) => definition.key);
  return [...byKey.values()].map((parts) => ({ ...(parts[0] as Standing<Plan>), triggers: [...new Set(parts.flatMap(({ triggers }) => triggers))] }));
}

async function decideAll<Plan>(works: Works<Plan>, due: readonly Standing<Plan>[], now: Date): Promise<readonly Decided[]> {
  const { events, instances, machine, runs, spread, timetable } = works;
  try {
    const facts = new Set<MachineFact>(due.flatMap(({ definition }) => factsFor(definition.policy.conditions)));
    // The machine first: it may take its time, in which jobs end.
    const seen = await machine.ask(facts);
    const unfinished = await runs.unfinished(due.map(({ definition }) => definition.key));
    return due.map(({ definition, triggers }) =>
      decide(definition, triggers, {
        now,
        events,
        machine: seen,
        waiting: waitingOf(works, definition.key),
        unfinished: unfinished.get(definition.key) ?? [],
        instances: (origin, wait) => instances(definition.plan, origin, wait),
        spread: () => spread.next(definition.key),
      }),
    );
  } catch (cause) {
    timetable.again(due);
    throw cause;
  }
}

function waitingOf<Plan>({ timetable, waiting }: Works<Plan>, key: string): NonNullable<Moment['waiting']> {
  const dues = waiting.of(key);
  if (dues.length === 0) return [];
  const triggers = timetable.get(key)?.triggers ?? [];
  return dues.flatMap((one) => {
    const trigger = triggers.find(({ clock }) => clock.triggerId === one.triggerId);
    return trigger === undefined ? [] : [{ ...one, trigger }];
  });
}

async function fire<Plan>(works: Works<Plan>, due: readonly Standing<Plan>[], decided: readonly Decided[]): Promise<readonly FiringResult[]> {
  const results = await write(works, due, decided);
  for (const [index, { definition }] of due.entries()) {
    const result = results[index];
    if (result?.is === 'fired') keep(works, definition.name, decided[index] as Decided, result);
  }
  for (const [index, { definition }] of due.entries()) {
    if (results[index]?.is === 'fired') continue;
    await follow(works, definition);
    await voidAhead(works, [definition.key]);
  }
  return results;
}

async function write<Plan>({ firings, timetable }: Works<Plan>, due: readonly Standing<Plan>[], decided: readonly Decided[]): Promise<readonly FiringResult[]> {
  try {
    return await firings.fire(decided.map(({ decision }) => decision));
  } catch (cause) {
    timetable.again(due);
    throw cause;
  }
}

/** The decision stands: memory follows what the store says. */
function keep<Plan>({ timetable, waiting, runs, report }: Works<Plan>, name: string, { decision, stop }: Decided, { instances }: Extract<FiringResult, { is: 'fired' }>): void {
  timetable.move(decision.definition, decision.clocks.flatMap(({ to }) => to ?? []));
  waiting.follow(decision);
  const jobs = jobRunsOf(decision.definition, instances);
  runs.admit(jobs);
  eventsOf(name, decision, jobs).forEach(report);
  runs.stop(stop);
}

function lagOf(decisions: readonly FiringDecision[]): number | undefined {
  let lag: number | undefined;
  for (const { decidedAt, firings } of decisions) {
    // What had to wait for an idle machine was decided upon in time.
    for (const { dueAt, lastDueAt = dueAt } of firings.filter(({ waited }) => waited !== true)) lag = Math.max(lag ?? 0, decidedAt.getTime() - lastDueAt.getTime());
  }
  return lag;
}
