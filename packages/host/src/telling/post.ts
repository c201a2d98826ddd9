/**
 * One POST to a receiver that may be anything. Source: S24. The address of each hop is looked up once, checked, and that very
 * address is connected to: a name that means another one a moment later changes nothing. No proxy is asked. A redirect is
 * followed with the same body; it may lead to public addresses only, whatever was allowed for the address that was written
 * down, and the headers of the configuration do not go along to another server.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import { isJobError, JobError, type Clock } from '@nightshift/sdk';
import { addressFault } from '../config/hook-faults.ts';
import { isPrivate } from './addresses.ts';

export interface Posting {
  readonly address: string;
  readonly allowPrivate: boolean;
  /** Of the configuration: for the server of `address` alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** For everybody, such as the event's id. */
  readonly ownHeaders: Readonly<Record<string, string>>;
  readonly body: string;
}

/** For everything together, in milliseconds: looking up, connecting, redirects, the answer. */
const PATIENCE = 10_000;
const REDIRECTS = 5;
/** Nobody reads what a receiver says; it may say so much before the line is cut. */
const ANSWER_BYTES = 65_536;
/** Those that ask for the same again elsewhere; 303 says that it has arrived. */
const REDIRECTING = [301, 302, 307, 308];

/** Undefined when the receiver has it (2xx, 303), else a sentence why not, without the address, which may be a secret. Throws only when `signal` fires. */
export async function post(posting: Posting, clock: Clock, signal: AbortSignal): Promise<string | undefined> {
  const [late, over] = [new AbortController(), new AbortController()];
  void clock.sleep(PATIENCE, over.signal).then(() => late.abort(), () => {});
  try {
    return await follow(posting, AbortSignal.any([signal, late.signal]));
  } catch (cause) {
    signal.throwIfAborted();
    if (late.signal.aborted) return `no answer in ${PATIENCE / 1_000} s`;
    return sentenceOf(cause);
  } finally {
    over.abort();
  }
}

async function follow(posting: Posting, signal: AbortSignal): Promise<string | undefined> {
  const first = urlOf(posting.address);
  let url = first;
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const isOwn = url.origin === first.origin;
    const { status, location } = await ask(url, { ...posting, allowPrivate: posting.allowPrivate && isOwn, headers: isOwn ? posting.headers : {} }, signal);
    if ((status >= 200 && status < 300) || status === 303) return undefined;
    if (!REDIRECTING.includes(status) || location === undefined) return `the receiver answered ${status}`;
    url = urlOf(location, url);
    if (first.protocol === 'https:' && url.protocol === 'http:') return 'the receiver redirects from https to http';
  }
  return `the receiver redirects more than ${REDIRECTS} times`;
}

function urlOf(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
  const fault = addressFault(url?.href ?? '');
  if (url === undefined || fault !== undefined) throw refusal(fault ?? 'it is no address');
  return url;
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
}

function ask(url: URL, { allowPrivate, headers, ownHeaders, body }: Posting, signal: AbortSignal): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !allowPrivate && isPrivate(host)) throw isPrivateAddress(host);
  const { request } = url.protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined;
    const asked: ClientRequest = request(url, {
      method: 'POST',
      // A connection of its own: one that is kept would go to whoever was checked then.
      agent: false,
      signal,
      lookup: checkedLookup(allowPrivate),
      headers: { 'user-agent': 'nightshift', ...headers, ...ownHeaders, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    // What goes wrong after the answer has come changes nothing of it.
    asked.on('error', (cause) => (answer === undefined ? reject(cause) : resolve(answer)));
    // Nobody asked for another protocol: without an ear for it the connection would end without a word.
    asked.on('upgrade', ({ statusCode = 0 }: IncomingMessage, socket) => {
      resolve({ status: statusCode, location: undefined });
      socket.destroy();
    });
    asked.on('response', (response: IncomingMessage) => {
      answer = { status: response.statusCode ?? 0, location: response.headers.location };
      readLittle(response);
      response.on('close', () => resolve(answer as Answer));
    });
    asked.end(body);
  });
}

function readLittle(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => {}); // The status has come.
}

/** Answers with the addresses that may be reached, all of them checked; connected to is one of these and no other. */
function checkedLookup(allowPrivate: boolean): LookupFunction {
  return (host, options, answer) => {
    process.getBuiltinModule('node:dns').lookup(host, { ...options, all: true }, (cause, found) => {
      if (cause !== null) return answer(cause, '');
      const allowed = found.filter(({ address }) => allowPrivate || !isPrivate(address));
      const [first] = allowed;
      if (first === undefined) return answer(isPrivateAddress(found[0]?.address ?? host) as Error, '');
      if (options.all === true) answer(null, allowed);
      else answer(null, first.address, first.family);
    });
  };
}

function isPrivateAddress(address: string): JobError {
  return refusal(`${address} is an address of this machine, of a private network or of a metadata service; "allowPrivate: true" allows it for the address that is written in the configuration, never for one that a redirect names`);
}

function refusal(message: string): JobError {
  return new JobError({ code: 'ConfigUnsafe', message });
}

/** Of errors of the network their code says enough, and their message may hold what nobody should read. */
function sentenceOf(cause: unknown): string {
  if (isJobError(cause)) return cause.message;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (cause instanceof AggregateError && cause.errors.length > 0) return sentenceOf(cause.errors[0]);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name of the receiver cannot be resolved (${code})`;
  return code === undefined ? message : `the receiver cannot be reached (${code})`;
}
