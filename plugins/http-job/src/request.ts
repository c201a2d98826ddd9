/** One request and its answer. */
import { type Clock, formatDuration } from '@nightshift/sdk';
import { HEADER_VALUE, type HttpSpec } from './spec.ts';
import { fill, mapTexts, type Values } from './values.ts';

/** More than this is no answer for a record. */
const LONGEST = 1_048_576;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** False: it is longer, and `text` its beginning. */
  readonly isWhole: boolean;
  /** Milliseconds until the last byte. */
  readonly duration: number;
}

/** As `get-job` shows it. A query may hold what is nobody's business. */
export function shownRequest({ method, url }: Pick<HttpSpec, 'method' | 'url'>): string {
  const { origin, pathname, search } = new URL(url);
  return `${method} ${origin}${pathname}${search === '' ? '' : '?…'}`;
}

/** Rejects where there is no answer in time, and with the reason of `signal` when that fires. */
export async function send(spec: HttpSpec, values: Values, clock: Clock, signal: AbortSignal): Promise<Answer> {
  const late = new AbortController();
  const done = new AbortController();
  const began = clock.monotonic();
  // Rejected when the answer was there first.
  void clock.sleep(spec.timeout, done.signal).then(() => late.abort(new Error(`it took longer than ${formatDuration(spec.timeout)}`)), () => {});
  try {
    const response = await fetch(spec.url, { ...initOf(spec, values), signal: AbortSignal.any([signal, late.signal]) });
    const body = await readBody(response);
    return { status: response.status, headers: response.headers, duration: clock.monotonic() - began, ...body };
  } finally {
    done.abort();
  }
}

function initOf({ method, headers, body, json, followRedirects }: HttpSpec, values: Values): RequestInit {
  // A socket that is kept would keep the process.
  const all = new Headers({ connection: 'close', ...(json === undefined ? {} : { 'content-type': 'application/json' }) });
  for (const [name, text] of Object.entries(headers)) {
    // Node's own complaint would repeat the value.
    if (!HEADER_VALUE.test(fill(text, values))) throw new Error(`a secret in the header ${name} holds what no header can hold: a line end or a letter beyond Latin-1`);
    all.set(name, fill(text, values));
  }
  const sent = json === undefined ? body && fill(body, values) : JSON.stringify(mapTexts(json, (text) => fill(text, values)));
  return { method, headers: all, redirect: followRedirects ? 'follow' : 'manual', ...(sent === undefined ? {} : { body: sent }) };
}

async function readBody({ body }: Response): Promise<Pick<Answer, 'text' | 'isWhole'>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop gives the rest up.
  for await (const part of body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > LONGEST) break;
  }
  return { text: Buffer.concat(parts).subarray(0, LONGEST).toString('utf8'), isWhole: length <= LONGEST };
}
