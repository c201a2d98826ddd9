import type { FiringStore } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import { clocksOf } from './clocks.ts';
import { fire } from './fire.ts';
import { countFirings, definitionsIn, findFirings } from './firing-rows.ts';
import { voidAfter } from './void-after.ts';

/** Trigger clocks and firings in PostgreSQL. */
export function firingsOf(context: EngineContext): FiringStore {
  const { database, schema } = context;
  return {
    clocks: (definitions) => clocksOf(database, schema, definitions),
    fire: (decisions) => fire(context, decisions),
    definitions: () => definitionsIn(database, schema),
    firings: (query) => findFirings(database, schema, query),
    countFirings: (query) => countFirings(database, schema, query),
    voidAfter: (definitions, after, now) => database.transaction((within) => voidAfter(within, schema, definitions, after, now)),
  };
}
