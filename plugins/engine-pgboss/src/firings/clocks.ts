import type { ClockMove, TriggerClock } from '@nightshift/sdk';
import { json, type Queryable, type Transaction } from '../database.ts';

interface ClockRow {
  readonly definition: string;
  readonly trigger_id: number;
  readonly revision: string;
  readonly enabled: boolean;
  readonly known_since: Date;
  readonly last_due_at: Date | null;
  readonly next_due_at: Date | null;
  readonly event: string | null;
}

/** The clocks of these definitions; without a list all. */
export async function clocksOf(on: Queryable, schema: string, definitions?: readonly string[]): Promise<readonly TriggerClock[]> {
  const { rows } = await on.query<ClockRow>(`SELECT * FROM ${schema}.trigger_clock${definitions === undefined ? '' : ' WHERE definition = ANY($1::text[])'}`, definitions === undefined ? [] : [definitions]);
  return rows.map(clockOfRow);
}

/** Whether a clock is what a move was decided from. */
export function stands({ from, to }: ClockMove, clocks: ReadonlyMap<string, TriggerClock>): boolean {
  const named = from ?? to;
  if (named === undefined) return true;
  const now = clocks.get(clockName(named));
  if (now === undefined || from === undefined) return now === undefined && from === undefined;
  return now.revision === from.revision && now.enabled === from.enabled && now.lastDueAt?.getTime() === from.lastDueAt?.getTime() && now.event === from.event;
}

export function clockName({ definition, triggerId }: Pick<TriggerClock, 'definition' | 'triggerId'>): string {
  return `${triggerId} ${definition}`;
}

const COLUMNS = 'definition, trigger_id, revision, enabled, known_since, last_due_at, next_due_at, event';

/** Makes moves that stand, part of somebody's transaction. */
export async function moveClocks(within: Transaction, schema: string, moves: readonly ClockMove[]): Promise<void> {
  const gone = moves.flatMap(({ from, to }) => (to === undefined && from !== undefined ? [{ definition: from.definition, trigger_id: from.triggerId }] : []));
  if (gone.length > 0) await within.query(`DELETE FROM ${schema}.trigger_clock WHERE (definition, trigger_id) IN (SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (definition text, trigger_id int))`, [json(gone)]);
  const rows = moves.flatMap(({ to }) => (to === undefined ? [] : [{ definition: to.definition, trigger_id: to.triggerId, revision: to.revision, enabled: to.enabled, known_since: to.knownSince, last_due_at: to.lastDueAt, next_due_at: to.nextDueAt, event: to.event }]));
  if (rows.length === 0) return;
  await within.query(
    `INSERT INTO ${schema}.trigger_clock (${COLUMNS}) SELECT ${COLUMNS} FROM jsonb_to_recordset($1::jsonb)
       AS row (definition text, trigger_id int, revision text, enabled boolean, known_since timestamptz, last_due_at timestamptz, next_due_at timestamptz, event text)
     ON CONFLICT (definition, trigger_id) DO UPDATE SET revision = excluded.revision, enabled = excluded.enabled, known_since = excluded.known_since,
       last_due_at = excluded.last_due_at, next_due_at = excluded.next_due_at, event = excluded.event`,
    [json(rows)],
  );
}

function clockOfRow({ definition, trigger_id, revision, enabled, known_since, last_due_at, next_due_at, event }: ClockRow): TriggerClock {
  return {
    definition,
    triggerId: trigger_id,
    revision,
    enabled,
    knownSince: known_since,
    ...(last_due_at === null ? {} : { lastDueAt: last_due_at }),
    ...(next_due_at === null ? {} : { nextDueAt: next_due_at }),
    ...(event === null ? {} : { event }),
  };
}
