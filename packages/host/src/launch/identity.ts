import { readFileSync, readlinkSync } from 'node:fs';
import type { ProcessIdentity } from '@nightshift/sdk';

/** Facts of this machine and boot, read once. Other systems than Linux get stand-ins that never confuse two processes, only forget. */
let here: Pick<ProcessIdentity, 'host' | 'boot'> | undefined;

/** Machine with pid namespace, and boot. A copied home folder or a container must not take a strange pid for its own. */
export function thisMachine(): Pick<ProcessIdentity, 'host' | 'boot'> {
  here ??= { host: `${machineId()} ${pidNamespace()}`, boot: textOf('/proc/sys/kernel/random/boot_id') ?? 'unknown-boot' };
  return here;
}

/** When this process began: read once, unless it could not be read. */
let ourStart: string | undefined;

export function thisProcess(): ProcessIdentity {
  ourStart ??= startTimeOf(process.pid);
  return { ...thisMachine(), pid: process.pid, startTime: ourStart ?? '-' };
}

/** Alive means: this machine and boot, same pid, same start time, and no zombie. A pid alone comes round again. */
export function isAlive(identity: ProcessIdentity): boolean {
  const { host, boot } = thisMachine();
  return identity.host === host && identity.boot === boot && startTimeOf(identity.pid) === identity.startTime;
}

/** In ticks since the boot; undefined for a process that is gone or a zombie. */
export function startTimeOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat.startTime;
}

/**
 * What `/proc/PID/stat` says; undefined when the process is gone. Throws what else keeps it from being read, such as EMFILE:
 * whoever cannot look must not say that a process is dead. Source: proc_pid_stat(5).
 */
export function statOf(pid: number): { readonly state: string; readonly parent: number; readonly session: number; readonly startTime: string } | undefined {
  const stat = readStat(pid);
  if (stat === undefined) return undefined;
  // The name in brackets may hold blanks and brackets: fields are counted from behind the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] as string, parent: Number(fields[1]), session: Number(fields[3]), startTime: fields[19] as string };
}

function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (cause) {
    if (GONE.includes((cause as NodeJS.ErrnoException).code)) return undefined;
    throw cause;
  }
}

/** There is no such process, or it ended while it was looked at. */
const GONE: readonly (string | undefined)[] = ['ENOENT', 'ESRCH'];

function machineId(): string {
  return textOf('/etc/machine-id') ?? textOf('/proc/sys/kernel/hostname') ?? 'unknown-machine';
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'pid';
  }
}

function textOf(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'latin1').trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
