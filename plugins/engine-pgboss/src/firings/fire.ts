/**
 * Due times get their words, by any number of schedulers at once. One transaction per call:
 *
 *     lock      the definitions of the call, in ascending order: who decides about one of them waits for who does so already
 *     look      clocks, unfinished jobs and rows of the due times, as they are now
 *     refuse    a due time that has its word: already-fired; a clock or jobs that are not what was looked at: changed
 *     write     rows, clocks, instances and their places in the queue
 *
 * Thousands of decisions are looked at and written by a few statements, in a savepoint. Should one of them be refused by the
 * server all the same, each is written by itself, in a savepoint of its own: the others stand. Two decisions about one
 * definition in one call follow one another, the second sees what the first has done.
 */
import type { FiringDecision, FiringResult, Instance, NewInstance, TriggerClock } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dayOf, dayOfInstance } from '../days.ts';
import { isDuplicate, isWithoutPartition } from '../errors.ts';
import { lockDefinitions, routesOf } from '../places.ts';
import { enqueue, takeIds } from '../store/insert.ts';
import { daysIn, openDays } from '../store/day-book.ts';
import { UNFINISHED } from '../store/query.ts';
import { insertInstances, startOf } from '../store/rows.ts';
import { clockName, clocksOf, moveClocks, stands } from './clocks.ts';
import { isTaken, lookUp, plan, writeFirings, type Found, type WrittenFirings } from './firing-rows.ts';

/** Decisions that are written together. */
const AT_A_TIME = 500;

export async function fire(context: EngineContext, decisions: readonly FiringDecision[]): Promise<readonly FiringResult[]> {
  if (decisions.length === 0) return [];
  const starts = decisions.flatMap(startsOf).flat();
  await context.boss.prepare(routesOf(starts));
  failpoint('fire.before');
  const results = await fireOnce(context, decisions).catch((cause) => {
    if (!isWithoutPartition(cause)) throw cause;
    context.days.forget();
    return fireOnce(context, decisions);
  });
  failpoint('fire.committed');
  context.hints.tell(results.flatMap((result) => (result.is === 'fired' ? result.instances.map(({ instanceId }) => instanceId) : [])));
  return results;
}

async function fireOnce(context: EngineContext, decisions: readonly FiringDecision[]): Promise<readonly FiringResult[]> {
  const { database, days, schema } = context;
  await days.ensure([...decisions.flatMap(startsOf).flat().map(({ instanceId }) => dayOfInstance(instanceId)), ...decisions.flatMap(({ firings }) => firings.map(({ dueAt }) => dayOf(dueAt)))]);
  return database.transaction(async (within) => {
    await lockDefinitions(within, schema, decisions.map(({ definition }) => definition));
    const results: FiringResult[] = [];
    for (const wave of wavesOf(decisions)) for (const [place, result] of await fireWave(within, context, wave)) results[place] = result;
    failpoint('fire.inTransaction');
    return results;
  });
}

/** A decision, and where it stands in the call. */
type Placed = readonly [place: number, decision: FiringDecision];
type PlacedResult = readonly [place: number, result: FiringResult];

/** Each definition once in a wave, in the order of the call. */
function wavesOf(decisions: readonly FiringDecision[]): readonly (readonly Placed[])[] {
  const waves: Placed[][] = [];
  const seen = new Map<string, number>();
  for (const [place, decision] of decisions.entries()) {
    const turn = seen.get(decision.definition) ?? 0;
    seen.set(decision.definition, turn + 1);
    (waves[turn] ??= []).push([place, decision]);
  }
  return waves.flatMap((wave) => Array.from({ length: Math.ceil(wave.length / AT_A_TIME) }, (_, index) => wave.slice(index * AT_A_TIME, (index + 1) * AT_A_TIME)));
}

async function fireWave(within: Transaction, context: EngineContext, wave: readonly Placed[]): Promise<readonly PlacedResult[]> {
  const looked = await lookAt(within, context.schema, wave.map(([, decision]) => decision));
  const refused = wave.flatMap(([place, decision], index): PlacedResult[] => {
    const is = refusalOf(decision, looked, index);
    return is === undefined ? [] : [[place, { is }]];
  });
  const standing = wave.map((placed, index) => ({ placed, found: looked.found[index] ?? [] })).filter((_, index) => refusalOf(wave[index]?.[1] as FiringDecision, looked, index) === undefined);
  const written = await within.savepoint(() => writeAll(within, context, standing)).catch((cause: unknown) => {
    if (!isDuplicate(cause)) throw cause;
    return writeEach(within, context, standing);
  });
  return [...refused, ...written];
}

