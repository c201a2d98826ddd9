/**
 * What a reader concludes of a run of JavaScript, beyond what reconcile.ts says of every run. Its host writes down how it ended
 * by its own account, and then ends; its shim writes down how the host ended. Both are there, or the host was cut off:
 *
 *     outcome                            the end
 *     no outcome, a stop recorded        the recorded reason decides, as with every run
 *     no outcome, a token                Disconnected: the work goes on without a host, and waits to be taken up again
 *     no outcome, a checkpoint           Suspended (interrupted), where a person has started it; it waits to be resumed
 *     no outcome, started                Failed (interrupted), with how the process ended
 *     no outcome, not started            Failed (spawn)
 *     Suspended, and the host is gone    stays Suspended; one that was Suspending is so then
 */
import { formatDuration, type Instance } from '@nightshift/sdk';
import { HOST_FAILED } from './ports/code-run.ts';
import type { CodeSeen, Observation } from './ports/job-launcher.ts';
import type { Move } from './transition.ts';

type Ended = Extract<Observation, { is: 'ended' | 'gone' }>;

/** The moves that follow; undefined: those of any other run. Pure. */
export function concludeCode(instance: Instance, seen: Observation, now: Date, stopped: (instance: Instance) => Move): readonly Move[] | undefined {
  if (instance.run?.form !== 'code' || seen.code === undefined) return undefined;
  switch (seen.is) {
    case 'running':
      return concludeRunning(instance, seen.held, seen.code);
    case 'ended':
    case 'gone':
      return concludeEnded(instance, seen, seen.code, now, stopped);
    case 'unclaimed':
      return seen.launcherAlive ? undefined : wayToRest(instance, seen.code);
    case 'revoked':
      return wayToRest(instance, seen.code);
    default:
      return undefined;
  }
}

function concludeRunning({ state, statusMessage, attempt, run }: Instance, held: boolean, { started }: CodeSeen): readonly Move[] {
  if (started === undefined) return [];
  if (state === 'NotStarted') return [{ to: 'Running', beginTime: started }];
  // Taken up anew, and its host has not come to write it down: what a host suspends or disconnects has a message, be it an empty one.
  if ((state === 'Suspended' || state === 'Disconnected') && attempt > 1 && statusMessage === undefined) return [{ to: 'Running', statusMessage: '' }];
  if (state === 'Disconnected' && run?.can?.reattach !== true) return [{ to: 'Running', statusMessage: '' }];
  return state === 'AtBreakpoint' && !held ? [{ to: 'Running' }] : [];
}

function concludeEnded(instance: Instance, seen: Ended, code: CodeSeen, now: Date, stopped: (instance: Instance) => Move): readonly Move[] {
  const end = endOf(instance, seen, code, stopped);
  if (!('to' in end)) return end;
  const begun: readonly Move[] = code.started !== undefined && instance.state === 'NotStarted' ? [{ to: 'Running', beginTime: code.started }] : [];
  // The table has no way from there to Completed.
  const unblocked: readonly Move[] = instance.state === 'Blocked' && end.to === 'Completed' ? [{ to: 'Running' }] : [];
  // Of one that was killed with its shim nobody has written down when: a job without an end would be missing from every list of finished ones.
  const endTime = code.outcome?.at ?? (seen.is === 'ended' ? seen.endTime : now);
  return [...begun, ...unblocked, { ...end, endTime, outputBytes: seen.outputBytes }];
}

