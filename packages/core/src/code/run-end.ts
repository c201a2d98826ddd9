import { formatDuration, JOB_REASONS, type JobOutcome, type JobReason, type StopReason } from '@nightshift/sdk';
import type { CodeRunEnd } from '../ports/code-run.ts';
import { errorOf, pluginMessageInvalid, statusOf, type Callee } from './plugin-calls.ts';

/** The end that an outcome of a plugin comes to. Throws `PluginMessageInvalid` for what is no outcome. */
export function endOfOutcome(callee: Callee, outcome: unknown): CodeRunEnd {
  const refuse = (what: string): never => {
    throw pluginMessageInvalid(callee, `ended with ${what}`);
  };
  if (typeof outcome !== 'object' || outcome === null) return refuse('no outcome: { state: "Completed" } or its like is expected');
  const { state, error, reason, exitCode, signal } = outcome as Partial<Record<keyof JobOutcome | 'error' | 'reason' | 'exitCode' | 'signal', unknown>>;
  if (exitCode !== undefined && !(Number.isInteger(exitCode) && (exitCode as number) >= 0)) return refuse('an exit code that is no whole number');
  if (signal !== undefined && typeof signal !== 'string') return refuse('a signal that is no text');
  const facts = { ...(exitCode === undefined ? {} : { exitCode: exitCode as number }), ...(signal === undefined ? {} : { signal }) };
  switch (state) {
    case 'Completed':
      return { state, ...facts };
    case 'Failed':
      return { ...failed(error), ...(isReason(reason) ? { reason } : signal !== undefined ? { reason: 'signal' } : exitCode !== undefined ? { reason: 'exit' } : {}), ...facts };
    case 'Stopped':
      return { state, reason: 'stopped', ...(typeof reason === 'string' && reason !== 'stopped' ? { statusMessage: reason } : {}) };
    default:
      return refuse(`the state ${JSON.stringify(String(state)).slice(0, 80)}; it is Completed, Failed or Stopped`);
  }
}

function isReason(value: unknown): value is JobReason {
  return (JOB_REASONS as readonly unknown[]).includes(value);
}

/** Failed by what was thrown. Default of `reason`: error. */
export function failed(thrown: unknown, reason: 'error' | 'spawn' = 'error'): CodeRunEnd {
  const error = errorOf(thrown);
  return { state: 'Failed', reason, statusMessage: statusOf(error), error };
}

/** A run that ends while it is being stopped, however it does, was stopped; of a time limit it has failed. Source: jobs.md 2.6 and 2.11. */
export function stoppedEnd(reason: StopReason, { exitCode, signal }: Partial<CodeRunEnd>, timeout: number | undefined): CodeRunEnd {
  const facts = { ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
  if (reason === 'timeout') return { state: 'Failed', reason, statusMessage: `the job ran longer than ${timeout === undefined ? 'it may' : formatDuration(timeout)}`, ...facts };
  return { state: 'Stopped', reason: reason === 'overlap' || reason === 'condition' ? reason : 'stopped', ...facts };
}
