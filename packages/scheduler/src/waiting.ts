import type { Firing, FiringDecision } from '@nightshift/sdk';
import type { Conditions } from './policy.ts';

/** A due time that waits for an idle machine. Its row says so, and survives us. */
export interface WaitingDue {
  readonly triggerId: number;
  readonly dueAt: Date;
  /** When it began to wait. */
  readonly since: Date;
}

/** The due times that wait, by definition: what the rows with the word Waiting say. */
export interface WaitingBook {
  readonly size: number;
  of(definition: string): readonly WaitingDue[];
  definitions(): readonly string[];
  /** What a decision that stands has written. */
  follow(decision: FiringDecision): void;
  /** What the store says, of these definitions (their keys; default: all) in place of what was known. */
  read(rows: readonly Firing[], definitions?: readonly string[]): void;
  /** The first instant at which one of them has waited long enough; Infinity when none waits. */
  nextExpiry(conditionsOf: (definition: string) => Conditions | undefined): number;
}

export function createWaitingBook(): WaitingBook {
  const known = new Map<string, readonly WaitingDue[]>();
  const put = (definition: string, dues: readonly WaitingDue[]): void => {
    if (dues.length === 0) known.delete(definition);
    else known.set(definition, dues.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.triggerId - b.triggerId));
  };
  return {
    get size() {
      return known.size;
    },
    of: (definition) => known.get(definition) ?? [],
    definitions: () => [...known.keys()],
    follow({ definition, decidedAt, firings }) {
      const begun = firings.filter(({ word }) => word === 'Waiting').map(({ triggerId, dueAt }) => ({ triggerId, dueAt, since: decidedAt }));
      const over = firings.filter(({ waited }) => waited === true);
      if (begun.length === 0 && over.length === 0) return;
      const left = (known.get(definition) ?? []).filter((one) => !over.some(({ triggerId, dueAt }) => triggerId === one.triggerId && dueAt.getTime() === one.dueAt.getTime()));
      put(definition, [...left, ...begun]);
    },
    read(rows, definitions) {
      for (const definition of definitions ?? [...known.keys()]) known.delete(definition);
      const found = rows.map(({ definition, triggerId, dueAt, decidedAt: since }) => ({ definition, triggerId, dueAt, since }));
      for (const [definition, dues] of Map.groupBy(found, ({ definition }) => definition)) put(definition, dues);
    },
    nextExpiry(conditionsOf) {
      let next = Infinity;
      for (const [definition, dues] of known) {
        const conditions = conditionsOf(definition);
        // Of a definition that cannot be used as it is nothing is decided.
        const timeout = conditions === undefined ? Infinity : (conditions.idle?.timeout ?? 0);
        for (const { since } of dues) next = Math.min(next, since.getTime() + timeout);
      }
      return next;
    },
  };
}
