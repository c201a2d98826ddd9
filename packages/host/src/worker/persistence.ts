import { isJobError, type Clock, type JobErrorFacts } from '@nightshift/sdk';
import type { Troubles } from '@nightshift/scheduler';
import { tellingLate } from '../engine/telling-late.ts';

/** Does things again that something keeps from being done: a server that is away, a full disk. It is told once, and once more when it has passed. */
export interface Persistence {
  /** Tries once. Undefined when it could not be done, after a second; when the signal has fired, at once and without a word. */
  once<T>(place: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined>;
  /** Tries until it is done, at least once; undefined when the signal fires first. */
  until<T>(place: string, act: () => Promise<T>, signal: AbortSignal): Promise<T | undefined>;
  /** As `once`; where it takes long, that is told as well, and it is waited for on. A server that is cut off refuses nothing: it is silent. */
  soon<T>(place: string, act: () => Promise<T>, signal: AbortSignal): Promise<T | undefined>;
}

/** Milliseconds between two tries. */
const PAUSE = 1_000;

export function createPersistence(troubles: Troubles, clock: Clock): Persistence {
  const once = async <T>(place: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> => {
    try {
      const result = await act();
      troubles.pass(place);
      return result;
    } catch (cause) {
      if (signal?.aborted === true) return undefined;
      troubles.say(place, asFacts(cause));
      await clock.sleep(PAUSE, signal).catch(() => {});
      return undefined;
    }
  };
  return {
    once,
    soon: (place, act, signal) => once(place, () => tellingLate(troubles, clock, place, act), signal),
    async until(place, act, signal) {
      for (;;) {
        const result = await once(place, async () => ({ of: await act() }), signal);
        if (result !== undefined || signal.aborted) return result?.of;
      }
    },
  };
}

/** Also of a mistake of ours: the runs of others must not end because of it, so it is told like any trouble. */
export function asFacts(cause: unknown): JobErrorFacts {
  if (isJobError(cause)) return cause;
  const { syscall, message, stack = message } = cause as NodeJS.ErrnoException;
  return syscall === undefined ? { code: 'InternalError', message: stack.split('\n').slice(0, 3).map((line) => line.trim()).join(' ') } : { code: 'InputOutputError', message };
}
