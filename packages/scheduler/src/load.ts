import { dismiss, enrol, isOurs, readWaiting } from './enrol.ts';
import type { Broken, Loaded } from './scheduler-parts.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';
import { voidAhead } from './void-ahead.ts';
import type { Works } from './works.ts';

/** Definitions that are held against the store in one transaction. */
const BATCH = 2_000;

/** Everything that can be scheduled, as it is at the start, held against the clocks in the store. May be done again. */
export async function load<Plan>(works: Works<Plan>, all: readonly Loaded<Plan>[]): Promise<void> {
  const isDone = await (works.definitions.alone ?? freely)(async () => {
    await enter(works, all, true);
    return true;
  });
  if (isDone === undefined) await enter(works, all, false);
}

async function enter<Plan>(works: Works<Plan>, all: readonly Loaded<Plan>[], isAlone: boolean): Promise<void> {
  await readWaiting(works);
  const known = Map.groupBy(await works.firings.clocks(), ({ definition }) => definition);
  const [good, begun] = partition(all.filter(isGood), ({ key }) => isAlone || known.has(key));
  for (const { name } of begun) works.unsettled.add(name);
  for (let begin = 0; begin < good.length; begin += BATCH) await enrol(works, good.slice(begin, begin + BATCH), (key) => known.get(key) ?? []);
  for (const one of all) known.delete(one.key);
  const gone = !isAlone || works.definitions.isPart === true ? [] : [...known.keys()].filter((key) => isOurs(works, key));
  if (gone.length > 0) await dismiss(works, gone, (key) => known.get(key) ?? []);
  await voidAhead(works);
  for (const one of all) if (!isGood(one)) reportBroken(works, one);
}

/**
 * Definitions as they are now take the place of what they were; a broken one leaves the last good version where it is. One
 * call for many names: a change of branch touches them all. What is unsettled is looked at as well.
 */
export async function reload<Plan>(works: Works<Plan>, names: readonly string[]): Promise<void> {
  const { definitions, unsettled } = works;
  const waiting = [...unsettled];
  const isDone = await (definitions.alone ?? freely)(async () => {
    unsettled.clear();
    try {
      await takeOver(works, [...new Set([...waiting, ...names])], true);
    } catch (cause) {
      for (const name of waiting) unsettled.add(name);
      throw cause;
    }
    return true;
  });
  if (isDone === undefined) await takeOver(works, names.filter((name) => !unsettled.has(name)), false);
}

function freely<T>(act: () => Promise<T>): Promise<T> {
  return act();
}

/** Whoever is not alone with the files begins nothing and ends nothing: what is new or gone may be on its way to another name, and its clocks with it. */
async function takeOver<Plan>(works: Works<Plan>, names: readonly string[], isAlone: boolean): Promise<void> {
  const found = await works.definitions.find(names);
  const [good, begun] = partition(found.filter(isGood), ({ key }) => isAlone || works.timetable.get(key) !== undefined);
  for (const { name } of begun) works.unsettled.add(name);
  const changes = good.map((definition) => ({ definition, before: works.timetable.get(definition.key) }));
  const clocksOf = (key: string) => works.timetable.get(key)?.triggers.map(({ clock }) => clock) ?? [];
  await enrol(works, changes.map(({ definition }) => definition), clocksOf);
  const there = new Set(found.map(({ key }) => key));
  const keys = names.flatMap((name) => works.definitions.keysOf(name));
  const gone = keys.flatMap((key) => (there.has(key) ? [] : (works.timetable.get(key)?.definition ?? [])));
  if (!isAlone) for (const { name } of gone.splice(0)) works.unsettled.add(name);
  if (gone.length > 0) await dismiss(works, gone.map(({ key }) => key), clocksOf);
  await voidAhead(works, there);

  for (const { definition, before } of changes) reportChange(works, definition, before?.definition);
  for (const one of found) if (!isGood(one)) reportBroken(works, one);
  for (const { name } of gone) works.report({ event: 'definition', definition: name, change: 'removed' });
  for (const key of keys) if (!there.has(key)) works.broken.delete(key);
}

function partition<T>(all: readonly T[], belongs: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
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
