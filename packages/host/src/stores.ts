import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cutRecord, type Stores } from '@nightshift/core';
import { JobError } from '@nightshift/sdk';
import {
  aboveEngines, checkPrivate, createIdCounter, durableLayout, emptyAfterBoot, openEmbeddedStore, sessionFolderOfBoot, sessionLayout, stateFolder, unlessReadOnly,
  type EmbeddedStore, type StoreKind, type StoreParts,
} from '@nightshift/store';
import type { OpenedEngine } from './engine/open-engine.ts';
import { isAlive, thisMachine, thisProcess } from './launch/identity.ts';
import { runtimeFolderPath, stateFolderPath } from './places.ts';

/** Both stores of a user, each opened when it is first needed; and where they lie. The durable one is that of an engine where one is in use. */
export interface HostStores extends Stores {
  /** The durable store of this machine, which an engine takes the place of. Undefined when nothing was ever kept. */
  embedded(): EmbeddedStore | undefined;
  /** Makes it if need be. */
  openEmbedded(): EmbeddedStore;
  /** Undefined: none is in use. */
  readonly engine: OpenedEngine | undefined;
  /** From now on the durable store is that of an engine. */
  use(engine: OpenedEngine): void;
  readonly state: string;
  readonly parts: StoreParts;
  /** Both kinds with their roots, made if need be; `doctor` asks. */
  kinds(): readonly StoreKind[];
  close(): void;
}

/** `worker`: the absolute folder of a worker, which keeps its runs there and not in the stores of its user. */
export function createStores(environment: NodeJS.ProcessEnv, warn: (warning: JobError) => void = () => {}, worker?: string): HostStores {
  const state = worker ?? stateFolderPath(environment);
  const parts: StoreParts = { ids: worker === undefined ? createIdCounter(state) : aboveEngines(createIdCounter(state)), cutRecord, warn, processes: { me: thisProcess, isAlive } };
  let session: EmbeddedStore | undefined;
  let durable: EmbeddedStore | undefined;
  let engine: OpenedEngine | undefined;

  const sessionKind = (): StoreKind => {
    unlessReadOnly(() => stateFolder(state));
    return { root: sessionRoot(worker === undefined ? environment : {}, state), layout: sessionLayout, synchronous: 'OFF', durable: false };
  };
  const durableKind: StoreKind = { root: state, layout: durableLayout, synchronous: 'FULL', durable: true };
  const openSession = (): EmbeddedStore => {
    const store = openEmbeddedStore(sessionKind(), parts);
    emptyAfterBoot(store, thisMachine().boot);
    return store;
  };
  const openEmbedded = (): EmbeddedStore => {
    if (durable !== undefined) return durable;
    unlessReadOnly(() => stateFolder(state));
    return (durable = openEmbeddedStore(durableKind, parts));
  };
  const embedded = (): EmbeddedStore | undefined => (durable === undefined && !existsSync(join(state, 'jobs.db')) ? undefined : openEmbedded());
  return {
    state,
    parts,
    session: () => (session ??= openSession()),
    embedded,
    openEmbedded,
    openDurable: () => engine?.store ?? openEmbedded(),
    durable: () => engine?.store ?? embedded(),
    takesAll: () => engine?.takesAll === true,
    get engine() {
      return engine;
    },
    use: (opened) => void (engine = opened),
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
