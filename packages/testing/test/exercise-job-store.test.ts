import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutRecord } from '@nightshift/core';
import type { Instance } from '@nightshift/sdk';
import { attemptFolder, createIdCounter, durableLayout, openEmbeddedStore, openRecords, RUN_FILES, sessionLayout, type EmbeddedStore, type IdCounter, type Processes, type StoreKind } from '@nightshift/store';
import { describe, test } from 'vitest';
import { exerciseJobStore } from '../src/index.ts';
import { MemoryStore } from '../src/memory/memory-store.ts';

const runner = { describe, test, skip: (title: string) => test.skip(title) };
const kinds: readonly Omit<StoreKind, 'root'>[] = [{ layout: sessionLayout, synchronous: 'OFF', durable: false }, { layout: durableLayout, synchronous: 'FULL', durable: true }];
const processes: Processes = { me: () => ({ host: 'h', boot: 'b', pid: 7, startTime: '7' }), isAlive: () => true };

type Opened = EmbeddedStore & { readonly ids: IdCounter; readonly writers: Map<string, ReturnType<typeof openRecords>> };

function openIn(kind: Omit<StoreKind, 'root'>, root: string): Opened {
  const ids = createIdCounter(root);
  return Object.assign(openEmbeddedStore({ ...kind, root }, { ids, cutRecord, processes }), { ids, writers: new Map() });
}

/** A folder with what a store that is marking readers expects. */
function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'exercise-')));
}

for (const kind of kinds) {
  describe(`the embedded store, ${kind.durable ? 'durable' : 'session'}`, () => {
    exerciseJobStore<Opened>(runner, {
      open: async () => openIn(kind, newFolder()),
      // What a crash leaves is what lies on the disk at that moment.
      async reopen({ root }) {
        const copy = newFolder();
        cpSync(root, copy, { recursive: true });
        rmSync(join(copy, 'jobs.db-shm'), { force: true });
        rmSync(join(copy, 'ids.db-shm'), { force: true });
        return openIn(kind, copy);
      },
      async print(_store, instance, channel, text) {
        const folder = attemptFolder(instance.runFolder as string, instance.attempt);
        mkdirSync(folder, { recursive: true });
        appendFileSync(join(folder, RUN_FILES[channel]), text);
      },
      // One writer per attempt, as its host is.
      async record({ writers }, { runFolder = '', attempt }, records) {
        const key = `${runFolder}/${attempt}`;
        const file = writers.get(key) ?? openRecords(runFolder, attempt);
        writers.set(key, file);
        file.append(records.map(({ at, stream, value }) => ({ at, stream, json: JSON.stringify(value) })));
      },
      async close(store) {
        for (const writer of store.writers.values()) writer.close();
        store.ids.close();
        store.close();
        rmSync(store.root, { recursive: true });
      },
    });
  });
}

describe('the store of the test host', () => {
  exerciseJobStore(runner, {
    open: async () => new MemoryStore(),
    async record(store, instance, records) {
      for (const record of records) store.append(instance, 'streams', record);
    },
    async print(store, instance: Instance, channel, text) {
      for (const line of text.split('\n').slice(0, -1)) {
        const { firstWarning: _, ...record } = cutRecord(Buffer.from(line), channel, instance.run);
        const bytes = Buffer.from(`${line}\n`);
        store.append(instance, channel, { channel, at: null, ...record, ...(record.bytes === undefined ? {} : { bytes }) }, bytes);
      }
    },
  });
});
