import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEADERS } from '../src/door/headers.ts';
import { openPlace, start, type Place } from './place.ts';

/** A request in parts, so that each rule can be broken alone. */
interface Parts {
  readonly line: readonly [method: string, target: string, version: string];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

interface Rule {
  readonly status: number;
  readonly what: string;
  readonly breaks: (parts: Parts, place: Place) => Parts | string;
  /** Only of requests that change something. */
  readonly ofWrites?: true;
}

const without = (parts: Parts, name: string): Parts => ({ ...parts, headers: parts.headers.filter(([one]) => one.toLowerCase() !== name) });
const withHeader = (parts: Parts, name: string, value: string): Parts => ({ ...parts, headers: [...without(parts, name.toLowerCase()).headers, [name, value]] });
const more = (parts: Parts, name: string, value: string): Parts => ({ ...parts, headers: [...parts.headers, [name, value]] });
const target = (parts: Parts, change: (target: string) => string): Parts => ({ ...parts, line: [parts.line[0], change(parts.line[1]), parts.line[2]] });
const textOf = ({ line, headers, body }: Parts): string => `${line.join(' ')}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;

const rule = (status: number, what: string, breaks: Rule['breaks'], ofWrites?: true): Rule => ({ status, what, breaks, ...(ofWrites === undefined ? {} : { ofWrites }) });

/** In the order in which they are judged. */
const RULES: readonly Rule[] = [
  rule(431, 'more than a hundred headers', (parts) => Array.from({ length: 101 }, (_, n) => n).reduce((all, n) => more(all, `X-Filler-${n}`, 'x'), parts)),
  rule(431, 'headers of more than 16 KiB', (parts) => more(parts, 'X-Filler', 'x'.repeat(17_000))),
  rule(400, 'no Host', (parts) => without(parts, 'host')),
  rule(400, 'two Hosts', (parts, { facts }) => more(parts, 'Host', `127.0.0.1:${facts.port}`)),
  rule(400, 'two Hosts, one of them foreign', (parts) => more(parts, 'Host', 'evil.example')),
  rule(400, 'an empty Host', (parts) => withHeader(parts, 'Host', '')),
  rule(400, 'HTTP/1.0 without a Host', (parts) => ({ ...without(parts, 'host'), line: [parts.line[0], parts.line[1], 'HTTP/1.0'] })),
  rule(400, 'a version that there is none of', (parts) => ({ ...parts, line: [parts.line[0], parts.line[1], 'HTTP/9.9'] })),
  rule(400, 'a method that there is none of', (parts) => ({ ...parts, line: ['G@T', parts.line[1], 'HTTP/1.1'] })),
  rule(400, 'a header without a colon', (parts) => textOf(parts).replace('\r\n', '\r\nNonsense\r\n')),
  rule(400, 'a blank before the colon', (parts) => textOf(parts).replace('\r\n', '\r\nX-A : b\r\n')),
  rule(400, 'a header that goes on in the next line', (parts) => textOf(parts).replace('\r\n', '\r\nX-A: b\r\n c\r\n')),
  rule(400, 'two lengths', (parts) => more(more(without(parts, 'content-length'), 'Content-Length', '2'), 'Content-Length', '3')),
  rule(400, 'a length beside chunks', (parts) => more(more(without(parts, 'content-length'), 'Content-Length', '2'), 'Transfer-Encoding', 'chunked')),
  rule(400, 'a negative length', (parts) => withHeader(parts, 'Content-Length', '-1')),
  rule(400, 'nonsense in place of a request', () => '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'),
  rule(400, 'the address of somebody else as target', (parts) => target(parts, (path) => `http://evil.example${path}`)),
  rule(400, 'our whole address as target', (parts, { facts }) => target(parts, (path) => `${facts.url.slice(0, -1)}${path}`)),
  rule(400, 'two slashes first', (parts) => target(parts, (path) => `/${path}`)),
  rule(400, 'two slashes within', (parts) => target(parts, () => '/api//session')),
  rule(400, 'a path that goes up', (parts) => target(parts, () => '/api/../../etc/passwd')),
  rule(400, 'a path that goes up, encoded', (parts) => target(parts, () => '/api/%2e%2e/%2e%2e/etc/passwd')),
  rule(400, 'a path that goes nowhere', (parts) => target(parts, () => '/api/./session')),
  rule(400, 'a slash that is encoded', (parts) => target(parts, () => '/assets%2findex.js')),
  rule(400, 'a backslash that is encoded', (parts) => target(parts, () => '/assets%5c..%5cindex.js')),
  rule(400, 'a backslash', (parts) => target(parts, () => '/assets\\index.js')),
  rule(400, 'a NUL that is encoded', (parts) => target(parts, () => '/index.html%00.js')),
  rule(400, 'a line end that is encoded', (parts) => target(parts, () => '/api/session%0d%0aX-A:b')),
  rule(400, 'two layers of encoding', (parts) => target(parts, () => '/api/%2573ession')),
  rule(400, 'two layers of encoding that go up', (parts) => target(parts, () => '/%252e%252e/etc/passwd')),
  rule(400, 'half an encoding', (parts) => target(parts, () => '/api/session%')),
  rule(400, 'an encoding that is none', (parts) => target(parts, () => '/api/session%zz')),
  rule(400, 'bytes that are no UTF-8', (parts) => target(parts, () => '/api/%ff%fe')),
  rule(400, 'an overlong slash', (parts) => target(parts, () => '/api%c0%afsession')),
  rule(400, 'a query that is no UTF-8', (parts) => target(parts, () => '/api/jobs?text=%ff')),
  rule(400, 'a fragment', (parts) => target(parts, (path) => `${path}#x`)),
  rule(400, 'an angle bracket', (parts) => target(parts, (path) => `${path}<script>`)),
  rule(403, 'a foreign Host', (parts) => withHeader(parts, 'Host', 'evil.example')),
  rule(403, 'a foreign Host with our port', (parts, { facts }) => withHeader(parts, 'Host', `evil.example:${facts.port}`)),
  rule(403, 'a Host below ours', (parts, { facts }) => withHeader(parts, 'Host', `localhost.evil.example:${facts.port}`)),
  rule(403, 'our Host without the port', (parts) => withHeader(parts, 'Host', '127.0.0.1')),
  rule(403, 'our Host with another port', (parts, { facts }) => withHeader(parts, 'Host', `127.0.0.1:${facts.port + 1}`)),
  rule(403, 'our address as another number', (parts, { facts }) => withHeader(parts, 'Host', `0x7f.1:${facts.port}`)),
  rule(403, 'another address that leads here', (parts, { facts }) => withHeader(parts, 'Host', `127.0.0.2:${facts.port}`)),
  rule(403, 'a Host with a user', (parts, { facts }) => withHeader(parts, 'Host', `a@127.0.0.1:${facts.port}`)),
  rule(403, 'a Host with a dot behind it', (parts, { facts }) => withHeader(parts, 'Host', `localhost.:${facts.port}`)),
  rule(403, 'a foreign Origin', (parts) => withHeader(parts, 'Origin', 'http://evil.example')),
  rule(403, 'no Origin by name', (parts) => withHeader(parts, 'Origin', 'null')),
  rule(403, 'an empty Origin', (parts) => withHeader(parts, 'Origin', '')),
  rule(403, 'our Origin by another scheme', (parts, { facts }) => withHeader(parts, 'Origin', `https://127.0.0.1:${facts.port}`)),
  rule(403, 'our Origin with another port', (parts) => withHeader(parts, 'Origin', 'http://127.0.0.1:1')),
  rule(403, 'our Origin and a foreign one', (parts) => more(parts, 'Origin', 'http://evil.example')),
  rule(403, 'our Origin with a path', (parts, { facts }) => withHeader(parts, 'Origin', `http://127.0.0.1:${facts.port}/`)),
  rule(401, 'no token', (parts) => without(parts, 'authorization')),
  rule(401, 'another token', (parts) => withHeader(parts, 'Authorization', `Bearer ${'A'.repeat(43)}`)),
  rule(401, 'half the token', (parts, { token }) => withHeader(parts, 'Authorization', `Bearer ${token.slice(0, 20)}`)),
  rule(401, 'the token and some more', (parts, { token }) => withHeader(parts, 'Authorization', `Bearer ${token}A`)),
  rule(401, 'the token in other letters', (parts, { token }) => withHeader(parts, 'Authorization', `Bearer ${token.toLowerCase()}`)),
  rule(401, 'the token by another scheme', (parts, { token }) => withHeader(parts, 'Authorization', `Basic ${Buffer.from(`x:${token}`).toString('base64')}`)),
  rule(401, 'the token twice', (parts, { token }) => more(parts, 'Authorization', `Bearer ${token}`)),
  rule(401, 'the token in the query', (parts, { token }) => target(without(parts, 'authorization'), (path) => `${path}?token=${token}`)),
  rule(401, 'the token as cookie', (parts, { token, facts }) => withHeader(without(parts, 'authorization'), 'Cookie', `nightshift_${facts.port}=${token}`)),
  rule(401, 'an empty cookie', (parts, { facts }) => withHeader(without(parts, 'authorization'), 'Cookie', `nightshift_${facts.port}=`)),
  rule(404, 'a place that there is none of', (parts) => target(parts, () => '/api/nothing')),
  rule(404, 'another method', (parts) => ({ ...parts, line: ['DELETE', parts.line[1], 'HTTP/1.1'] })),
  rule(404, 'a question before the question', (parts) => ({ ...parts, line: ['OPTIONS', parts.line[1], 'HTTP/1.1'] })),
  rule(413, 'a body of more than 1 MB', (parts) => ({ ...withHeader(parts, 'Content-Length', '1048577'), body: '{}' })),
  rule(413, 'chunks of more than 1 MB', (parts) => ({ ...withHeader(without(parts, 'content-length'), 'Transfer-Encoding', 'chunked'), body: `${'10000\r\n'.concat(' '.repeat(65_536), '\r\n').repeat(17)}0\r\n\r\n` }), true),
  rule(415, 'no type', (parts) => without(parts, 'content-type'), true),
  rule(415, 'a form', (parts) => withHeader(parts, 'Content-Type', 'application/x-www-form-urlencoded'), true),
  rule(415, 'plain text', (parts) => withHeader(parts, 'Content-Type', 'text/plain'), true),
  rule(415, 'JSON in another encoding', (parts) => withHeader(parts, 'Content-Type', 'application/json; charset=utf-16'), true),
  rule(415, 'a body that is packed', (parts) => more(parts, 'Content-Encoding', 'gzip'), true),
  rule(403, 'no word against forgery', (parts) => without(parts, 'x-csrf-token'), true),
  rule(403, 'another word against forgery', (parts) => withHeader(parts, 'X-CSRF-Token', 'x'), true),
  rule(400, 'a query at a write', (parts) => target(parts, (path) => `${path}?x=1`), true),
  rule(400, 'a body that is no JSON', (parts) => ({ ...parts, body: '}{' }), true),
  rule(400, 'a body that is no object', (parts) => ({ ...parts, body: '[]' }), true),
  rule(400, 'a body that is no UTF-8', (parts) => ({ ...withHeader(parts, 'Content-Length', '2'), body: '{\xff' }), true),
];

