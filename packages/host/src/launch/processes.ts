import { readdirSync, readFileSync } from 'node:fs';
import { startTimeOf, statOf } from './identity.ts';

/** A process as a pid and the start time that makes it unmistakable. */
export interface Found {
  readonly pid: number;
  readonly startTime: string;
}

/** The living processes of a session. */
export function sessionMembers(session: number): Found[] {
  return living((pid, stat) => stat.session === session && pid !== process.pid);
}

/** Every process, whoever's it is. */
export function pids(): number[] {
  return processNames().map(Number).filter(Number.isInteger);
}

/** The sessions that living processes belong to. */
export function sessions(): number[] {
  return processNames().flatMap((name) => statOf(Number(name))?.session ?? []);
}

/** The living own processes whose environment names one of these instances. Never this process itself: a job may stop itself. */
export function carriersOf(instanceIds: { has(instanceId: string): boolean }): (Found & { readonly carries: string })[] {
  return living((pid) => pid !== process.pid).flatMap((found) => {
    const carries = environmentOf(found.pid).find((line) => line.startsWith(CARRIED))?.slice(CARRIED.length);
    return carries !== undefined && instanceIds.has(carries) ? [{ ...found, carries }] : [];
  });
}

const CARRIED = 'NIGHTSHIFT_INSTANCE_ID=';

/** Signals a process if it is still the one that was found. False when it is gone. */
export function signal({ pid, startTime }: Found, name: NodeJS.Signals): boolean {
  return startTimeOf(pid) === startTime && kill(pid, name);
}

/** Signals the group that a process leads. */
export function signalGroup(leader: Found, name: NodeJS.Signals): boolean {
  return startTimeOf(leader.pid) === leader.startTime && kill(-leader.pid, name);
}

function kill(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // Somebody else's by now, such as a sudo: it is there and stays, which the caller sees and says.
    if (code === 'EPERM') return true;
    throw cause;
  }
}

function living(fits: (pid: number, stat: { readonly session: number }) => boolean): Found[] {
  const found: Found[] = [];
  for (const name of processNames()) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat === undefined || stat.state === 'Z' || stat.state === 'X') continue;
    if (fits(pid, stat)) found.push({ pid, startTime: stat.startTime });
  }
  return found;
}

/** Empty for processes of other users, which are never ours to end. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

/** No other system shows processes as files: there, a group and its signals are all we have. */
function processNames(): string[] {
  return process.platform === 'linux' ? readdirSync('/proc') : [];
}

/** Linux counts start times in hundredths of a second since the boot (USER_HZ). A second is allowed for rounding. */
export function ticksAt(instant: Date): number {
  const uptime = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  return (uptime - (Date.now() - instant.getTime()) / 1_000 + 1) * 100;
}
