import type { CoreParts } from './parts.ts';

/** Which of its siblings each of these jobs has waited for, by id. A store that cannot be read has said so in the listing. */
export async function needsOf({ stores }: CoreParts, ids: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
  const needs = new Map<number, readonly number[]>();
  for (const open of [stores.session, stores.durable]) {
    const rows = await find(open, ids);
    for (const { id, run } of rows) if (run?.needs !== undefined) needs.set(id, run.needs);
  }
  return needs;
}

async function find(open: CoreParts['stores']['durable'], ids: readonly number[]): Promise<Awaited<ReturnType<NonNullable<ReturnType<typeof open>>['find']>>> {
  try {
    return (await open()?.find({ ids })) ?? [];
  } catch {
    return [];
  }
}