const ROUTES = ['question', 'page', 'event stream', 'WebSocket upgrade', 'write'] as const;

let place: Place;
let csrf: string;
let job: number;
beforeAll(async () => {
  place = await openPlace({ definitions: { Hello: 'type: ScheduledJob\njob: { command: [echo, hi] }\n' } });
  ({ csrf } = await place.answer<{ csrf: string }>('/api/session'));
  job = await start(place.host, 'Sleeper', 'true');
});
afterAll(() => place[Symbol.asyncDispose]());

/** Nothing is wrong with it. */
function request(route: (typeof ROUTES)[number]): Parts {
  const common: Parts['headers'] = [['Host', `127.0.0.1:${place.facts.port}`], ['Origin', `http://127.0.0.1:${place.facts.port}`], ['Authorization', `Bearer ${place.token}`]];
  const ending: Parts['headers'] = [['Connection', route === 'WebSocket upgrade' ? 'Upgrade, close' : 'close']];
  const get = (path: string, more_: Parts['headers'] = []): Parts => ({ line: ['GET', path, 'HTTP/1.1'], headers: [...common, ...ending, ...more_], body: '' });
  switch (route) {
    case 'question':
      return get('/api/session');
    case 'page':
      return get('/jobs');
    case 'event stream':
      return get('/api/events', [['Accept', 'text/event-stream']]);
    case 'WebSocket upgrade':
      return get('/api/events', [['Upgrade', 'websocket'], ['Sec-WebSocket-Version', '13'], ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']]);
    case 'write':
      return { line: ['POST', `/api/jobs/${job}/stop`, 'HTTP/1.1'], headers: [...common, ['Connection', 'close'], ['Content-Type', 'application/json'], ['X-CSRF-Token', csrf], ['Content-Length', '2']], body: '{}' };
  }
}

const broken = (parts: Parts, one: Rule): string => {
  const made = one.breaks(parts, place);
  return typeof made === 'string' ? made : textOf(made);
};

describe('S20: every request', () => {
  test.each(ROUTES)('that keeps all rules is answered: %s', async (route) => {
    expect(await place.send(textOf(request(route)))).toMatchObject({ status: 200 });
  });

  const cases = ROUTES.flatMap((route) => RULES.filter(({ ofWrites }) => ofWrites !== true || route === 'write').map((one) => [route, one.what, one.status, one] as const));
  // A page of a view is there for any path that no file has.
  const apply = cases.filter(([route, what]) => !(route === 'event stream' || route === 'WebSocket upgrade') || !what.startsWith('chunks'));
  test.each(apply)('%s with %s is %i', async (route, _what, status, one) => {
    const { status: given, headers, body } = await place.send(Buffer.from(broken(request(route), one), 'latin1'));
    expect(given).toBe(status);
    for (const [name, value] of Object.entries(HEADERS)) expect(headers.get(name.toLowerCase())).toBe(value);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-') || name === 'set-cookie')).toEqual([]);
    expect(body).not.toContain(place.token);
    expect(body).not.toContain(csrf);
  });

  /** What the parser says of the bytes comes before anything that they mean. */
  const judged = RULES.filter(({ status, breaks, ofWrites }) => ofWrites !== true && (status === 400 || status === 403 || status === 401) && typeof breaks(sample(), { facts: { port: 1, url: 'http://127.0.0.1:1/' }, token: 'x' } as Place) !== 'string');
  const first = (status: number): readonly Rule[] => judged.filter((one) => one.status === status && !/length|version|method/.test(one.what));
  const pairs = [[400, 403], [400, 401], [403, 401]].flatMap(([earlier = 0, later = 0]) => first(earlier).map((one, index) => [one.what, first(later)[index % first(later).length] as Rule, earlier, one] as const));
  test.each(pairs)('is judged in order: %s comes before what else is wrong', async (_what, later, status, earlier) => {
    const both = earlier.breaks(later.breaks(request('question'), place) as Parts, place) as Parts;
    // Of one header there is one mistake.
    const undone = later.what.includes('Host') && earlier.what.includes('Host');
    if (!undone) expect(await place.send(Buffer.from(textOf(both), 'latin1'))).toMatchObject({ status });
  });

  test('is refused, and the next one is answered', async () => {
    for (const one of RULES) await place.send(Buffer.from(broken(request('write'), one), 'latin1'));
    expect(await place.send(textOf(request('question')))).toMatchObject({ status: 200 });
    expect(place.troubles).toEqual([]);
  });
});

function sample(): Parts {
  return { line: ['GET', '/api/session', 'HTTP/1.1'], headers: [['Host', 'x'], ['Origin', 'x'], ['Authorization', 'x']], body: '' };
}
