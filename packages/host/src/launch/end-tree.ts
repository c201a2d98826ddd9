import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_GRACE_PERIOD, KILL_LIMIT } from '@nightshift/core';
import { JobError, type Clock, type Instance } from '@nightshift/sdk';
import { attemptFolder, faultOf, readClaim, RUN_FILES, type Claim } from '@nightshift/store';
import { codeHostOf } from './code-host/look.ts';
import { startTimeOf, thisMachine } from './identity.ts';
import { carriersOf, sessionMembers, sessions, signal, signalGroup, ticksAt, type Found } from './processes.ts';

/** How often to look whether processes have gone, in milliseconds. */
const LOOK = 10;
/** A run that is killed by its own type has so long for it, and its host a moment to say so; milliseconds. */
const LAST_WORD = KILL_LIMIT + 500;
/** What has been killed is gone within this time, also on a machine that is very busy, or something keeps the system from ending it. */
const KILL_PATIENCE = 5_000;

/**
 * Ends a run with its whole process tree: SIGTERM to the group, SIGCONT in case it was stopped; after the grace period
 * SIGKILL to every process of the session but the shim, which then records the end; last, by the same ladder, whoever left
 * the session but still carries the instance id in its environment. Throws `StopJobError` when something survives.
 * A process that cleared its environment and left the session cannot be found. Source: jobs.md 5.5 and 12.1.
 */
export async function endTree(instance: Instance, how: { readonly force: boolean; readonly gracePeriod: number }, clock: Clock): Promise<void> {
  const shim = shimOf(instance);
  const addressee = shim === undefined ? undefined : await addresseeOf(instance, shim, clock);
  // From now on, however long it took to find out whom to tell.
  const until = clock.monotonic() + (how.force ? 0 : how.gracePeriod);
  if (shim !== undefined && addressee !== undefined) {
    const { tell, mayAnswer } = addressee;
    if (!how.force) {
      markAsked(instance);
      tell('SIGTERM');
      signalGroup(shim, 'SIGCONT');
      await gone(() => isThere(shim), until, clock);
    }
    // It may still write down how the run ended.
    if (mayAnswer && isThere(shim) && tell('SIGQUIT')) await gone(() => isThere(shim), clock.monotonic() + LAST_WORD, clock);
    // While the shim lives, nobody else's session can bear its pid.
    if (isThere(shim)) for (const member of sessionMembers(shim.pid)) if (member.pid !== shim.pid) signal(member, 'SIGKILL');
    if (!(await gone(() => isThere(shim), clock.monotonic() + KILL_PATIENCE, clock))) signal(shim, 'SIGKILL');
  }
  // What is left of a watcher watches nothing any more.
  await endAll(instance, () => remainsOf(instance, shim), instance.run?.watches === true ? clock.monotonic() : until, clock);
}

/** Whom a wish to end is told, and whether it can say what became of that. */
interface Addressee {
  tell(name: NodeJS.Signals): boolean;
  readonly mayAnswer: boolean;
}

/** How long a watcher has to say which process it is, in milliseconds. */
const INTRODUCTION = 5_000;

/** The host of a run of JavaScript alone, and a watcher that has said who it is: the others of the group are theirs. */
async function addresseeOf(instance: Instance, shim: Found, clock: Clock): Promise<Addressee> {
  const isWatcher = instance.run?.watches === true;
  // One that has just been started would be ended before it could hear.
  if (isWatcher) await gone(() => isThere(shim) && codeHostOf(instance) === undefined, clock.monotonic() + INTRODUCTION, clock);
  const host = codeHostOf(instance);
  if (host !== undefined) return { tell: (name) => signal(host, name), mayAnswer: true };
  return { tell: (name) => signalGroup(shim, name), mayAnswer: isWatcher };
}

/** For a command that has not begun yet (shim.sh). Where the disk has no room for the mark, such a one ends with its grace period. */
function markAsked({ runFolder, attempt }: Instance): void {
  try {
    closeSync(openSync(join(attemptFolder(runFolder as string, attempt), RUN_FILES.asked), 'w', 0o600));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
  }
}

