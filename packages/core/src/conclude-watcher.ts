/**
 * What a reader concludes of a run whose program watches work that goes on elsewhere (`CommandLine.reattach`). That the program has
 * ended says nothing of the work: only what it has written down does.
 *
 *     outcome                            that is the end
 *     no outcome, a stop recorded        Failed (stopped): nobody knows whether it goes on, and Stopped would be a lie
 *     no outcome, the program gone       Disconnected, with what it said of that
 *     another attempt that never ran     as the one before it has left it
 *     none has ever run                  as with every run
 */
import { formatDuration, type Instance } from '@nightshift/sdk';
import type { Observation, WatcherSeen } from './ports/job-launcher.ts';
import type { Move } from './transition.ts';

/** The moves that follow; undefined: those of any other run. Pure. */
export function concludeWatcher(instance: Instance, seen: Observation, now: Date, stopped: (instance: Instance) => Move): readonly Move[] | undefined {
  const { watcher } = seen;
  if (instance.run?.watches !== true || watcher === undefined) return undefined;
  switch (seen.is) {
    case 'ended':
    case 'gone':
      return concludeGone(instance, seen, watcher, now, stopped);
    case 'unclaimed':
      return seen.launcherAlive ? undefined : concludeUnrun(instance, seen, watcher, now, stopped);
    case 'revoked':
    case 'waiting':
      return concludeUnrun(instance, seen, watcher, now, stopped);
    default:
      return undefined;
  }
}

/** Its newest attempt never ran, but an earlier one did. */
function concludeUnrun(instance: Instance, seen: Observation, watcher: WatcherSeen, now: Date, stopped: (instance: Instance) => Move): readonly Move[] | undefined {
  if (beginsAnew(instance, watcher)) return undefined;
  if (seen.is === 'waiting' && watcher.outcome === undefined && instance.stopReason === undefined) return [];
  return concludeGone(instance, seen, watcher, now, stopped);
}

/** A retry begins other work: how the attempt before it ended is no end of this one. */
export function beginsAnew({ run, state }: Instance, { outcome }: WatcherSeen): boolean {
  return outcome !== undefined && run?.retry !== undefined && state !== 'Disconnected';
}

function concludeGone(instance: Instance, seen: Observation, watcher: WatcherSeen, now: Date, stopped: (instance: Instance) => Move): readonly Move[] {
  const { outcome } = watcher;
  if (outcome === undefined && instance.stopReason === undefined) return movesAway(instance, seen, textOf(seen, watcher));
  const end = outcome === undefined ? unanswered(seen, watcher) : endOf(instance, outcome, stopped);
  const at = outcome?.at ?? (seen.is === 'ended' ? seen.endTime : now);
  const outputBytes = 'outputBytes' in seen ? seen.outputBytes : undefined;
  return [...begun(instance, seen), { ...end, endTime: notBefore(at, instance, seen), ...(outputBytes === undefined ? {} : { outputBytes }) }];
}

function endOf(instance: Instance, { state, reason, statusMessage, exitCode, signal }: NonNullable<WatcherSeen['outcome']>, stopped: (instance: Instance) => Move): Move {
  const codes = { ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
  // What ends while it is being stopped, however it does, was stopped (jobs.md 2.6).
  if (instance.stopReason !== undefined) return { ...stopped(instance), ...codes };
  const said = statusMessage === undefined ? {} : { statusMessage };
  if (state !== 'Failed') return { to: state, ...(state === 'Stopped' ? { reason: reason ?? 'stopped' } : {}), ...said, ...codes };
  const why = reason ?? (signal !== undefined ? 'signal' : exitCode !== undefined ? 'exit' : 'error');
  return { to: state, reason: why, statusMessage: statusMessage ?? usualText(instance, why, exitCode, signal), ...codes };
}

/** As of a command that runs here. */
function usualText({ run }: Instance, reason: string, exitCode: number | undefined, signal: string | undefined): string {
  if (reason === 'timeout') return `the command ran longer than ${run?.timeout === undefined ? 'it may' : formatDuration(run.timeout)}`;
  if (signal !== undefined) return `the command was ended by signal ${signal}`;
  return exitCode === undefined ? 'the command failed' : `the command exited with code ${exitCode}`;
}

function unanswered(seen: Observation, watcher: WatcherSeen): Move {
  return { to: 'Failed', reason: 'stopped', statusMessage: `it was to be stopped, and may go on where it runs: ${textOf(seen, watcher)}` };
}

/** Said anew only where it is another word than the last one. */
function movesAway(instance: Instance, seen: Observation, statusMessage: string): readonly Move[] {
  const away = { to: 'Disconnected', statusMessage } as const;
  if (instance.state !== 'Disconnected') return [...begun(instance, seen), away];
  return instance.statusMessage === statusMessage ? [] : [{ to: 'Running' }, away];
}

function textOf(seen: Observation, { said }: WatcherSeen): string {
  if (said !== undefined) return said;
  if (seen.is !== 'ended') return 'the program that watches it was cut off';
  return `the program that watches it ${seen.signal === undefined ? `ended with code ${seen.exitCode}` : `was ended by signal ${seen.signal}`} and did not say what became of it`;
}

/** A run that nobody had seen begin did begin. */
function begun({ state }: Instance, seen: Observation): readonly Move[] {
  return state === 'NotStarted' ? [{ to: 'Running', ...('beginTime' in seen ? { beginTime: seen.beginTime } : {}) }] : [];
}

/** Clocks of two computers differ: nothing ends before it began. */
function notBefore(at: Date, { beginTime }: Instance, seen: Observation): Date {
  const begin = beginTime ?? ('beginTime' in seen ? seen.beginTime : undefined);
  return begin !== undefined && at < begin ? begin : at;
}
