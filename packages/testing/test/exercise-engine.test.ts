import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutRecord } from '@nightshift/core';
import { createIdCounter, durableLayout, openEmbeddedStore, openFirings, type EmbeddedFirings, type EmbeddedStore, type IdCounter } from '@nightshift/store';
import { describe, test } from 'vitest';
import { exerciseEngine } from '../src/index.ts';

interface Opened {
  readonly store: EmbeddedStore;
  readonly firings: EmbeddedFirings;
  readonly ids: IdCounter;
}

function openIn(root: string): Opened {
  const ids = createIdCounter(root);
  const store = openEmbeddedStore({ layout: durableLayout, synchronous: 'FULL', durable: true, root }, { ids, cutRecord, processes: { me: () => ({ host: 'h', boot: 'b', pid: 7, startTime: '7' }), isAlive: () => true } });
  return { store, firings: openFirings(store, ids), ids };
}

function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'exercise-engine-')));
}

describe('the embedded firings', () => {
  exerciseEngine<Opened>({ describe, test, skip: (title: string) => test.skip(title) }, {
    open: async () => openIn(newFolder()),
    another: async ({ store }) => openIn(store.root),
    // What a crash leaves is what lies on the disk at that moment.
    async reopen({ store: { root } }) {
      const copy = newFolder();
      cpSync(root, copy, { recursive: true });
      for (const name of ['jobs.db-shm', 'ids.db-shm']) rmSync(join(copy, name), { force: true });
      return openIn(copy);
    },
    async close({ store, ids }) {
      ids.close();
      store.close();
      rmSync(store.root, { recursive: true, force: true });
    },
  });
});
