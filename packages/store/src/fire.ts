/**
 * Due times get their words: the crash protocol's first step (reliability specification 3.1).
 *
 * The ids of all instances are taken first, from a counter in a database of its own; those of a decision that is refused are
 * lost. Then everything is one transaction: firing rows, instances and clocks, so that no crash leaves a clock that has moved
 * on without its firings, or a firing that somebody makes again. Within it a decision is looked at whole before anything of
 * it is written: it is refused without a trace, and the others stand.
 */
import { join } from 'node:path';
import type { FiringDecision, FiringResult, Instance, NewInstance } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { EmbeddedStore, StoreKind } from './embedded-store.ts';
import { firingWords } from './firing-rows.ts';
import type { IdCounter } from './id-counter.ts';
import { highestId, instanceInserter, unfinishedOf } from './instances.ts';
import { startOf } from './row-shapes.ts';
import { clockMoves } from './trigger-clocks.ts';

type Fire = (decisions: readonly FiringDecision[]) => readonly FiringResult[];

export function fireIn({ database, kind, write }: EmbeddedStore, ids: IdCounter): Fire {
  // Kilobytes: ten thousand decisions touch more pages than the two megabytes that SQLite keeps by itself.
  database.exec('PRAGMA cache_size=-16000');
  const clocks = clockMoves(database);
  const words = firingWords(database);
  const unfinished = unfinishedOf(database);
  const insertInstance = instanceInserter(database, kind.root);

  function refusalOf(decision: FiringDecision): FiringResult | undefined {
    if (decision.firings.some((firing) => words.isTaken(decision.definition, firing))) return { is: 'already-fired' };
    const isAsSeen = decision.unfinished === undefined || isEqual(decision.unfinished, unfinished(decision.definition));
    return isAsSeen && decision.clocks.every(clocks.stands) ? undefined : { is: 'changed' };
  }

  function writeDown(decision: FiringDecision, firstId: number): FiringResult {
    const instances = startsOf(decision).flatMap((start, index) => pairOf(kind, start, firstId + 2 * index));
    for (const firing of decision.firings) words.write(decision, firing);
    for (const instance of instances) insertInstance(instance);
    for (const move of decision.clocks) clocks.make(move);
    return { is: 'fired', instances };
  }

  return (decisions) => {
    failpoint('fire.before');
    const firstIds = takeIds(decisions, (count) => ids.take(count, highestId(database) + 1, kind.durable));
    const results = write(() => {
      const written = decisions.map((decision, index) => refusalOf(decision) ?? writeDown(decision, firstIds[index] as number));
      failpoint('fire.inTransaction');
      return written;
    });
    failpoint('fire.committed');
    return results;
  };
}

/** The first id of each decision's instances. */
function takeIds(decisions: readonly FiringDecision[], take: (count: number) => number): readonly number[] {
  const counts = decisions.map((decision) => 2 * startsOf(decision).length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let next = total === 0 ? 0 : take(total);
  return counts.map((count) => (next += count) - count);
}

function startsOf({ firings, starts = [] }: FiringDecision): readonly (readonly [NewInstance, NewInstance])[] {
  return [...firings.flatMap(({ start }) => (start === undefined ? [] : [start])), ...starts];
}

/** The path of the run folder is settled here; the folder is made by whoever takes the run up. */
function pairOf({ root, layout }: StoreKind, [parent, child]: readonly [NewInstance, NewInstance], id: number): readonly [Instance, Instance] {
  const top = startOf(parent, id, undefined, undefined);
  return [top, startOf(child, id + 1, top, join(root, layout(parent)))];
}

function isEqual(seen: readonly number[], found: readonly number[]): boolean {
  return seen.length === found.length && seen.every((id, index) => id === found[index]);
}
