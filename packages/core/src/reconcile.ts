/**
 * What a reader concludes from a run folder and its processes. Nobody needs a daemon to be told the truth: whoever looks
 * first writes it down, and everybody would write the same.
 *
 *     exit record with content           finished, its mtime is the end
 *     claim, shim alive                  running
 *     claim, shim gone, stop recorded    the recorded reason decides: timeout is Failed, any other Stopped
 *     claim, shim gone, nothing recorded Failed (interrupted)
 *     no claim, launcher alive           as it was
 *     no claim, launcher dead            take the claim; won: the command never ran and never can; lost: look again
 *     no claim, and another boot since   Failed (interrupted): a power cut may have taken the claim away
 *     nobody has taken it up             it waits; to be stopped: Stopped
 *     it can never be read               taken out of the way, kept, told once; from then on its folder is gone
 *     the run folder is gone             Failed (interrupted)
 *
 * Of a run of JavaScript, what its host has written down counts as well (conclude-code.ts); of a program that watches work
 * elsewhere, only what it has written down (conclude-watcher.ts).
 *
 * A failure after which the run is to be tried again closes the attempt instead of ending the instance (retry.ts); whoever
 * sees it schedules the next attempt, and only the scheduler starts it.
 */
import { formatDuration, isFinished, type Instance, type JobStore } from '@nightshift/sdk';
import { concludeCode } from './conclude-code.ts';
import { beginsAnew as isRetried, concludeWatcher } from './conclude-watcher.ts';
import { unreadableRun } from './errors.ts';
import type { CoreParts } from './parts.ts';
import type { Observation } from './ports/job-launcher.ts';
import { recordEnd } from './record-end.ts';
import { transition, type Move } from './transition.ts';

/** What a look at a run needs. */
export type LookingParts = Pick<CoreParts, 'launcher' | 'clock' | 'hasRetries'>;

/**
 * The instance as it is now: what had happened to its run is written down. Undefined when it was removed meanwhile. Throws
 * `CantLoadScheduledJobDefinitionFromStore` after the end of a run has been written down whose folder cannot be read.
 */
export async function reconcile(parts: LookingParts, store: JobStore, instance: Instance): Promise<Instance | undefined> {
  return look(parts, store, instance, false);
}

/** The same for who starts attempts: a triggered or run-now one that was cut off before its command ran is begun anew. */
export async function settle(parts: LookingParts, store: JobStore, { id }: Instance): Promise<Instance | undefined> {
  const [row] = await store.find({ ids: [id] });
  return row === undefined ? undefined : look(parts, store, row, true);
}

async function look(parts: LookingParts, store: JobStore, instance: Instance, beginsAnew: boolean): Promise<Instance | undefined> {
  // Neither folder nor process is here; its row is true.
  if (store.remote !== undefined) return instance;
  const { launcher, clock } = parts;
  let current = instance;
  // Somebody else may write between our look and our change; each round somebody has made progress.
  while (current.run !== undefined && !isFinished(current.state)) {
    const seen = await launcher.observe(current);
    if (seen.is === 'unreadable') {
      // Out of the way first: who dies in between has left a run whose folder is gone, and the next reader ends it.
      const keptAt = await launcher.setAside(current);
      if (keptAt === undefined) continue;
      await look(parts, store, current, beginsAnew);
      const [job = current] = current.parentId === undefined ? [] : await store.find({ ids: [current.parentId] });
      throw unreadableRun(job, seen, keptAt);
    }
    if (seen.is === 'unclaimed' && !seen.launcherAlive && seen.beforeBoot !== true && !(await launcher.revoke(current))) continue;
    const moves = conclude(current, seen, clock.now());
    if (moves.length === 0) return current;
    const moved = endsBadly(moves) ? await recordEnd(parts, store, current, { moves, began: beginOf(seen), neverRan: beginsAnew && isCutOff(current, seen) }) : await transition(store, current, moves);
    if (moved !== undefined) return moved;
    const [again] = await store.find({ ids: [current.id] });
    if (again === undefined) return undefined;
    current = again;
  }
  return current;
}

/** The same, beginning with the row as its store has it now: somebody else may have moved it. */
export async function reconcileAgain(parts: LookingParts, store: JobStore, { id }: Instance): Promise<Instance | undefined> {
  const [row] = await store.find({ ids: [id] });
  return row === undefined ? undefined : reconcile(parts, store, row);
}

/** Nobody has taken it up for its attempt: no folder is promised and nothing of it can run. */
export function isWaiting({ run }: Instance): boolean {
  return run !== undefined && run.holder === undefined;
}

function endsBadly(moves: readonly Move[]): boolean {
  return moves.at(-1)?.to === 'Failed';
}

function beginOf(seen: Observation): Date | undefined {
  if (seen.code !== undefined) return seen.code.started;
  return 'beginTime' in seen ? seen.beginTime : undefined;
}

/** Of a watcher that is taken up again, an earlier attempt has run. */
function isCutOff(instance: Instance, seen: Observation): boolean {
  if (seen.watcher !== undefined && !isRetried(instance, seen.watcher)) return false;
  return seen.is === 'revoked' || (seen.is === 'unclaimed' && seen.beforeBoot !== true);
}

