import type { DefinitionStore, FiringStore, JobStore } from '@nightshift/sdk';
import { openFirings } from '@nightshift/store';
import type { HostStores } from './stores.ts';

/** The durable store with what it knows of definitions and their triggers: of this machine, or of an engine. */
export interface DurableBook {
  readonly store: JobStore;
  readonly firings: FiringStore;
  readonly definitions: DefinitionStore;
  /** Root of the folder with the output of runs. Absent: it is not on this machine. */
  readonly root?: string;
  /** False on a read-only file system: what is written is forgotten. */
  readonly lasts: boolean;
}

/** Undefined where nothing was ever kept: then nothing is made. */
export function bookOf(stores: HostStores): DurableBook | undefined {
  return stores.engine === undefined && stores.embedded() === undefined ? undefined : openBook(stores);
}

/** Makes it if need be. */
export function openBook(stores: HostStores): DurableBook {
  if (stores.engine !== undefined) {
    const { store, engine: { firings, definitions } } = stores.engine;
    return { store, firings, definitions, lasts: true };
  }
  const store = stores.openEmbedded();
  const firings = openFirings(store, stores.parts.ids);
  return { store, firings, definitions: firings, root: store.root, lasts: store.lasts };
}