interface Looked {
  readonly clocks: ReadonlyMap<string, TriggerClock>;
  /** Ids of the unfinished jobs of a definition, ascending. */
  readonly unfinished: ReadonlyMap<string, readonly number[]>;
  /** Of each decision, of each of its due times. */
  readonly found: readonly (readonly Found[])[];
}

async function lookAt(within: Transaction, schema: string, decisions: readonly FiringDecision[]): Promise<Looked> {
  const definitions = decisions.map(({ definition }) => definition);
  const clocks = await clocksOf(within, schema, definitions);
  const { rows } = await within.query<{ definition_key: string; id: number }>(`SELECT definition_key, id FROM ${schema}.instance WHERE day = ANY($2::date[]) AND definition_key = ANY($1::text[]) AND ${UNFINISHED} AND scheduled ORDER BY id`, [definitions, openDays(await daysIn(within, schema))]);
  const all = await lookUp(within, schema, decisions.flatMap(({ definition, firings }) => firings.map((firing) => ({ definition, firing }))));
  let next = 0;
  return {
    clocks: new Map(clocks.map((clock) => [clockName(clock), clock])),
    unfinished: new Map([...Map.groupBy(rows, ({ definition_key }) => definition_key)].map(([definition, jobs]) => [definition, jobs.map(({ id }) => id)])),
    found: decisions.map(({ firings }) => all.slice(next, (next += firings.length))),
  };
}

function refusalOf(decision: FiringDecision, { clocks, unfinished, found }: Looked, index: number): 'already-fired' | 'changed' | undefined {
  if (decision.firings.some((firing, place) => isTaken(firing, found[index]?.[place] as Found))) return 'already-fired';
  const now = unfinished.get(decision.definition) ?? [];
  const isAsSeen = decision.unfinished === undefined || (decision.unfinished.length === now.length && now.every((id, place) => id === decision.unfinished?.[place]));
  return isAsSeen && decision.clocks.every((move) => stands(move, clocks)) ? undefined : 'changed';
}

interface Standing {
  readonly placed: Placed;
  readonly found: readonly Found[];
}

async function writeAll(within: Transaction, context: EngineContext, standing: readonly Standing[]): Promise<readonly PlacedResult[]> {
  const { schema } = context;
  const decisions = standing.map(({ placed: [, decision] }) => decision);
  const words: WrittenFirings = { waited: [], lengthened: [], inserted: [] };
  for (const { placed: [, decision], found } of standing) plan(words, decision, found);
  const ids = await takeIds(within, schema, 2 * decisions.flatMap(startsOf).length);
  let next = 0;
  const families = decisions.map((decision) => startsOf(decision).flatMap((start) => pairOf(start, ids[next++] as number, ids[next++] as number)));
  await writeFirings(within, schema, words);
  await insertInstances(within, schema, families.flat());
  await moveClocks(within, schema, decisions.flatMap(({ clocks }) => clocks));
  const stored = new Map((await enqueue(within, context, families.flat())).map((instance) => [instance.instanceId, instance]));
  return standing.map(({ placed: [place] }, index) => [place, { is: 'fired', instances: (families[index] ?? []).map((instance) => stored.get(instance.instanceId) ?? instance) }]);
}

/** One by one; what the server refuses has been written by somebody who asked nobody. */
async function writeEach(within: Transaction, context: EngineContext, standing: readonly Standing[]): Promise<readonly PlacedResult[]> {
  const results: PlacedResult[] = [];
  for (const one of standing) {
    const written = await within.savepoint(() => writeAll(within, context, [one])).catch((cause: unknown): readonly PlacedResult[] => {
      if (!isDuplicate(cause)) throw cause;
      return [[one.placed[0], { is: 'already-fired' }]];
    });
    results.push(...written);
  }
  return results;
}

function startsOf({ firings, starts = [] }: FiringDecision): readonly (readonly [NewInstance, NewInstance])[] {
  return [...firings.flatMap(({ start }) => (start === undefined ? [] : [start])), ...starts];
}

function pairOf([parent, child]: readonly [NewInstance, NewInstance], id: number, childId: number): readonly [Instance, Instance] {
  const top = startOf(parent, id, undefined);
  return [top, startOf(child, childId, top)];
}