/** Or its way to rest. */
function endOf(instance: Instance, seen: Ended, code: CodeSeen, stopped: (instance: Instance) => Move): Move | readonly Move[] {
  const { outcome } = code;
  const codes = { ...(outcome?.exitCode === undefined ? {} : { exitCode: outcome.exitCode }), ...(outcome?.signal === undefined ? {} : { signal: outcome.signal }) };
  const isTimedOut = seen.is === 'ended' ? seen.reason === 'timeout' : seen.timedOut;
  if (isTimedOut) return { to: 'Failed', reason: 'timeout', statusMessage: withText(`the job ran longer than ${formatDuration(instance.run?.timeout ?? 0)}`, unanswered(instance, seen, code)), ...codes };
  if (instance.stopReason !== undefined) {
    const text = unanswered(instance, seen, code);
    return { ...stopped(instance), ...codes, ...(text === undefined ? {} : { statusMessage: text }) };
  }
  if (outcome !== undefined) {
    const { state, reason, statusMessage } = outcome;
    return { to: state, ...(reason === undefined ? {} : { reason }), ...(statusMessage === undefined ? {} : { statusMessage }), ...codes };
  }
  return wayToRest(instance, code) ?? { to: 'Failed', reason: code.started === undefined ? 'spawn' : 'interrupted', statusMessage: cutOff(instance, seen) };
}

/** What keeps a job that is cut off from being lost. Whoever is to be stopped does not rest. Undefined: nothing does. */
function wayToRest(instance: Instance, code: CodeSeen): readonly Move[] | undefined {
  const { state, stopReason, run } = instance;
  if (stopReason !== undefined) return undefined;
  const canRest = run?.can?.suspend === true;
  if (canRest && (state === 'Suspended' || state === 'Suspending')) return movesToRest(instance, code);
  if (run?.can?.reattach === true && code.token !== undefined) return movesAway(instance, code);
  return canRest && code.checkpoint && run.resumable === true ? movesToRest(instance, code) : undefined;
}

function movesAway({ state }: Instance, { started }: CodeSeen): readonly Move[] {
  if (state === 'Disconnected') return [];
  const begun: readonly Move[] = state === 'NotStarted' || state === 'Suspended' ? [{ to: 'Running', ...(started === undefined ? {} : { beginTime: started }) }] : [];
  return [...begun, { to: 'Disconnected', statusMessage: 'the process that looked after it is gone; resume-job takes it up again' }];
}

/** What is said of one whose host died without anybody's wish. */
export const CUT_OFF_UNASKED = 'the run was interrupted; it goes on from its last checkpoint when it is resumed';

function movesToRest({ state }: Instance, { started }: CodeSeen): readonly Move[] {
  if (state === 'Suspended') return [];
  const way: readonly Move[] = state === 'Running' || state === 'Suspending' ? [] : [{ to: 'Running', ...(started === undefined ? {} : { beginTime: started }) }];
  return [...way, { to: 'Suspended', reason: 'interrupted', statusMessage: state === 'Suspending' ? 'it was cut off; it goes on from its last checkpoint when it is resumed' : CUT_OFF_UNASKED }];
}

/** What the host itself has said of a plugin that did not answer; or its process had to be ended. */
function unanswered({ type, run }: Instance, seen: Ended, { outcome }: CodeSeen): string | undefined {
  if (outcome !== undefined) return outcome.statusMessage?.includes('PluginTimedOut') === true ? outcome.statusMessage.slice(outcome.statusMessage.indexOf('PluginTimedOut')) : undefined;
  if (seen.is === 'gone' || seen.signal !== 'SIGKILL') return undefined;
  return `PluginTimedOut: '${run?.plugin}' did not answer the wish to stop ${type}, so its process was ended. Does start() keep the process busy?`;
}

function withText(text: string, more: string | undefined): string {
  return more === undefined ? text : `${text}; ${more}`;
}

function cutOff({ type, run }: Instance, seen: Ended): string {
  if (seen.is === 'gone') return 'the run was interrupted';
  if (seen.signal !== undefined) return `the process of the job was ended by signal ${seen.signal}`;
  if (seen.exitCode === HOST_FAILED) return 'the process of the job could not do its work, or could not write down how it ended; what it said of that is in the file stderr of its run folder';
  return `PluginCrashed: '${run?.plugin}' ended the process of ${type} with code ${seen.exitCode} before the job had an end. Does it call exit()?`;
}
