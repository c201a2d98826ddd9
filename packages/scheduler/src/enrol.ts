import type { ClockMove, FiringDecision, TriggerClock } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { isReadable, register, unregister, type Look } from './register.ts';
import { eventsOf } from './report-firings.ts';
import type { ScheduledDefinition, ScheduledTrigger } from './scheduled-definition.ts';
import { accountedUntil, isEnabled } from './trigger-state.ts';
import type { Works } from './works.ts';

/** The clocks of a definition, by its key, as far as they are known. */
export type ClocksOf = (definition: string) => readonly TriggerClock[];

/** More rows than this of one batch are not looked at for what has been recorded. */
const ROWS = 100_000;

/** Holds definitions against their clocks, writes down what follows, and puts them into the timetable. */
export async function enrol<Plan>(works: Works<Plan>, definitions: readonly ScheduledDefinition<Plan>[], clocksOf: ClocksOf): Promise<void> {
  const look = await lookBack(works, definitions, clocksOf);
  const registrations = definitions.map((definition) => ({ definition, ...register(definition, clocksOf(definition.key), look) }));
  const refused = await refusedOf(works, registrations.flatMap(({ decision }) => decision ?? []));
  for (const { definition, triggers, decision } of registrations) {
    if (refused.has(definition.key)) continue;
    works.timetable.put(definition, triggers);
    if (decision !== undefined) eventsOf(definition.name, decision, []).forEach(works.report);
  }
  failpoint('definition.reload');
  for (const { definition } of registrations) if (refused.has(definition.key)) await enrolAgain(works, definition);
}

/**
 * Somebody else has written about a definition since we looked: what the store says now takes the place of what we knew. Who
 * renames one or takes it away begins with its clocks: to begin anew would give its due times a word under this name, and
 * those that go on under the other name another one.
 */
async function enrolAgain<Plan>(works: Works<Plan>, definition: ScheduledDefinition<Plan>): Promise<void> {
  await enrolWith(works, definition, await passRecorded(works, definition.key));
}

async function enrolWith<Plan>(works: Works<Plan>, definition: ScheduledDefinition<Plan>, clocks: readonly TriggerClock[]): Promise<void> {
  if (clocks.length === 0) {
    works.timetable.put(definition, []);
    works.unsettled.add(definition.name);
    return;
  }
  await readWaiting(works, [definition.key]);
  await enrol(works, [definition], () => clocks);
}

/**
 * Another scheduler of these definitions has written about one since we looked: what the store says takes the place of what we
 * knew, its triggers too. The newest edit counts, whoever read it: two that took one another's version for an edit, over and
 * over, would come to no due time. Of who has not read it that is said; a file that changes here is an edit, and the newest.
 */
export async function follow<Plan>(works: Works<Plan>, definition: ScheduledDefinition<Plan>): Promise<void> {
  const clocks = await passRecorded(works, definition.key);
  const triggers = clocks.map(({ triggerId: id, revision, enabled }) => ({ id, revision, enabled }));
  if (clocks.length === 0 || isAlike(definition, triggers) || !clocks.every((clock) => isReadable(clock, works.events))) return enrolWith(works, definition, clocks);
  works.report({ event: 'differs', definition: definition.name, others: [] });
  await enrolWith(works, { ...definition, enabled: true, triggers }, clocks);
}

function isAlike(definition: ScheduledDefinition, triggers: readonly ScheduledTrigger[]): boolean {
  return triggers.length === definition.triggers.length && definition.triggers.every((own) => triggers.some(({ id, revision, enabled }) => id === own.id && revision === own.revision && enabled === isEnabled(definition, own)));
}

/** Forgets definitions that are gone. */
export async function dismiss<Plan>(works: Works<Plan>, keys: readonly string[], clocksOf: ClocksOf): Promise<void> {
  const decisions = keys.map((key) => unregister(key, clocksOf(key), works.look()));
  const refused = await refusedOf(works, decisions);
  for (const decision of decisions) {
    if (refused.has(decision.definition)) continue;
    eventsOf(works.timetable.get(decision.definition)?.definition.name ?? nameIn(decision.definition), decision, []).forEach(works.report);
    works.timetable.remove(decision.definition);
  }
  for (const key of refused) {
    const clocks = await passRecorded(works, key);
    await readWaiting(works, [key]);
    await dismiss(works, [key], () => clocks);
  }
}

