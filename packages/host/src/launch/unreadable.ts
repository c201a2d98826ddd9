import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Observation, Unreadable } from '@nightshift/core';
import { isJobError, JobError, type Clock, type Instance } from '@nightshift/sdk';
import { asideOf, attemptFolder, damageIn, faultOf, isClosed, setRunAside, shapeFault } from '@nightshift/store';
import { isAlive, thisMachine } from './identity.ts';
import { carriersOf, pids } from './processes.ts';

/** What is closed may be opened again: so long it is given, in milliseconds, before it is looked at a second time. */
const SECOND_LOOK = 1_000;

/**
 * A look at a run which may turn out to be unreadable: then it is, unless it lives, or is not ours to judge. Throws
 * `InputOutputError` for what stands in the way of a look and may pass.
 */
export async function looked(instance: Instance, clock: Clock, look: () => Observation): Promise<Observation> {
  const first = lookOnce(instance, look);
  if (!isFault(first)) return withPlace(instance, first);
  if (!isClosed(first.file)) return judged(instance, clock, first);
  await clock.sleep(SECOND_LOOK);
  const second = lookOnce(instance, look);
  return isFault(second) ? judged(instance, clock, second) : second;
}

/** What of a run can never be read, as an error tells that reading it met. */
export async function lastingFault({ runFolder = '' }: Instance, cause: unknown, clock: Clock): Promise<Unreadable | undefined> {
  const fault = faultOf(isJobError(cause) ? cause.cause : cause, runFolder);
  if (fault === undefined || !isClosed(fault.file)) return fault;
  await clock.sleep(SECOND_LOOK);
  return isClosed(fault.file) ? fault : undefined;
}

/** Throws `InputOutputError` where the folder cannot be moved. */
export function setAside({ id, name, runFolder = '' }: Instance, now: Date): string | undefined {
  try {
    return setRunAside(runFolder, now);
  } catch (cause) {
    throw new JobError({ code: 'InputOutputError', message: `the run of ${name} (${id}) cannot be read, and cannot be taken out of the way: ${(cause as Error).message}`, file: runFolder }, { cause });
  }
}

function isFault(found: Observation | Unreadable): found is Unreadable {
  return !('is' in found);
}

function lookOnce(instance: Instance, look: () => Observation): Observation | Unreadable {
  const { id, name, runFolder = '', attempt } = instance;
  const folder = attemptFolder(runFolder, attempt);
  try {
    const seen = look();
    if (seen.is === 'gone') return damageIn(folder) ?? seen;
    return seen.is === 'lost' || seen.is === 'unclaimed' ? (shapeFault(runFolder, folder) ?? seen) : seen;
  } catch (cause) {
    const fault = faultOf(cause, runFolder);
    if (fault !== undefined) return fault;
    const { syscall, message, path = runFolder } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw new JobError({ code: 'InputOutputError', message: `the run of ${name} (${id}) cannot be read just now: ${message}`, file: path }, { cause });
  }
}

/** Nothing is concluded of another machine's run, of one that is just being started, or of one that lives; nor where nobody can tell. */
async function judged(instance: Instance, clock: Clock, fault: Unreadable): Promise<Observation> {
  const { id, name, state } = instance;
  const holder = instance.run?.holder;
  if (holder === undefined) return { is: 'unreadable', ...fault };
  const { host, boot } = thisMachine();
  if (holder.host !== host) return { is: 'elsewhere' };
  if (holder.boot === boot) {
    if (state === 'NotStarted' && isAlive(holder)) return { is: 'unclaimed', launcherAlive: true };
    if (process.platform !== 'linux') throw new JobError({ code: 'InputOutputError', message: `the run of ${name} (${id}) cannot be read, and nobody can tell whether it lives: ${fault.why}`, file: fault.file });
    const beginTime = instance.beginTime ?? clock.now();
    if (carriers(instance).some(({ pid }) => isShimOf(pid, instance))) return { is: 'running', beginTime, held: false };
    // Those that were ended together with it need a moment; what else it has left still works in that folder.
    if (carriers(instance).length > 0) await clock.sleep(SECOND_LOOK);
    if (carriers(instance).length > 0) return { is: 'gone', beginTime, outputBytes: 0, timedOut: false };
  }
  return { is: 'unreadable', ...fault };
}

function carriers({ run }: Instance): ReturnType<typeof carriersOf> {
  return carriersOf(new Set([run?.carries ?? '']));
}

/** Told by what it was started with, since its own books cannot be read. */
function isShimOf(pid: number, { runFolder = '', attempt }: Instance): boolean {
  const folder = join(basename(runFolder), String(attempt));
  return wordsOf(pid).some((word) => word.endsWith(`/${folder}`));
}

/** Whether a shim works in a run folder of which nothing else is known. */
export function hasShim(runFolder: string): boolean {
  return pids().some((pid) => wordsOf(pid).some((word) => word.slice(0, word.lastIndexOf('/')).endsWith(`/${basename(runFolder)}`)));
}

function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has just ended.
    return [];
  }
}

/** Where somebody has taken a run out of the way, its end says so. */
function withPlace({ runFolder }: Instance, seen: Observation): Observation {
  const keptAt = seen.is !== 'lost' || runFolder === undefined ? undefined : asideOf(runFolder);
  return keptAt === undefined ? seen : { is: 'lost', keptAt };
}
