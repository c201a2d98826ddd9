import { dismiss, enrol, isOurs, readWaiting } from './enrol.ts';
import type { Broken, Loaded } from './scheduler-parts.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';
import { voidAhead } from './void-ahead.ts';
import type { Works } from './works.ts';

/** Definitions that are held against the store in one transaction. */
const BATCH = 2_000;

/** Everything that can be scheduled, as it is at the start, held against the clocks in the store. May be done again. */
export async function load<Plan>(works: Works<Plan>, all: readonly Loaded<Plan>[]): Promise<void> {
  await readWaiting(works);
  const known = Map.groupBy(await works.firings.clocks(), ({ definition }) => definition);
  const good = all.filter(isGood);
  for (let begin = 0; begin < good.length; begin += BATCH) await enrol(works, good.slice(begin, begin + BATCH), (key) => known.get(key) ?? []);
  for (const one of all) known.delete(one.key);
  const gone = works.definitions.isPart === true ? [] : [...known.keys()].filter((key) => isOurs(works, key));
  if (gone.length > 0) await dismiss(works, gone, (key) => known.get(key) ?? []);
  await voidAhead(works);
  for (const one of all) if (!isGood(one)) reportBroken(works, one);
}

/**
 * Definitions as they are now take the place of what they were; a broken one leaves the last good version where it is. One
 * call for many names: a change of branch touches them all.
 */
export async function reload<Plan>(works: Works<Plan>, names: readonly string[]): Promise<void> {
  const found = await works.definitions.find(names);
  const changes = found.filter(isGood).map((definition) => ({ definition, before: works.timetable.get(definition.key) }));
  const clocksOf = (key: string) => works.timetable.get(key)?.triggers.map(({ clock }) => clock) ?? [];
  await enrol(works, changes.map(({ definition }) => definition), clocksOf);
  const there = new Set(found.map(({ key }) => key));
  const keys = names.flatMap((name) => works.definitions.keysOf(name));
  const gone = keys.flatMap((key) => (there.has(key) ? [] : (works.timetable.get(key)?.definition ?? [])));
  if (gone.length > 0) await dismiss(works, gone.map(({ key }) => key), clocksOf);
  await voidAhead(works, there);

  for (const { definition, before } of changes) reportChange(works, definition, before?.definition);
  for (const one of found) if (!isGood(one)) reportBroken(works, one);
  for (const { name } of gone) works.report({ event: 'definition', definition: name, change: 'removed' });
  for (const key of keys) if (!there.has(key)) works.broken.delete(key);
}

/**
 * What has become of definitions whose clocks somebody has taken away: one that has its file still begins anew. While
 * somebody is changing definitions, it is asked again.
 */
export async function settle<Plan>(works: Works<Plan>): Promise<void> {
  const { definitions, unsettled } = works;
  const names = [...unsettled];
  if (names.length === 0) return;
  const look = async (): Promise<void> => {
    unsettled.clear();
    try {
      await reload(works, names);
    } catch (cause) {
      for (const name of names) unsettled.add(name);
      throw cause;
    }
  };
  await (definitions.alone ?? freely)(look);
}

function freely<T>(act: () => Promise<T>): Promise<T> {
  return act();
}

function isGood<Plan>(loaded: Loaded<Plan>): loaded is ScheduledDefinition<Plan> {
  return !('errors' in loaded);
}

function reportBroken<Plan>({ broken, timetable, report }: Works<Plan>, { key, name, errors }: Broken): void {
  broken.add(key);
  report({ event: 'broken', definition: name, errors, kept: timetable.get(key) !== undefined });
}

function reportChange<Plan>({ broken, report }: Works<Plan>, definition: ScheduledDefinition, before: ScheduledDefinition | undefined): void {
  const wasBroken = broken.delete(definition.key);
  if (before !== undefined && !wasBroken && essenceOf(before) === essenceOf(definition)) return;
  report({ event: 'definition', definition: definition.name, change: before === undefined ? 'added' : 'changed' });
}

function essenceOf({ enabled, triggers, policy, plan }: ScheduledDefinition): string {
  return JSON.stringify([enabled, triggers, policy, plan]);
}
