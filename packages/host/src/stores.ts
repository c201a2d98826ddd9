import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cutRecord, type Stores } from '@nightshift/core';
import { JobError } from '@nightshift/sdk';
import {
  checkPrivate, createIdCounter, durableLayout, emptyAfterBoot, openEmbeddedStore, sessionFolderOfBoot, sessionLayout, stateFolder, unlessReadOnly,
  type EmbeddedStore, type StoreKind, type StoreParts,
} from '@nightshift/store';
import { isAlive, thisMachine, thisProcess } from './launch/identity.ts';
import { runtimeFolderPath, stateFolderPath } from './places.ts';

/** Both stores of a user, each opened when it is first needed; and where they lie. */
export interface HostStores extends Stores {
  durable(): EmbeddedStore | undefined;
  openDurable(): EmbeddedStore;
  readonly state: string;
  readonly parts: StoreParts;
  /** Both kinds with their roots, made if need be; `doctor` asks. */
  kinds(): readonly StoreKind[];
  close(): void;
}

export function createStores(environment: NodeJS.ProcessEnv, warn: (warning: JobError) => void = () => {}): HostStores {
  const state = stateFolderPath(environment);
  const parts: StoreParts = { ids: createIdCounter(state), cutRecord, warn, processes: { me: thisProcess, isAlive } };
  let session: EmbeddedStore | undefined;
  let durable: EmbeddedStore | undefined;

  const sessionKind = (): StoreKind => {
    unlessReadOnly(() => stateFolder(state));
    return { root: sessionRoot(environment, state), layout: sessionLayout, synchronous: 'OFF', durable: false };
  };
  const durableKind: StoreKind = { root: state, layout: durableLayout, synchronous: 'FULL', durable: true };
  const openSession = (): EmbeddedStore => {
    const store = openEmbeddedStore(sessionKind(), parts);
    emptyAfterBoot(store, thisMachine().boot);
    return store;
  };
  const openDurable = (): EmbeddedStore => {
    unlessReadOnly(() => stateFolder(state));
    return openEmbeddedStore(durableKind, parts);
  };
  return {
    state,
    parts,
    session: () => (session ??= openSession()),
    openDurable: () => (durable ??= openDurable()),
    durable: () => (durable === undefined && !existsSync(join(state, 'jobs.db')) ? undefined : (durable ??= openDurable())),
    kinds: () => [sessionKind(), durableKind],
    close() {
      session?.close();
      durable?.close();
      parts.ids.close();
      session = durable = undefined;
    },
  };
}

function sessionRoot(environment: NodeJS.ProcessEnv, state: string): string {
  const named = runtimeFolderPath(environment);
  const { boot, host } = thisMachine();
  if (named === undefined) return sessionFolderOfBoot(state, boot, host);
  // Two indexes of one name in one folder would be one index.
  if (named === state) throw new JobError({ code: 'RuntimeFolderUnsafe', message: 'NIGHTSHIFT_RUNTIME_DIR and NIGHTSHIFT_STATE_DIR name the same folder', file: named });
  checkPrivate(named);
  return named;
}
