// What a test wants to know of a run besides what the verbs say: its folder and its processes.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf, isAlive, type Place } from './product.ts';

/** The folder of the first attempt of a job of the session store. */
export function attemptOf({ state }: Place, instanceId: string): string {
  const session = join(state, 'session');
  const boot = readdirSync(session).find((name) => existsSync(join(session, name, instanceId)));
  if (boot === undefined) throw new Error(`no run folder of ${instanceId} lies in ${session}`);
  return join(session, boot, instanceId, '1');
}

export interface Process { pid: number; name: string; state: string; group: number }

/** Stopped; or a parent that waits uninterruptibly for a child which was stopped between vfork and exec: it cannot run either. */
export function isStill({ state }: Pick<Process, 'state'>): boolean {
  return state === 'T' || state === 'D';
}

export interface Run {
  folder: string;
  shim: number;
  /** The process that keeps the time limit, and its sleep. */
  watchdogs: () => number[];
  /** All processes of the run's session but shim and watchdogs. */
  processes: () => Process[];
}

export async function runOf(place: Place, id: number): Promise<Run> {
  const folder = attemptOf(place, (await place.job(id)).instanceId);
  const shim = Number(contentOf(join(folder, 'claim')).split(' ')[0]);
  const watchdogs = () => {
    const watchdog = Number(contentOf(join(folder, 'watchdog')) || Number.NaN);
    return all().filter(({ pid, parent }) => pid === watchdog || parent === watchdog).map(({ pid }) => pid);
  };
  return {
    folder, shim, watchdogs,
    processes: () => all().filter(({ pid, session }) => session === shim && pid !== shim && isAlive(pid) && !watchdogs().includes(pid)),
  };
}

export function stateOf(pid: number): string {
  return all().find((one) => one.pid === pid)?.state ?? 'gone';
}

function all(): (Process & { parent: number; session: number })[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    const [, pid, program, state, parent, group, session] = /^(\d+) \((.*)\) (\S) (\d+) (\d+) (\d+)/s.exec(contentOf(`/proc/${name}/stat`)) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), name: program as string, state: state as string, parent: Number(parent), group: Number(group), session: Number(session) }];
  });
}
