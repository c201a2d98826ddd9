import type { Clock } from '@nightshift/sdk';
import { spawnCompanion, type Companion } from '../launch/spawn-detached.ts';
import { lineCutter } from './lines.ts';
import { crashed, noMessage, timedOut, tooMuch } from './losses.ts';
import type { Answer, Call, Fault, PluginPlace, Question } from './messages.ts';
import { ThrownByPlugin } from './thrown-by-plugin.ts';

/** The longest that a call into a plugin may take, in milliseconds. Source: jobs.md 18.3. */
export const CALL_LIMIT = 30_000;
/** As many definitions as a folder may hold. */
const MOST_ITEMS = 10_000;

export interface SessionParts {
  /** Program and arguments that serve a plugin. */
  readonly argv: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Milliseconds. Default: `CALL_LIMIT`. */
  readonly callLimit?: number;
}

/** What came for one call, not looked at yet. */
export interface Called {
  readonly value: unknown;
  readonly items: readonly unknown[];
}

/** One life of a plugin process. What goes wrong with it ends it, and it is not used again. */
export interface PluginSession {
  isOver(): boolean;
  /** One at a time. `doing`: what the plugin was asked for, as part of a sentence. Throws `PluginTimedOut`, `PluginCrashed`, `PluginMessageInvalid`, `ThrownByPlugin`. */
  call(ask: Call, doing: string): Promise<Called>;
  /** The same for what may take for ever: items are told as they come. */
  follow(ask: Call, onItem: (item: unknown) => void): Promise<void>;
  end(): void;
}

/** The call that is not answered yet. */
interface Waiting {
  readonly id: number;
  readonly items: unknown[];
  /** In place of being kept. */
  readonly onItem?: (item: unknown) => void;
  readonly resolve: (called: Called) => void;
  readonly reject: (cause: Error) => void;
}

export function openPluginSession(place: PluginPlace, { argv, environment, clock, callLimit = CALL_LIMIT }: SessionParts): PluginSession {
  const companion: Companion = spawnCompanion(argv, { cwd: place.path, env: environment });
  let waiting: Waiting | undefined;
  let over: Error | undefined;
  let count = 0;
  companion.hold(false);

  const endWith = (cause: Error): void => {
    over ??= cause;
    companion.kill();
    waiting?.reject(over);
  };
  const hear = (line: string): void => {
    const answer = over === undefined ? answerIn(line) : undefined;
    if (over === undefined && answer === undefined) endWith(noMessage(place, line));
    if (answer === undefined || waiting === undefined || answer.id !== waiting.id) return;
    if ('error' in answer) waiting.reject(new ThrownByPlugin(answer.error));
    else if ('value' in answer) waiting.resolve({ value: answer.value, items: waiting.items });
    else if (waiting.onItem !== undefined) waiting.onItem(answer.item);
    else if (waiting.items.push(answer.item) > MOST_ITEMS) endWith(tooMuch(place, `more than ${MOST_ITEMS} definitions`));
  };
  companion.channel.on('data', lineCutter(hear, () => endWith(tooMuch(place, 'a message of more than 1 MB'))));
  void companion.gone.then((how) => endWith(crashed(place, how, companion.lastWords())));

  const ask = async (question: Call, more: Pick<Waiting, 'onItem'>): Promise<Called> => {
    if (over !== undefined) throw over;
    const { promise, resolve, reject } = Promise.withResolvers<Called>();
    count += 1;
    waiting = { id: count, items: [], resolve, reject, ...more };
    companion.hold(true);
    try {
      companion.channel.write(`${JSON.stringify({ id: count, ask: question } satisfies Question)}\n`);
      return await promise;
    } finally {
      waiting = undefined;
      companion.hold(false);
    }
  };
  return {
    isOver: () => over !== undefined,
    end: () => endWith(crashed(place, {}, '')),
    async call(question, doing) {
      const answered = new AbortController();
      clock.sleep(callLimit, answered.signal).then(() => endWith(timedOut(place, doing, callLimit)), () => {});
      try {
        return await ask(question, {});
      } finally {
        answered.abort();
      }
    },
    follow: async (question, onItem) => void (await ask(question, { onItem })),
  };
}

/** Undefined: no line of ours. */
function answerIn(line: string): Answer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, error, ...rest } = value as { readonly id?: unknown; readonly error?: Partial<Fault> | null; readonly value?: unknown; readonly item?: unknown };
  if (typeof id !== 'number') return undefined;
  if ('value' in rest) return { id, value: rest.value };
  if ('item' in rest) return { id, item: rest.item };
  return typeof error?.message === 'string' ? { id, error: faultIn({ ...error, message: error.message }) } : undefined;
}

function faultIn({ code, message, hint, path }: Fault): Fault {
  return {
    message,
    ...(typeof code === 'string' && /^[A-Z][A-Za-z0-9]{0,63}$/.test(code) ? { code } : {}),
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(Array.isArray(path) && path.every((one) => typeof one === 'string' || typeof one === 'number') ? { path } : {}),
  };
}