/** What waits for an idle machine, as the store has it; of all definitions of this scheduler, or of these. */
export async function readWaiting<Plan>(works: Works<Plan>, definitions?: readonly string[]): Promise<void> {
  const rows = await works.firings.firings({ word: 'Waiting', limit: ROWS, ...(definitions === undefined ? {} : { definitions }) });
  works.waiting.read(rows.filter(({ definition }) => isOurs(works, definition)), definitions);
}

/** Of the namespaces that this scheduler works for; other projects have their clocks in the same store. */
export function isOurs<Plan>({ definitions }: Works<Plan>, key: string): boolean {
  return definitions.keysOf(nameIn(key)).includes(key);
}

/** Keys of definitions about which nothing was written. */
async function refusedOf<Plan>({ firings, waiting }: Works<Plan>, decisions: readonly FiringDecision[]): Promise<ReadonlySet<string>> {
  const results = decisions.length === 0 ? [] : await firings.fire(decisions);
  for (const [index, decision] of decisions.entries()) if (results[index]?.is === 'fired') waiting.follow(decision);
  return new Set(decisions.filter((_, index) => results[index]?.is !== 'fired').map(({ definition }) => definition));
}

/** Whether one of its triggers is new, or was edited before the clock came to what it has accounted for. */
function beginsAnew({ triggers }: ScheduledDefinition, clocks: readonly TriggerClock[], now: Date): boolean {
  return triggers.some(({ id, revision }) => {
    const clock = clocks.find(({ triggerId }) => triggerId === id);
    return clock === undefined || (clock.revision !== revision && accountedUntil(clock) >= now);
  });
}

/** A trigger that begins anew may have had its words in an earlier life: they count where the clock was put back since. */
async function lookBack<Plan>({ firings, look }: Works<Plan>, definitions: readonly ScheduledDefinition<Plan>[], clocksOf: ClocksOf): Promise<Look> {
  const now = look();
  const begun = definitions.filter((definition) => beginsAnew(definition, clocksOf(definition.key), now.now)).map(({ key }) => key);
  if (begun.length === 0) return now;
  const rows = (await firings.firings({ definitions: begun, since: now.now, limit: ROWS })).filter(({ word }) => word !== 'Void');
  const newest = new Map(rows.toReversed().map(({ definition, triggerId, lastDueAt }) => [`${triggerId} ${definition}`, lastDueAt]));
  return { ...now, recorded: (definition, triggerId) => newest.get(`${triggerId} ${definition}`) };
}

/** The clocks of a definition, each behind whatever has its word already. */
async function passRecorded<Plan>({ firings, clock }: Works<Plan>, key: string): Promise<readonly TriggerClock[]> {
  const clocks = await firings.clocks([key]);
  if (clocks.length === 0) return clocks;
  const since = new Date(Math.min(...clocks.map((one) => accountedUntil(one).getTime())));
  const rows = (await firings.firings({ definitions: [key], since, limit: ROWS })).filter(({ word }) => word !== 'Void');
  const moves = clocks.flatMap((from): readonly ClockMove[] => {
    const newest = rows.find(({ triggerId }) => triggerId === from.triggerId)?.lastDueAt;
    if (newest === undefined || newest <= accountedUntil(from)) return [];
    // Its next due time is asked for when it comes up, which is at once.
    return [{ from, to: { ...from, lastDueAt: newest, ...(from.nextDueAt === undefined ? {} : { nextDueAt: clock.now() }) } }];
  });
  if (moves.length === 0) return clocks;
  await firings.fire([{ definition: key, decidedAt: clock.now(), clocks: moves, firings: [] }]);
  return firings.clocks([key]);
}

function nameIn(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
