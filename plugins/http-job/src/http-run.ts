/** A run of an HttpJob: tries until an answer is as expected, or no further try is left. */
import { isDeepStrictEqual } from 'node:util';
import { formatDuration, isMap, type JobContext, type JobOutcome, type JobRun } from '@nightshift/sdk';
import { type Answer, send, shownRequest } from './request.ts';
import type { HttpSpec } from './spec.ts';
import { mapTexts, masked, type Values } from './values.ts';

/** Nothing is sent before `start`; a stop gives up the request or the wait for the next one at once. */
export function prepareHttp(context: JobContext<HttpSpec>): JobRun<{ persist: true; kill: true }> {
  const killed = new AbortController();
  const signal = AbortSignal.any([context.signal, killed.signal]);
  return {
    start: () => work(context, signal).catch((cause: unknown) => {
      if (signal.aborted) return { state: 'Stopped', reason: String(signal.reason) };
      throw cause;
    }),
    kill: async (reason) => killed.abort(reason),
    [Symbol.asyncDispose]: async () => killed.abort('stopped'),
  };
}

async function work(context: JobContext<HttpSpec>, signal: AbortSignal): Promise<JobOutcome> {
  const { spec, clock, streams, secrets: values } = context;
  for (let tries = 0; ; tries++) {
    signal.throwIfAborted();
    const { answer, fault } = await attempt(context, values, signal);
    signal.throwIfAborted();
    const mayPass = answer === undefined || [408, 429].includes(answer.status) || answer.status >= 500;
    if (fault !== undefined && tries < spec.retries.limit && mayPass) {
      const wait = Math.max(spec.retries.delay, retryAfter(answer, clock.now()));
      await streams.warning.write(`${fault}; once more in ${formatDuration(wait)}`);
      await clock.sleep(wait, signal);
    } else {
      if (answer !== undefined) await tell(context, answer, values);
      return fault === undefined ? { state: 'Completed' } : { state: 'Failed', error: new Error(fault) };
    }
  }
}

/** No answer where nobody gave one; no fault where everything is as expected. */
async function attempt({ spec, clock }: JobContext<HttpSpec>, values: Values, signal: AbortSignal): Promise<{ readonly answer?: Answer; readonly fault?: string | undefined }> {
  try {
    const answer = await send(spec, values, clock, signal);
    return { answer, fault: faultOf(answer, spec, (text) => masked(text, values)) };
  } catch (thrown) {
    const { message, cause } = thrown as Error & { readonly cause?: NodeJS.ErrnoException };
    return { fault: masked(`no answer to ${shownRequest(spec)}: ${cause?.message || cause?.code || message}`, values) };
  }
}

/** Milliseconds that the server asks for: seconds or an instant (RFC 9110, 10.2.3), at most an hour. */
function retryAfter(answer: Answer | undefined, now: Date): number {
  const text = answer?.headers.get('retry-after') ?? '';
  const asked = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return asked > 0 ? Math.min(asked, 3_600_000) : 0;
}

function faultOf({ status, text, isWhole, duration, headers }: Answer, spec: HttpSpec, safe: (text: string) => string): string | undefined {
  const { expect } = spec;
  const from = `from ${shownRequest(spec).replace(/^\S+ /, '')}`;
  if (!expect.status.some((one) => String(status) === one || (one.endsWith('xx') && one[0] === String(status)[0]))) return `expected status ${expect.status.join(' or ')}, got ${status} ${from}`;
  if (!isWhole) return `expected an answer of at most 1 MiB, got more ${from}`;
  if (expect.maxDuration !== undefined && duration > expect.maxDuration) return `expected an answer within ${formatDuration(expect.maxDuration)}, it took ${formatDuration(duration)} ${from}`;
  if (expect.bodyIncludes !== undefined && !text.includes(expect.bodyIncludes)) return `expected an answer with ${JSON.stringify(expect.bodyIncludes)}, which is not in the one ${from}`;
  for (const [path, expected] of Object.entries(expect.json)) {
    const found = memberOf(valueOf(text, headers), path);
    if (!isDeepStrictEqual(found, expected)) return `expected ${path} to be ${JSON.stringify(expected)}, got ${safe(JSON.stringify(found) ?? 'nothing').slice(0, 200)} ${from}`;
  }
  return undefined;
}

function memberOf(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner, key) => ((isMap(inner) || Array.isArray(inner)) && Object.hasOwn(inner, key) ? (inner as Readonly<Record<string, unknown>>)[key] : undefined), value);
}

/** The JSON value where the answer says that it is one, else the text. */
function valueOf(text: string, headers: Headers): unknown {
  if (!/[/+]json\b/i.test(headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function tell({ streams }: JobContext<HttpSpec>, answer: Answer, values: Values): Promise<void> {
  await streams.information.write({ message: { status: answer.status, duration: Math.round(answer.duration) }, tags: ['http'] });
  if (answer.isWhole && answer.text !== '') await streams.output.write(mapTexts(valueOf(answer.text, answer.headers), (text) => masked(text, values)));
}
