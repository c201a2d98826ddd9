import { lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance, JobError, NewInstance } from '@nightshift/sdk';
import { expect, onTestFinished } from 'vitest';
import { createIdCounter, durableLayout, openEmbeddedStore, openFirings, sessionLayout, type CutRecord, type EmbeddedFirings, type EmbeddedStore, type IdCounter, type StoreKind } from '../src/index.ts';

/** A folder of this test, removed at its end. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'store-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Lines that begin with `w ` and `v ` are warnings and verbose records: enough to tell streams apart. */
export const cut: CutRecord = (line, channel) => {
  const text = Buffer.from(line).toString();
  if (channel === 'stderr') return { stream: 'error', value: { message: text }, bytes: line };
  if (text.startsWith('w ')) return { stream: 'warning', value: text };
  if (text.startsWith('v ')) return { stream: 'verbose', value: text };
  return { stream: 'output', value: text, bytes: line };
};

export const sessionKind = (root: string): StoreKind => ({ root, layout: sessionLayout, synchronous: 'OFF', durable: false });
export const durableKind = (root: string): StoreKind => ({ root, layout: durableLayout, synchronous: 'FULL', durable: true });

/** A store with a counter of its own beside it, closed at the end of the test. */
export function openStore(kind: StoreKind, ids: IdCounter = countingIn(kind.root)): EmbeddedStore {
  const store = openEmbeddedStore(kind, { ids, cutRecord: cut });
  onTestFinished(() => {
    if (store.database.isOpen) store.close();
  });
  return store;
}

export function countingIn(folder: string): IdCounter {
  const ids = createIdCounter(folder);
  onTestFinished(() => ids.close());
  return ids;
}

/** `<state>` with the durable store in it and `<state>/session` with the session's: one counter for both. */
export function openBoth(): { readonly state: string; readonly session: EmbeddedStore; readonly durable: EmbeddedStore; readonly ids: IdCounter } {
  const state = temporaryFolder();
  mkdirSync(join(state, 'session'));
  const ids = countingIn(state);
  return { state, ids, session: openStore(sessionKind(join(state, 'session')), ids), durable: openStore(durableKind(state), ids) };
}

let made = 0;

/** Instance ids of one moment, all different. */
export function newInstanceId(moment: Date = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6))): string {
  const time = moment.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${(++made).toString(16).padStart(12, '0')}`;
}

export const RUN = { holder: { host: 'here', boot: 'boot-1', pid: 100, startTime: '7' }, carries: 'i1' };

export function plan(facts: Partial<NewInstance> = {}): NewInstance {
  return { instanceId: newInstanceId(), type: 'ShellJob', command: 'true', origin: { kind: 'demand', runNow: false }, ...facts };
}

export function planChild(facts: Partial<NewInstance> = {}): NewInstance {
  return plan({ origin: { kind: 'parent' }, run: RUN, ...facts });
}

/** A parent and its one child. */
export async function insertPair(store: EmbeddedStore, facts: Partial<NewInstance> = {}): Promise<readonly [parent: Instance, child: Instance]> {
  return (await store.insert(plan(facts), [planChild()])) as unknown as readonly [Instance, Instance];
}

export async function insertOne(store: EmbeddedStore, facts: Partial<NewInstance> = {}): Promise<Instance> {
  return ((await store.insert(plan(facts), [])) as readonly [Instance])[0];
}

/** An error that is expected, by its code and a part of its sentence. */
export function jobError(code: string, part = ''): JobError {
  return expect.objectContaining({ code, message: expect.stringContaining(part) as string }) as JobError;
}

/** Everything below a folder, by its relative path. */
export function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = prefix + entry.name;
    return entry.isDirectory() ? [path, ...filesBelow(join(folder, entry.name), `${path}/`)] : [path];
  });
}

/** `0700` */
export function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o7777).toString(8).padStart(4, '0');
}

/** A durable store with its trigger clocks and firings. */
export function openBook(root = temporaryFolder()): { readonly store: EmbeddedStore; readonly firings: EmbeddedFirings } {
  const store = openStore(durableKind(root));
  return { store, firings: openFirings(store, countingIn(root)) };
}

