import { useEffect, useRef, useState } from 'preact/hooks';
import type { ServerEvent } from '../../src/api.ts';
import { after } from '../clock.ts';
import { ask, Refused } from './ask.ts';
import { hear } from './live.ts';

/** What a page has been told. While it is asked for again, the last answer stays. */
export interface Answered<Answer> {
  readonly data: Answer | undefined;
  readonly error: Refused | undefined;
  /** Asks at once. */
  again(): void;
}

interface Wish<Answer> {
  /** What an event means for the answer: another answer, or `again` to ask for it. Default: no event touches it. */
  readonly heard?: (event: ServerEvent, answer: Answer) => Answer | 'again';
  /** Asks again after so many milliseconds, while somebody looks. Undefined: never. */
  readonly every?: (answer: Answer) => number | undefined;
}

/** Events come in crowds: what follows within this time is one question. */
const PATIENCE = 350;

/** Asks for `url`, and again whenever what happens makes the answer old. */
export function useAnswer<Answer>(url: string | undefined, wish: Wish<Answer> = {}): Answered<Answer> {
  const [held, setHeld] = useState<{ readonly url: string | undefined; readonly data?: Answer; readonly error?: Refused }>({ url });
  const wished = useRef(wish);
  wished.current = wish;
  const asker = useRef<{ soon(): void; now(): void }>({ soon() {}, now() {} });
  useEffect(() => {
    if (url === undefined) return undefined;
    const current = keepAsking<Answer>(url, wished, (told) => setHeld((before) => ({ ...(told.error !== undefined && before.url === url && before.data !== undefined ? { data: before.data } : {}), ...told, url })));
    asker.current = current;
    return () => current.end();
  }, [url]);
  const fits = held.url === url;
  return { data: fits ? held.data : undefined, error: fits ? held.error : undefined, again: () => asker.current.now() };
}

type Told<Answer> = { readonly data?: Answer; readonly error?: Refused };

function keepAsking<Answer>(url: string, wished: { readonly current: Wish<Answer> }, tell: (told: Told<Answer>) => void): { soon(): void; now(): void; end(): void } {
  const ending = new AbortController();
  let latest: Answer | undefined;
  let planned = (): void => {};
  let isAsking = false;
  let isStale = false;
  const plan = (wait: number): void => {
    planned();
    planned = after(wait, () => (document.hidden ? plan(wait) : void now()));
  };
  const now = async (): Promise<void> => {
    if (isAsking) return void (isStale = true);
    planned();
    [isAsking, isStale] = [true, false];
    try {
      latest = await ask<Answer>(url, ending.signal);
      tell({ data: latest });
    } catch (cause) {
      if (ending.signal.aborted) return;
      if (!(cause instanceof Refused)) throw cause;
      tell({ error: cause });
    } finally {
      isAsking = false;
    }
    const wait = isStale ? PATIENCE : latest === undefined ? undefined : wished.current.every?.(latest);
    if (wait !== undefined) plan(wait);
  };
  const soon = (): void => {
    if (isAsking) isStale = true;
    else if (latest !== undefined) plan(PATIENCE);
  };
  const deaf = hear((event) => {
    // Nothing is kept for who was away.
    if (event.is === 'hello') return soon();
    if (latest === undefined) return undefined;
    const next = wished.current.heard?.(event, latest) ?? latest;
    if (next === 'again') return soon();
    if (next !== latest) tell({ data: (latest = next) });
    return undefined;
  });
  void now();
  return {
    soon,
    now: () => void now(),
    end() {
      deaf();
      planned();
      ending.abort();
    },
  };
}
