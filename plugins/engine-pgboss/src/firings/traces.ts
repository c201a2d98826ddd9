import type { DefinitionTraces } from '@nightshift/sdk';
import type { Queryable } from '../database.ts';
import { daysIn, openDays } from '../store/day-book.ts';
import { UNFINISHED } from '../store/query.ts';
import { talliedIn } from '../store/tally.ts';
import { highestGiven } from './trigger-ids.ts';

/** Tables that remember something of a definition by its key, beside its runs and firings. */
export const MEMORIES = ['trigger_clock', 'trigger_id'] as const;

/** What is known of a definition. Counts. */
export async function tracesOf(on: Queryable, schema: string, definition: string): Promise<DefinitionTraces> {
  const { rows } = await on.query<Omit<DefinitionTraces, 'finishedRuns' | 'highestTriggerId'>>(
    `SELECT (SELECT count(*) FROM ${schema}.instance WHERE day = ANY($2::date[]) AND definition_key = $1 AND ${UNFINISHED}) AS "unfinishedRuns",
       (SELECT coalesce(sum(count), 0)::bigint FROM ${schema}.firing WHERE definition = $1) AS firings,
       (SELECT count(*) FROM ${schema}.trigger_clock WHERE definition = $1) AS clocks`,
    [definition, openDays(await daysIn(on, schema))],
  );
  const { jobs } = await talliedIn(on, schema, definition);
  return { finishedRuns: jobs, unfinishedRuns: 0, firings: 0, clocks: 0, ...rows[0], highestTriggerId: (await highestGiven(on, schema, definition)) ?? 0 };
}

export function hasTraces({ finishedRuns, unfinishedRuns, firings, clocks, highestTriggerId }: DefinitionTraces): boolean {
  return finishedRuns + unfinishedRuns + firings + clocks + highestTriggerId > 0;
}
