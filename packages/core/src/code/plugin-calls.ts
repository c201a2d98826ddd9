/**
 * Calls into a plugin, each with a time limit and a failure that names the plugin. What a plugin throws may be anything:
 * no text, a proxy that throws when it is looked at, nothing at all.
 */
import { formatDuration, JobError, type Clock } from '@nightshift/sdk';

/** Whose call it is. */
export interface Callee {
  readonly plugin: string;
  readonly type: string;
}

/** Milliseconds. Source: plugin-sdk.md section 4, security.md S14. */
export const CALL_LIMIT = 30_000;
export const DISPOSE_LIMIT = 10_000;
export const KILL_LIMIT = 2_000;

/** What each call should have done, and why it probably did not. */
const LIKELY = {
  load: { task: (type: string) => `load ${type}`, cause: 'Does its module do work when it is loaded?' },
  prepare: { task: (type: string) => `prepare ${type}`, cause: 'Does prepare() wait for something that start() should do?' },
  reattach: { task: (type: string) => `take ${type} up again`, cause: 'Does reattach() wait for something that start() should do?' },
  stop: { task: (type: string) => `end ${type}`, cause: 'Does start() watch context.signal?' },
  kill: { task: (type: string) => `kill ${type}`, cause: 'Does kill() make start() settle?' },
  resume: { task: (type: string) => `resume ${type}`, cause: 'Does resume() wait for the end of the work?' },
  unblock: { task: (type: string) => `unblock ${type}`, cause: 'Does unblock() wait for the end of the work?' },
  dispose: { task: (type: string) => `dispose of ${type}`, cause: 'Does [Symbol.asyncDispose]() wait for something that never ends?' },
} as const;

export type PluginCall = keyof typeof LIKELY;

/** Which plugin did not do what, in which time, and why it probably did not. */
export function pluginTimedOut({ plugin, type }: Callee, call: PluginCall, limit: number): JobError {
  const { task, cause } = LIKELY[call];
  return new JobError({ code: 'PluginTimedOut', message: `'${plugin}' did not ${task(type)} in ${spoken(limit)}. ${cause}` });
}

/** "30 s", as the specification has it. */
function spoken(milliseconds: number): string {
  return formatDuration(milliseconds).replace(/^(\d+)s$/, '$1 s');
}

export function pluginInvalid({ plugin, type }: Callee, what: string): JobError {
  return new JobError({ code: 'PluginInvalid', message: `'${plugin}': ${type} ${what}` });
}

export function pluginMessageInvalid({ plugin, type }: Callee, what: string): JobError {
  return new JobError({ code: 'PluginMessageInvalid', message: `'${plugin}': ${type} ${what}` });
}

/**
 * Makes a call; rejects with what it throws, or with `late` when the time is up. A result that comes later goes to `tooLate`,
 * so that nothing of it is left lying.
 */
export async function withinLimit<T>(clock: Clock, limit: number, late: () => Error, call: () => T | Promise<T>, tooLate?: (result: T) => void): Promise<T> {
  const cut = new AbortController();
  let isLate = false;
  // By a promise of ours: a thenable of the plugin's may call back as often as it likes.
  const called = new Promise<T>((resolve) => resolve(call()));
  const result = called.then((value) => (isLate && tooLate?.(value), value));
  const up = clock.sleep(limit, cut.signal).then(
    () => {
      isLate = true;
      throw late();
    },
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([result, up]);
  } finally {
    cut.abort();
    result.catch(() => {});
    up.catch(() => {});
  }
}

/** A call outside a run, with the limit that every call has. */
export function callPlugin<T>(clock: Clock, callee: Callee, call: PluginCall, make: () => T | Promise<T>): Promise<T> {
  return withinLimit(clock, CALL_LIMIT, () => pluginTimedOut(callee, call, CALL_LIMIT), make);
}

/** An error of the plugin's as plain facts. */
export interface PluginError {
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
}

const LONGEST_TEXT = 65_536;

/** What is to be told of whatever was thrown. */
export function errorOf(thrown: unknown): PluginError {
  const read = (key: string): string | undefined => {
    try {
      const value: unknown = (thrown as Record<string, unknown>)[key];
      return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_TEXT) : undefined;
    } catch {
      return undefined;
    }
  };
  const [message, code, stack] = [read('message') ?? textOf(thrown), read('code'), read('stack')];
  return { message, ...(code === undefined ? {} : { code }), ...(stack === undefined ? {} : { stack }) };
}

function textOf(thrown: unknown): string {
  if (thrown === undefined || thrown === null || typeof thrown === 'object' || typeof thrown === 'function') return 'it failed and did not say why';
  return String(thrown).slice(0, LONGEST_TEXT);
}

/** Errors of ours are known by their code; the message of a plugin's error is told unchanged. Source: jobs.md 4.9. */
export function statusOf({ code, message }: PluginError): string {
  return code !== undefined && OURS.includes(code) ? `${code}: ${message}` : message;
}

const OURS: readonly string[] = ['PluginTimedOut', 'PluginInvalid', 'PluginMessageInvalid', 'PluginLoadFailed', 'RecordNotSerializable', 'StreamClosed', 'StdioProtocolViolation', 'StdioProtocolUnsupported', 'StoreFull', 'InputOutputError', 'ReadOnlyFileSystem'];
