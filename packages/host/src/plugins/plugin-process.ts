import { isJobError } from '@nightshift/sdk';
import { crashed } from './losses.ts';
import type { Call, PluginPlace } from './messages.ts';
import { openPluginSession, type Called, type PluginSession, type SessionParts } from './plugin-session.ts';

/** After so many calls in a row that were not answered in time none is made for a while: whoever has a thousand to make must not wait a thousand times. */
const PATIENCE = 3;
/** Milliseconds. */
const TRUCE = 300_000;
/** After so long without a call the process is ended; the next call starts another. Milliseconds. */
const IDLE_LIMIT = 60_000;

export interface PluginProcessParts extends SessionParts {
  /** Milliseconds. Default: `IDLE_LIMIT`. */
  readonly idleLimit?: number;
}

/** The process in which one plugin runs: started at the first call, and again after a crash or a long silence. */
export interface PluginProcess {
  readonly place: PluginPlace;
  /** Imports the plugin and answers with what it says of itself. Throws what `call` throws. */
  load(): Promise<unknown>;
  /** The answer, not looked at yet. `doing`: what the plugin is asked for, as part of a sentence. Throws `PluginTimedOut`, `PluginCrashed`, `PluginMessageInvalid`, `ThrownByPlugin`. */
  call(ask: Exclude<Call, { readonly call: 'load' | 'watch' }>, doing: string): Promise<Called>;
  /** Tells items as they come until the signal fires, in another process than that of the calls. Throws what `call` throws. */
  follow(ask: Extract<Call, { readonly call: 'watch' }>, onItem: (item: unknown) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

interface Loaded {
  readonly session: PluginSession;
  readonly description: unknown;
}

export function openPluginProcess(place: PluginPlace, parts: PluginProcessParts): PluginProcess {
  let current: Loaded | undefined;
  const followers = new Set<PluginSession>();
  let last: Promise<unknown> = Promise.resolve();
  let idle = new AbortController();
  let isClosed = false;

  let unanswered: readonly Error[] = [];
  let quietUntil = 0;
  const open = async (): Promise<Loaded> => {
    const session = sessionOf(place, parts);
    try {
      const { value } = await session.call({ call: 'load', place }, 'be imported');
      return { session, description: value };
    } catch (cause) {
      session.end();
      throw cause;
    }
  };
  const start = async (): Promise<Loaded> => (current?.session.isOver() === false ? current : (current = await open()));
  /** One call after the other: so it is known which one it was that the process did not survive. */
  const inTurn = async <T>(act: (loaded: Loaded) => T | Promise<T>): Promise<T> => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    idle.abort();
    try {
      const [reason] = unanswered;
      if (reason !== undefined && unanswered.length >= PATIENCE && parts.clock.monotonic() < quietUntil) throw reason;
      const answer = await act(await start());
      unanswered = [];
      return answer;
    } catch (cause) {
      if (isJobError(cause) && cause.code === 'PluginTimedOut' && !unanswered.includes(cause)) {
        unanswered = [...unanswered, cause];
        quietUntil = parts.clock.monotonic() + TRUCE;
      }
      throw cause;
    } finally {
      endWhenIdle();
      resolve();
    }
  };
  const endWhenIdle = (): void => {
    idle = new AbortController();
    if (isClosed) current?.session.end();
    else parts.clock.sleep(parts.idleLimit ?? IDLE_LIMIT, idle.signal).then(() => current?.session.end(), () => {});
  };
  return {
    place,
    load: () => inTurn(({ description }) => description),
    call: (ask, doing) => inTurn(({ session }) => session.call(ask, doing)),
    async follow(ask, onItem, signal) {
      const { session } = await open();
      followers.add(session);
      const leave = (): void => session.end();
      signal.addEventListener('abort', leave, { once: true });
      try {
        if (!isClosed && !signal.aborted) await session.follow(ask, onItem);
      } catch (cause) {
        if (!signal.aborted && !isClosed) throw cause;
      } finally {
        signal.removeEventListener('abort', leave);
        session.end();
        followers.delete(session);
      }
    },
    close() {
      isClosed = true;
      for (const session of followers) session.end();
      idle.abort();
      current?.session.end();
    },
  };
}

function sessionOf(place: PluginPlace, parts: SessionParts): PluginSession {
  try {
    return openPluginSession(place, parts);
  } catch (cause) {
    // No descriptors, no memory: the plugin cannot help it, and neither can the verb.
    throw crashed(place, { error: cause as Error }, '');
  }
}
