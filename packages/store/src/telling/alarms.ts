import { prepared } from '../database/prepared.ts';
import type { EmbeddedStore } from '../embedded-store.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

/** Since when a definition has had no Completed run. */
export interface Outcome {
  readonly definition: string;
  /** When it was first seen: the beginning for one that never completed. */
  readonly seenAt: Date;
  readonly completedAt?: Date;
}

/** The alarm "did not run" of a hook about a definition (its key). */
export interface Alarm {
  readonly hook: string;
  readonly definition: string;
}

/** Alarms, and what they are computed from. */
export interface Alarms {
  /** Of these definitions; one that was never seen before is seen at `now`. Times that lie in the future come from a wrong clock, and count from `now`. */
  outcomes(definitions: readonly string[], now: Date): readonly Outcome[];
  /** Those that were told and still hold. */
  alarms(): readonly Alarm[];
  /** Begins alarms with their deliveries, and ends others: one step. */
  setAlarms(begun: readonly Alarm[], deliveries: readonly NewDelivery[], ended: readonly Alarm[], now: Date): void;
}

/** So far ahead a time is none of this clock's. Source: reliability specification, section 8. */
const AHEAD = 3_600_000;

/** Of the key in the column `definition`. */
export const NAMESPACE = "substr(definition, 1, instr(definition, '/') - 1)";

/** `ofSpaces`: the namespaces whose alarms these are, as JSON. */
export function openAlarms({ database, look, write }: EmbeddedStore, ofSpaces: string): Alarms {
  const statement = (sql: string) => prepared(database, sql);
  const read = (definitions: string): readonly OutcomeRow[] => statement('SELECT definition, seenAt, completedAt FROM outcome WHERE definition IN (SELECT value FROM json_each(?))').all(definitions) as unknown as OutcomeRow[];
  const isLate = (now: number) => ({ seenAt, completedAt }: OutcomeRow): boolean => Math.max(seenAt, completedAt ?? 0) > now + AHEAD;
  return {
    outcomes(definitions, at) {
      const [keys, now] = [JSON.stringify(definitions), at.getTime()];
      const known = look(() => read(keys));
      if (known.length === definitions.length && !known.some(isLate(now))) return known.map(outcomeOfRow);
      const repaired = write(() => {
        statement('INSERT OR IGNORE INTO outcome (definition, seenAt) SELECT value, ? FROM json_each(?)').run(now, keys);
        statement('UPDATE outcome SET seenAt = min(seenAt, ?1), completedAt = min(completedAt, ?1) WHERE (seenAt > ?2 OR completedAt > ?2) AND definition IN (SELECT value FROM json_each(?3))').run(now, now + AHEAD, keys);
        return read(keys);
      });
      return repaired.map(outcomeOfRow);
    },
    alarms: () => look(() => statement(`SELECT hook, definition FROM alarm WHERE ${NAMESPACE} IN (SELECT value FROM json_each(?))`).all(ofSpaces)) as unknown as Alarm[],
    setAlarms(begun, deliveries, ended, now) {
      write(() => {
        for (const { hook, definition } of begun) statement('INSERT OR IGNORE INTO alarm (hook, definition, toldAt) VALUES (?, ?, ?)').run(hook, definition, now.getTime());
        insertDeliveries(database, deliveries, now);
        for (const { hook, definition } of ended) statement('DELETE FROM alarm WHERE hook = ? AND definition = ?').run(hook, definition);
      });
    },
  };
}

interface OutcomeRow {
  readonly definition: string;
  readonly seenAt: number;
  readonly completedAt: number | null;
}

function outcomeOfRow({ definition, seenAt, completedAt }: OutcomeRow): Outcome {
  return { definition, seenAt: new Date(seenAt), ...(completedAt === null ? {} : { completedAt: new Date(completedAt) }) };
}
