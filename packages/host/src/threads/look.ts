/** A thread job seen from outside: its row says what its process has written, and whether that lives is all there is to look at. */
import { existsSync } from 'node:fs';
import type { Observation } from '@nightshift/core';
import type { Clock, Instance, ProcessIdentity } from '@nightshift/sdk';
import { attemptFolder, outputBytesOf } from '@nightshift/store';
import { endTree } from '../launch/end-tree.ts';
import { isAlive, thisMachine } from '../launch/identity.ts';
import { dropInto, inboxOf, newsFile, takeAway, threadsOf } from './places.ts';

/** How often to look whether a wish has been fulfilled, in milliseconds. */
const LOOK = 10;
/** What a process that lives does not do in this time it does not do at all. */
const PATIENCE = 5_000;

export function isThread({ run }: Instance): boolean {
  return run?.form === 'thread';
}

/** Of a job that somebody holds. */
export function observeThread(instance: Instance, now: Date): Observation {
  const holder = instance.run?.holder as ProcessIdentity;
  if (holder.host !== thisMachine().host) return { is: 'elsewhere' };
  const { state, beginTime = now } = instance;
  if (isAlive(holder)) return state === 'NotStarted' ? { is: 'unclaimed', launcherAlive: true } : { is: 'running', beginTime, held: false };
  // It died together with the process that would have run it, and nothing is run twice.
  if (state === 'NotStarted') return { is: 'unclaimed', launcherAlive: false, beforeBoot: true };
  return { is: 'gone', beginTime, outputBytes: bytesOf(instance), timedOut: instance.stopReason === 'timeout' };
}

function bytesOf({ runFolder = '', attempt }: Instance): number {
  const folder = attemptFolder(runFolder, attempt);
  return existsSync(folder) ? outputBytesOf(folder) : 0;
}

/** How a process that runs threads itself ends one of them; undefined: it is none of its own. */
export type StopOwn = (instanceId: string, how: { readonly force: boolean; readonly gracePeriod: number; readonly reason: string }) => Promise<unknown> | undefined;

/** Asks the process that holds it, and then ends what the job has started. */
export async function endThread(instance: Instance, how: { readonly force: boolean; readonly gracePeriod: number }, clock: Clock, own?: StopOwn): Promise<void> {
  const wish = { ...how, reason: instance.stopReason ?? 'stopped' };
  const until = clock.monotonic() + (how.force ? 0 : how.gracePeriod) + PATIENCE;
  await (own?.(instance.instanceId, wish) ?? askHolder(instance, wish, until, clock));
  await endTree(instance, how, clock);
}

async function askHolder(instance: Instance, wish: object, until: number, clock: Clock): Promise<void> {
  const holder = instance.run?.holder;
  if (holder === undefined || !isAlive(holder)) return;
  const file = dropInto(inboxOf(threadsOf(instance), holder), 'stop', instance.instanceId, wish);
  if (file === undefined) return;
  while (existsSync(file) && isAlive(holder) && clock.monotonic() < until) await clock.sleep(LOOK);
  takeAway(file);
}

/** Files that move with thread jobs: a watch on them misses nothing. */
export function newsOf(instances: readonly Instance[]): readonly string[] {
  const folders = new Set(instances.filter(isThread).map(threadsOf));
  return [...folders].flatMap((folder) => newsFile(folder) ?? []);
}

let waits = 0;

/** Says of the thread job that this process belongs to that it waits for others: its place in their pool is free until this is disposed of. */
export function lending(instances: readonly Instance[], environment: NodeJS.ProcessEnv, me: () => ProcessIdentity): Disposable {
  const { NIGHTSHIFT_THREAD_HOST: inbox, NIGHTSHIFT_INSTANCE_ID: waiter } = environment;
  const started = inbox === undefined || waiter === undefined ? [] : instances.filter(({ run }) => run?.form === 'thread' && run.startedBy === waiter);
  const file = started.length === 0 ? undefined : dropInto(inbox as string, 'waits', `${waiter}.${process.pid}.${waits++}`, { waiter, by: me(), for: started.map(({ instanceId }) => instanceId) });
  return {
    [Symbol.dispose]() {
      if (file !== undefined) takeAway(file);
    },
  };
}
