/**
 * What is due gets its word: decide (pure) ─▶ fire (one transaction for all that came up together) ─▶ hand over what started.
 * A decision that was made from what is true no more is made again.
 */
import type { FiringDecision, FiringResult } from '@nightshift/sdk';
import { decide, type Decided } from './decide.ts';
import { enrolAgain } from './enrol.ts';
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

/** Decides about everything that is due by now. */
export async function fireDue<Plan>(works: Works<Plan>): Promise<Fired> {
  works.spread.begin(works.clock.now());
  let lag: number | undefined;
  for (let refusals = 0; refusals < REFUSALS; ) {
    const now = works.clock.now();
    const due = takeDue(works, now);
    if (due.length === 0) return { lag, isLeft: false };
    const decided = await decideAll(works, due, now);
    lag = lagOf(decided.map(({ decision }) => decision)) ?? lag;
    const results = await fire(works, due, decided);
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

function together<Plan>(standings: readonly Standing<Plan>[]): readonly Standing<Plan>[] {
  const byKey = Map.groupBy(standings, ({ definition }) => definition.key);
  return [...byKey.values()].map((parts) => ({ ...(parts[0] as Standing<Plan>), triggers: [...new Set(parts.flatMap(({ triggers }) => triggers))] }));
}

async function decideAll<Plan>({ events, instances, runs, spread, timetable }: Works<Plan>, due: readonly Standing<Plan>[], now: Date): Promise<readonly Decided[]> {
  try {
    const unfinished = await runs.unfinished(due.map(({ definition }) => definition.key));
    return due.map(({ definition, triggers }) =>
      decide(definition, triggers, {
        now,
        events,
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

async function fire<Plan>(works: Works<Plan>, due: readonly Standing<Plan>[], decided: readonly Decided[]): Promise<readonly FiringResult[]> {
  const results = await write(works, due, decided);
  for (const [index, { definition }] of due.entries()) {
    const result = results[index];
    if (result?.is === 'fired') follow(works, definition.name, decided[index] as Decided, result);
  }
  for (const [index, { definition }] of due.entries()) {
    if (results[index]?.is === 'fired') continue;
    await enrolAgain(works, definition);
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
function follow<Plan>({ timetable, runs, report }: Works<Plan>, name: string, { decision, stop }: Decided, { instances }: Extract<FiringResult, { is: 'fired' }>): void {
  timetable.move(decision.definition, decision.clocks.flatMap(({ to }) => to ?? []));
  const jobs = jobRunsOf(decision.definition, instances);
  runs.admit(jobs);
  eventsOf(name, decision, jobs).forEach(report);
  runs.stop(stop);
}

function lagOf(decisions: readonly FiringDecision[]): number | undefined {
  let lag: number | undefined;
  for (const { decidedAt, firings } of decisions) {
    for (const { dueAt, lastDueAt = dueAt } of firings) lag = Math.max(lag ?? 0, decidedAt.getTime() - lastDueAt.getTime());
  }
  return lag;
}
