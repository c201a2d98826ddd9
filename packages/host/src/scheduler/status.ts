import type { JobStore } from '@nightshift/sdk';
import { findWaiting, openTellings, type EmbeddedStore, type TellingSummary } from '@nightshift/store';
import { liveOwner } from './live-owner.ts';

/** What is known of the scheduler of some namespaces without asking it. Source: cli.md section 9. */
export interface SchedulerStatus {
  readonly state: 'ready' | 'starting' | 'stopped';
  /** Absent when it is stopped. */
  readonly pid?: number;
  /** When it took over. */
  readonly since?: Date;
  /** The state folder. */
  readonly store: string;
  readonly definitions: number;
  readonly triggers: number;
  readonly nextDueAt?: Date;
  /** By how many milliseconds the last due time was late when it was decided. */
  readonly lagMs: number;
  /** Jobs of these namespaces that have begun and not ended. */
  readonly runningJobs: number;
  /** Due times that wait for an idle machine. */
  readonly waiting: number;
  /** What the hooks of the configuration have still to tell, and what they could not. */
  readonly telling: TellingSummary;
  /** Of an engine, which any number of schedulers and workers share. Absent: none is in use. */
  readonly engine?: EngineFacts;
}

/** Who works for an engine. */
export interface EngineFacts {
  readonly name: string;
  /** Schedulers of these namespaces, as `<machine> <process>`; those that were heard of within some seconds. */
  readonly schedulers: readonly string[];
  readonly workers: readonly { readonly name: string; readonly routes: readonly string[]; readonly slots: number; readonly running: number; readonly lastSeen: Date; readonly isHere: boolean }[];
}

/** `store` is undefined where nothing was ever kept. One that was killed is stopped, whatever its row says. */
export async function schedulerStatus(store: EmbeddedStore | undefined, namespaces: readonly string[], state: string, now: Date): Promise<SchedulerStatus> {
  const owner = store === undefined ? undefined : namespaces.flatMap((namespace) => liveOwner(store, namespace, now) ?? [])[0];
  const runningJobs = store === undefined ? 0 : await runningOf(store, namespaces);
  const waiting = store === undefined ? 0 : waitingOf(store, namespaces);
  const telling = store === undefined ? { waiting: 0, failed: 0 } : openTellings(store, namespaces).summary();
  const jobs = { runningJobs, waiting, telling };
  if (owner === undefined || owner.state === 'stopped') return { state: 'stopped', store: state, definitions: 0, triggers: 0, lagMs: 0, ...jobs };
  const { definitions, triggers, nextDueAt, lagMs = 0, since, process } = owner;
  return { state: owner.state, pid: process.pid, since, store: state, definitions, triggers, ...(nextDueAt === undefined ? {} : { nextDueAt }), lagMs, ...jobs };
}

function waitingOf(store: EmbeddedStore, namespaces: readonly string[]): number {
  return findWaiting(store).filter((key) => namespaces.includes(key.slice(0, key.indexOf('/')))).length;
}

async function runningOf(store: JobStore, namespaces: readonly string[]): Promise<number> {
  const jobs = await store.find({ states: ['Running', 'Stopping', 'Suspending', 'Suspended', 'Blocked', 'AtBreakpoint'], topLevel: true });
  return jobs.filter(({ definition }) => definition !== undefined && namespaces.includes(definition.key.slice(0, definition.key.indexOf('/')))).length;
}
