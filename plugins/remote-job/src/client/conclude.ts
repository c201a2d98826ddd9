/** What the end of a connection means for the job. */
import type { Outcome } from './books.ts';
import type { RemoteOrder } from './order.ts';
import type { SessionEnd } from './session.ts';

/** Either an outcome, or why the job goes on unseen. */
export type Conclusion = { readonly outcome: Outcome } | { readonly disconnected: string };

export interface Circumstances {
  readonly order: RemoteOrder;
  /** Somebody has asked for the end. */
  readonly isStopped: boolean;
  /** An earlier attempt, or this one, has reached the work: it was begun. */
  readonly hasStarted: boolean;
  /** This attempt was to begin the work. */
  readonly isFirst: boolean;
  readonly now: Date;
}

export function conclude(end: SessionEnd, { order, isStopped, hasStarted, isFirst, now }: Circumstances): Conclusion {
  const { computer } = order;
  switch (end.is) {
    case 'ended':
      return { outcome: { ...outcomeOf(end.record, order, isStopped), ...(end.secondsAgo === undefined ? {} : { at: new Date(now.getTime() - end.secondsAgo * 1_000).toISOString() }) } };
    case 'failed':
      return isFirst ? { outcome: { state: 'Failed', reason: 'spawn', statusMessage: `it could not be begun on ${computer}: ${end.why}` } } : { disconnected: `${computer} could not take it up again: ${end.why}` };
    case 'never':
      if (hasStarted) return { outcome: { state: 'Failed', reason: 'interrupted', statusMessage: `there is nothing left of it on ${computer}` } };
      return { outcome: isStopped ? STOPPED : { state: 'Failed', reason: 'spawn', statusMessage: `the connection to ${computer} was lost before it was begun there` } };
    case 'left':
      return { disconnected: `it goes on on ${computer}` };
    case 'unreached':
      if (!isFirst) return { disconnected: `${computer} could not be reached: ${end.why}` };
      return { outcome: isStopped ? STOPPED : { state: 'Failed', reason: 'spawn', statusMessage: `${computer} could not be reached: ${end.why}` } };
    case 'lost':
      return { disconnected: `the connection to ${computer} was lost, where it may go on: ${end.why}` };
  }
}

const STOPPED: Outcome = { state: 'Stopped', reason: 'stopped' };

/** By the exit record of the shim over there; the words are those that every command has. */
function outcomeOf(record: string, order: RemoteOrder, isStopped: boolean): Outcome {
  const { exitCode, signal, reason } = read(record);
  const facts = { ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
  if (reason === 'timeout') return { state: 'Failed', reason, ...facts };
  if (isStopped) return { ...STOPPED, ...facts };
  if (signal !== undefined) return { state: 'Failed', reason: 'signal', ...facts };
  if (exitCode === undefined) return { state: 'Failed', reason: 'interrupted', statusMessage: `the run was interrupted on ${order.computer}` };
  return exitCode === 0 ? { state: 'Completed', exitCode } : { state: 'Failed', reason: 'exit', ...facts };
}

function read(record: string): { readonly exitCode?: number; readonly signal?: string; readonly reason?: string } {
  try {
    return JSON.parse(record) as { readonly exitCode?: number };
  } catch {
    return {};
  }
}