/** Ends the host of a run of JavaScript and what it has started, all at once; the shim records it. */
export async function cutOff(instance: Instance, clock: Clock): Promise<void> {
  const shim = shimOf(instance);
  if (shim === undefined) return;
  for (const member of sessionMembers(shim.pid)) if (member.pid !== shim.pid) signal(member, 'SIGKILL');
  if (!(await gone(() => isThere(shim), clock.monotonic() + KILL_PATIENCE, clock))) signal(shim, 'SIGKILL');
  await endAll(instance, () => remainsOf(instance, shim), clock.monotonic(), clock);
}

/** Ends what runs that have ended by themselves left running: softly, with their own grace periods. */
export async function endStrays(instances: readonly Instance[], clock: Clock): Promise<void> {
  const runs = new Map(instances.filter(({ run }) => run !== undefined).map((instance) => [(instance.run as { carries: string }).carries, instance]));
  if (runs.size === 0) return;
  const carried = new Set(carriersOf(runs).map(({ carries }) => carries));
  const led = new Set(sessions());
  for (const [carries, instance] of runs) {
    const shim = shimOf(instance);
    // Most runs have left nothing, and most calls are about many of them.
    if (!carried.has(carries) && (shim === undefined || !led.has(shim.pid))) continue;
    await endAll(instance, () => remainsOf(instance, shim), clock.monotonic() + graceOfStrays(instance), clock);
  }
}

/** Milliseconds. To a watcher, SIGTERM is the wish to end what it watches. */
function graceOfStrays({ run }: Instance): number {
  return run?.watches === true ? 0 : (run?.gracePeriod ?? DEFAULT_GRACE_PERIOD);
}

async function endAll(instance: Instance, find: () => readonly Found[], until: number, clock: Clock): Promise<void> {
  const asked = new Set<number>();
  for (let left = find(); left.length > 0; left = find()) {
    const now = clock.monotonic();
    if (now > until + KILL_PATIENCE) throw new JobError({ code: 'StopJobError', message: `${instance.name} has processes that do not end: ${left.map(({ pid }) => pid).join(', ')}` });
    for (const found of left) {
      if (now >= until) signal(found, 'SIGKILL');
      else if (!asked.has(found.pid)) signal(found, 'SIGTERM');
      asked.add(found.pid);
    }
    await clock.sleep(LOOK);
  }
}

/**
 * By session and by environment. A session is known by a pid, and pids come round again: long after a run only what was
 * born before its end is taken for a member, and nothing that an earlier boot had started.
 */
function remainsOf(instance: Instance, shim: Found | undefined): Found[] {
  const last = instance.endTime === undefined ? Infinity : ticksAt(instance.endTime);
  const members = shim === undefined || isTaken(shim) ? [] : sessionMembers(shim.pid).filter(({ startTime }) => Number(startTime) >= Number(shim.startTime) && Number(startTime) <= last);
  const carriers = carriersOf(new Set([(instance.run as { carries: string }).carries]));
  return [...new Map([...members, ...carriers].map((found) => [found.pid, found])).values()];
}

/** Another process bears the pid, and leads whatever session is known by it now. */
function isTaken({ pid, startTime }: Found): boolean {
  const now = startTimeOf(pid);
  return now !== undefined && now !== startTime;
}

/** The process that claimed the run in this boot and on this machine. */
export function shimOf({ run, runFolder, attempt }: Instance): Found | undefined {
  const claim = claimIn(runFolder as string, attempt);
  if (claim?.by !== 'shim' || claim.boot !== thisMachine().boot || run?.holder?.host !== thisMachine().host) return undefined;
  return { pid: claim.pid, startTime: claim.startTime };
}

/** Where it cannot be read, the processes of the run are found by what they carry. */
function claimIn(runFolder: string, attempt: number): Claim | undefined {
  try {
    return readClaim(attemptFolder(runFolder, attempt));
  } catch (cause) {
    if (faultOf(cause, runFolder) === undefined) throw cause;
    return undefined;
  }
}

function isThere({ pid, startTime }: Found): boolean {
  return startTimeOf(pid) === startTime;
}

async function gone(isAlive: () => boolean, until: number, clock: Clock): Promise<boolean> {
  while (isAlive()) {
    if (clock.monotonic() >= until) return false;
    await clock.sleep(LOOK);
  }
  return true;
}
