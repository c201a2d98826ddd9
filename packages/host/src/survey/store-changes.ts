import type { JobStore } from '@nightshift/sdk';
import type { EmbeddedStore } from '@nightshift/store';

/** A store of which more is known than its contract says; an engine is none. */
export function isEmbedded(store: JobStore | undefined): store is EmbeddedStore {
  return store !== undefined && 'database' in store;
}

/**
 * Whether somebody has written into one of these stores since the last call: another connection (`data_version`), or this one
 * (`total_changes`). A store that has just come to be is a change; of an engine nobody knows, so it always may have changed. Source: sqlite.org/pragma.html#pragma_data_version.
 */
export function changesOf(stores: () => readonly (JobStore | undefined)[]): () => boolean {
  const asks = new Map<EmbeddedStore, () => string>();
  let seen: string | undefined;
  return () => {
    const all = stores();
    const now = all.map((store) => (isEmbedded(store) ? stampOf(store, asks) : '')).join(' ');
    const isNew = now !== seen || all.some((store) => store !== undefined && !isEmbedded(store));
    seen = now;
    return isNew;
  };
}

function stampOf(store: EmbeddedStore, asks: Map<EmbeddedStore, () => string>): string {
  let ask = asks.get(store);
  if (ask === undefined) {
    const version = store.database.prepare('PRAGMA data_version');
    const own = store.database.prepare('SELECT total_changes() AS changes');
    ask = () => `${String(version.get()?.['data_version'])}/${String(own.get()?.['changes'])}`;
    asks.set(store, ask);
  }
  return store.look(ask);
}