/** The moves that follow from an observation. Pure; an unclaimed run of a dead launcher has been revoked by then. */
export function conclude(instance: Instance, seen: Observation, now: Date): readonly Move[] {
  const moves = concludeCode(instance, seen, now, stoppedMove) ?? concludeWatcher(instance, seen, now, stoppedMove) ?? concluded(instance, seen, now);
  // What was said of the wait for this attempt is over with the wait.
  return instance.statusMessage === undefined || instance.attempt === 1 ? moves : moves.map((move) => ({ statusMessage: '', ...move }));
}

function concluded(instance: Instance, seen: Observation, now: Date): readonly Move[] {
  switch (seen.is) {
    case 'waiting':
      return instance.stopReason === undefined ? [] : neverRan(instance, now, seen.outputBytes);
    case 'elsewhere':
      return instance.state === 'Running' ? [{ to: 'Disconnected', statusMessage: `it was started on another machine or in another container (${instance.run?.holder?.host})` }] : [];
    case 'unclaimed':
      if (seen.launcherAlive) return [];
      return seen.beforeBoot === true ? [goneMove(instance, { endTime: now, outputBytes: seen.outputBytes ?? 0 })] : neverRan(instance, now, seen.outputBytes);
    case 'revoked':
      return neverRan(instance, now, seen.outputBytes);
    case 'running':
      if (instance.state === 'Disconnected') return [{ ...begun(seen.beginTime), statusMessage: '' }];
      // Whoever held it at a breakpoint is gone, and with it the pause.
      if (instance.state === 'AtBreakpoint' && !seen.held) return [{ to: 'Running' }];
      return instance.state === 'NotStarted' ? [begun(seen.beginTime)] : [];
    case 'ended':
      return [...beginning(instance, seen.beginTime), endedMove(instance, seen)];
    case 'gone':
      return [...beginning(instance, seen.beginTime), seen.timedOut ? timeoutMove(instance, { endTime: now, outputBytes: seen.outputBytes }) : goneMove(instance, { endTime: now, outputBytes: seen.outputBytes })];
    case 'lost':
      return [{ ...goneMove(instance, { endTime: now, outputBytes: 0 }), ...(seen.keptAt === undefined ? {} : { statusMessage: `the run could not be read; what there is of it is kept as ${seen.keptAt}` }) }];
    case 'unreadable':
      return [];
  }
}

function begun(beginTime: Date): Move {
  return { to: 'Running', beginTime };
}

/** A run that nobody had seen begin did begin. */
function beginning(instance: Instance, beginTime: Date): readonly Move[] {
  return instance.state === 'NotStarted' ? [begun(beginTime)] : [];
}

function neverRan(instance: Instance, now: Date, outputBytes = 0): readonly Move[] {
  const facts = { endTime: now, outputBytes };
  if (instance.stopReason !== undefined) return [{ to: 'Stopped', reason: reasonOfStop(instance), ...facts }];
  return [{ to: 'Failed', reason: 'spawn', statusMessage: 'the start was cut off before the command ran', ...facts }];
}

function endedMove(instance: Instance, seen: Extract<Observation, { is: 'ended' }>): Move {
  const facts = {
    endTime: seen.endTime,
    outputBytes: seen.outputBytes,
    ...(seen.exitCode === undefined ? {} : { exitCode: seen.exitCode }),
    ...(seen.signal === undefined ? {} : { signal: seen.signal }),
  };
  if (seen.reason === 'timeout') return timeoutMove(instance, facts);
  // A command that ends by itself while it is being stopped, with whatever code, was stopped (jobs.md 2.6).
  if (instance.stopReason !== undefined) return { ...stoppedMove(instance), ...facts };
  if (seen.unstarted !== undefined) return { to: 'Failed', reason: 'spawn', statusMessage: seen.unstarted, endTime: seen.endTime, outputBytes: seen.outputBytes };
  const isInitialization = instance.run?.initializes === true && !seen.initialized;
  const culprit = isInitialization ? 'initialization script' : 'the command';
  if (seen.signal !== undefined) return { to: 'Failed', reason: 'signal', statusMessage: `${culprit} was ended by signal ${seen.signal}`, ...facts };
  if (isInitialization ? seen.exitCode === 0 : isSuccess(instance, seen.exitCode)) return { to: 'Completed', ...facts };
  return { to: 'Failed', reason: 'exit', statusMessage: `${culprit} exited with code ${seen.exitCode}`, ...facts };
}

function timeoutMove(instance: Instance, facts: Partial<Move>): Move {
  return { to: 'Failed', reason: 'timeout', statusMessage: `the command ran longer than ${formatDuration(instance.run?.timeout ?? 0)}`, ...facts };
}

function isSuccess(instance: Instance, exitCode: number | undefined): boolean {
  return exitCode !== undefined && (instance.run?.successExitCodes ?? [0]).includes(exitCode);
}

function goneMove(instance: Instance, facts: Pick<Move, 'endTime' | 'outputBytes'>): Move {
  if (instance.stopReason !== undefined) return { ...stoppedMove(instance), ...facts };
  return { to: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted', ...facts };
}

function stoppedMove(instance: Instance): Move {
  return { to: instance.stopReason === 'timeout' ? 'Failed' : 'Stopped', reason: reasonOfStop(instance) };
}

/** A stop asked for by a parent or a closing host is a stop like any other to whoever reads it. */
function reasonOfStop(instance: Instance): 'stopped' | 'timeout' | 'overlap' | 'condition' {
  const reason = instance.stopReason;
  return reason === undefined || reason === 'parent' || reason === 'shutdown' ? 'stopped' : reason;
}
