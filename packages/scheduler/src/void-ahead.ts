import { enrol, readWaiting } from './enrol.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';
import type { Works } from './works.ts';

/** What is recorded so much later than now was recorded by a clock that was wrong. Source: reliability specification, section 8. */
const AHEAD = 3_600_000;

/**
 * Takes back what a clock that ran ahead has said about the due times of definitions (by their keys; default: all). Returns
 * how many rows became Void.
 */
export async function voidAhead<Plan>(works: Works<Plan>, keys: Iterable<string> = works.timetable.keys()): Promise<number> {
  const now = works.clock.now();
  const limit = new Date(now.getTime() + AHEAD);
  const ahead = [...keys].flatMap((key) => works.timetable.get(key) ?? []).filter(({ triggers }) => triggers.some(({ clock: { lastDueAt, knownSince } }) => (lastDueAt ?? knownSince) > limit || knownSince > limit));
  if (ahead.length === 0) return 0;
  const definitions = ahead.map(({ definition }) => definition);
  const starts = await newestStarts(works, definitions.map(({ key }) => key), now, limit);
  let voided = 0;
  for (const [after, group] of Map.groupBy(definitions, ({ key }) => starts.get(key) ?? now.getTime())) {
    voided += await works.firings.voidAfter(group.map(({ key }) => key), new Date(after), now);
  }
  if (works.waiting.size > 0) await readWaiting(works, definitions.map(({ key }) => key));
  await enrolAnew(works, definitions);
  return voided;
}

/**
 * The newest due time up to an hour ahead for which something was started, of each definition that has one: it is not started
 * again. What was merely skipped until then has its turn still: a clock that ran a year ahead has skipped the whole year.
 */
async function newestStarts<Plan>({ firings }: Works<Plan>, keys: readonly string[], now: Date, limit: Date): Promise<ReadonlyMap<string, number>> {
  const rows = await firings.firings({ definitions: keys, since: now, until: limit, word: 'Started', limit: 1_000_000 });
  return new Map(rows.toReversed().map(({ definition, dueAt }) => [definition, dueAt.getTime()]));
}

async function enrolAnew<Plan>(works: Works<Plan>, definitions: readonly ScheduledDefinition<Plan>[]): Promise<void> {
  const clocks = Map.groupBy(await works.firings.clocks(definitions.map(({ key }) => key)), ({ definition }) => definition);
  await enrol(works, definitions, (key) => clocks.get(key) ?? []);
}
