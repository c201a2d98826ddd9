import { mkdirSync, readdirSync, readFileSync, rmSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import type { Clock, ProcessIdentity } from '@nightshift/sdk';
import { isAlive } from '../launch/identity.ts';
import { INBOX_FOLDERS, inboxOf } from './places.ts';

/** How often to look where the system has no watches left, in milliseconds. */
const POLL = 250;

/** What others wish of this process. */
export interface Inbox extends Disposable {
  readonly folder: string;
  /** No part of this process runs it. */
  isOfNobody(instanceId: string): boolean;
  /** The files of one of its folders: their paths and what is in them; one that is being written is left for the next time. */
  files(of: keyof typeof INBOX_FOLDERS): readonly { readonly name: string; readonly path: string; readonly content: unknown }[];
}

/** Who reads an inbox. */
export interface InboxOwner {
  /** Somebody has put something into it. */
  woken(): void;
  has(instanceId: string): boolean;
}

/** A process has one inbox in a store, however many parts of it run thread jobs there. */
const OWNERS = new Map<string, Set<InboxOwner>>();

/** Makes the inbox of a process. This process does not stay for it. */
export function openInbox(threads: string, me: ProcessIdentity, clock: Clock, owner: InboxOwner): Inbox {
  const folder = inboxOf(threads, me);
  const owners = OWNERS.get(folder) ?? new Set();
  OWNERS.set(folder, owners.add(owner));
  const woken = (): void => owner.woken();
  removeOfDead(threads, me);
  for (const name of Object.values(INBOX_FOLDERS)) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  const over = new AbortController();
  const watcher = watchFolder(folder, woken);
  if (watcher === undefined) void poll(clock, woken, over.signal);
  return {
    folder,
    isOfNobody: (instanceId) => ![...owners].some((one) => one.has(instanceId)),
    files: (of) => namesIn(join(folder, INBOX_FOLDERS[of])).flatMap((name) => {
      const path = join(folder, INBOX_FOLDERS[of], name);
      const content = readWhole(path);
      return content === undefined ? [] : [{ name, path, content }];
    }),
    [Symbol.dispose]() {
      over.abort();
      watcher?.close();
      owners.delete(owner);
      if (owners.size > 0) return;
      OWNERS.delete(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** None where this process is just closing it. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

function watchFolder(folder: string, woken: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, woken);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

async function poll(clock: Clock, woken: () => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(POLL, signal).catch(() => {});
    if (signal.aborted) return;
    woken();
  }
}

/** Undefined for one that is gone, or half written by now. */
export function readWhole(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Processes that were killed have left theirs. */
function removeOfDead(threads: string, me: ProcessIdentity): void {
  mkdirSync(threads, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(threads)) {
    const [, pid, startTime] = /^(\d+)-(\d+)$/.exec(name) ?? [];
    if (pid === undefined || startTime === undefined || isAlive({ ...me, pid: Number(pid), startTime })) continue;
    rmSync(join(threads, name), { recursive: true, force: true });
  }
}
