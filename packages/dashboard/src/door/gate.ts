/**
 * What is asked of every request before anybody looks at what it wants, in this order: is it well formed; does it name us, and
 * only us, as its host; does it come from a page of ours or from none; does it bear the token, or the cookie of a browser that was
 * let in. Source: security specification S20.
 *
 *     400 malformed   one Host header too few or too many, a target that is no path, or whose decoding is ambiguous
 *     403 foreign     a Host or an Origin that is not ours: a page elsewhere, or a name that leads here (DNS rebinding)
 *     401 stranger    neither token nor cookie
 *
 * Pure: the facts of a request in, a refusal or what is known of it out.
 */
import { Refusal } from './refusal.ts';
import type { Session } from './sessions.ts';

/** A request as it came over the wire. `rawHeaders`: names and values in turn, as Node gives them. */
export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
}

/** Whom we answer. */
export interface Doorkeeper {
  /** Every `name:port` that leads to us, in lower case; with TLS on 443, and without it on 80, also without the port. */
  readonly hosts: ReadonlySet<string>;
  /** `http`, or `https` with TLS. */
  readonly scheme: 'http' | 'https';
  /** Whether this is our token, in constant time. */
  isToken(token: string): boolean;
  /** Whose cookie this is, in constant time; undefined: nobody's. */
  sessionOf(cookie: string): Session | undefined;
  readonly cookieName: string;
}

/** What is known of a request that may pass. */
export interface Passed {
  /** Decoded once, in segments, without the empty first one. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** What it has shown; `none` only where the path is that of a login. */
  readonly shown: 'cookie' | 'token' | 'none';
  /** Of the cookie. */
  readonly session: Session | undefined;
}

/** The path that needs no token: it bears a word that is good for one. */
export const LOGIN = 'login';

/** Headers of a request. Their size is limited by the parser. */
const MOST_HEADERS = 100;
/** Printable ASCII but `#`, `\`, `"`, `<`, `>`, `^`, `{`, `}`, `|` and the grave accent: what no target may hold unescaped (RFC 3986). */
const TARGET = /^\/[!$-;=?-Z[\]_a-z~]*$/;

export function admit(request: RawRequest, keeper: Doorkeeper): Passed {
  if (request.rawHeaders.length / 2 > MOST_HEADERS) throw new Refusal(431, `more than ${MOST_HEADERS} headers`);
  const host = hostOf(request);
  const { segments, query } = targetOf(request.url);
  if (!keeper.hosts.has(host)) throw new Refusal(403, 'the Host header does not name this dashboard');
  const origins = valuesOf(request, 'origin');
  if (origins.some((origin) => !isOurs(origin, keeper))) throw new Refusal(403, 'the request comes from a page of somebody else');
  // A page elsewhere sends no Origin with a picture; the browser says all the same where it comes from.
  if (segments[0] === LOGIN && valuesOf(request, 'sec-fetch-site').some((site) => site !== 'none' && site !== 'same-origin')) throw new Refusal(403, 'the request comes from a page of somebody else');
  const { shown, session } = shownBy(request, keeper);
  if (shown === 'none' && segments[0] !== LOGIN) throw new Refusal(401, 'a token is missing, or is not ours', { hint: 'open the address that "nightshift dashboard" prints, or send the token of its file as "Authorization: Bearer …"' });
  // The answer to a GET would be begun and left lying: an event stream that nobody ends, a login that nobody sees.
  if (request.method === 'HEAD') throw new Refusal(404, 'only GET and POST are answered');
  return { segments, query, shown, session };
}

function hostOf(request: RawRequest): string {
  const [host, ...others] = valuesOf(request, 'host');
  if (host === undefined || others.length > 0 || host === '') throw new Refusal(400, 'exactly one Host header is needed');
  return host.toLowerCase();
}

/** Decoded once. What could be decoded again, or means another place than it says, is refused: nobody writes that by accident. */
export function targetOf(url: string): Pick<Passed, 'segments' | 'query'> {
  if (!TARGET.test(url) || url.startsWith('//')) throw new Refusal(400, 'the target is no path');
  const [path = '', query = ''] = splitOnce(url, '?');
  const segments = path.slice(1).split('/').map(decodedOnce);
  // A folder may be written with a slash behind it, and only there is nothing between two.
  if (segments.some((segment, index) => segment === '.' || segment === '..' || (segment === '' && index < segments.length - 1))) throw new Refusal(400, 'the path leads elsewhere than it says');
  for (const part of query.split(/[&=]/)) decoded(part.replaceAll('+', ' '));
  return { segments: segments.filter((segment) => segment !== ''), query: new URLSearchParams(query) };
}

function decodedOnce(segment: string): string {
  const text = decoded(segment);
  if (/%[0-9a-f]{2}/i.test(text)) throw new Refusal(400, 'the path is encoded more than once');
  // Not even where they are encoded: for somebody behind us they are separators, or the end.
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\x1f\x7f/\\]/.test(text)) throw new Refusal(400, 'the path holds a character that no name has');
  return text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, 'the target is not encoded as UTF-8');
  }
}

function splitOnce(text: string, at: string): readonly string[] {
  const index = text.indexOf(at);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function isOurs(origin: string, { scheme, hosts }: Doorkeeper): boolean {
  const prefix = `${scheme}://`;
  return origin.startsWith(prefix) && hosts.has(origin.slice(prefix.length).toLowerCase());
}

function shownBy(request: RawRequest, keeper: Doorkeeper): Pick<Passed, 'shown' | 'session'> {
  const bearer = valuesOf(request, 'authorization').map((value) => /^Bearer ([\w-]+)$/i.exec(value)?.[1] ?? '');
  if (bearer.length === 1 && keeper.isToken(bearer[0] as string)) return { shown: 'token', session: undefined };
  const cookies = valuesOf(request, 'cookie').flatMap((value) => value.split(';')).map((pair) => splitOnce(pair.trim(), '='));
  // Another page on this machine can set a cookie of this name as well: one that is ours must be among them.
  const [session] = cookies.flatMap(([name, value = '']) => (name === keeper.cookieName ? (keeper.sessionOf(value) ?? []) : []));
  return { shown: session === undefined ? 'none' : 'cookie', session };
}

export function valuesOf({ rawHeaders }: Pick<RawRequest, 'rawHeaders'>, name: string): readonly string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}
