import type { DefinitionStore, Engine, EngineStore, FiringStore, Instance, NewInstance } from '@nightshift/sdk';
import { realTime } from '../real-time.ts';
import { serverOfThisFile } from '../server.ts';

/** What a scheduler and the verbs of definitions work with. */
export interface Book {
  readonly store: EngineStore;
  readonly firings: FiringStore & DefinitionStore;
}

/** An empty book for each test of a file. */
export function bookOfThisFile(): () => Promise<Book> {
  const file = serverOfThisFile();
  let engine: Engine | undefined;
  return async () => {
    const options = await file.emptied();
    engine ??= await file.engine(options, realTime);
    return { store: engine.store, firings: { ...engine.firings, ...engine.definitions } };
  };
}

let made = 0;

/** A job and its child, which somebody runs. */
export async function insertPair(store: EngineStore, facts: Partial<NewInstance> = {}): Promise<readonly [Instance, Instance]> {
  const newId = (): string => `019b7001-0000-7000-8000-${(++made).toString(16).padStart(12, '0')}`;
  const instanceId = newId();
  const holder = { host: 'h', boot: 'b', pid: 1, startTime: '1' };
  const pair = await store.insert({ instanceId, type: 'T', command: 'true', origin: { kind: 'demand', runNow: false }, ...facts }, [{ instanceId: newId(), type: 'T', command: 'true', origin: { kind: 'parent' }, run: { carries: instanceId, holder } }]);
  return pair as unknown as readonly [Instance, Instance];
}
