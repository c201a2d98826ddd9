import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import httpJob from '@nightshift/http-job';
import type { CodeJobType, JobContext, JobStreams, SpecIssue } from '@nightshift/sdk';
import { exerciseJobType, TestClock } from '@nightshift/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { HttpSpec } from '../src/spec.ts';

const type = httpJob.jobTypes?.[0] as CodeJobType<HttpSpec, { persist: true; kill: true }>;
const asked: { method: string; headers: IncomingMessage['headers']; body: string }[] = [];
const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  asked.push({ method: request.method as string, headers: request.headers, body: Buffer.concat(parts).toString() });
  ROUTES[(request.url as string).split('?')[0] as string]?.(response, request);
});
let flaky = 0;
const ROUTES: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>> = {
  '/ok': (response) => response.end('all is well'),
  '/json': (response) => response.setHeader('content-type', 'application/json').end('{"database":{"state":"up"}}'),
  '/down': (response) => response.writeHead(503).end('no'),
  '/flaky': (response) => ((flaky += 1) < 3 ? response.writeHead(503, { 'retry-after': '90' }).end() : response.end('at last')),
  '/away': (response) => response.writeHead(302, { location: '/ok' }).end(),
  '/large': (response) => response.end('x'.repeat(1_048_577)),
  '/echo': (response, request) => response.end(`you said ${request.headers.authorization}`),
  '/hangs': () => {},
};
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
  type, completes: { url: `${base}/ok` }, fails: { url: `${base}/down` }, runsUntilStopped: { url: `${base}/hangs`, timeout: '30d' },
  invalid: [{}, { url: 'file:///etc/passwd' }, { url: 'http://me:word@localhost/' }, { url: base, secrets: { TOKEN: 'abc' } }],
});

function read(value: unknown): { spec?: HttpSpec; issues?: readonly SpecIssue[] } {
  const result = type.spec['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('it answers at once');
  return result.issues === undefined ? { spec: result.value } : { issues: result.issues };
}

async function begin(value: object, facts: Partial<JobContext<HttpSpec>> = {}) {
  const records: [string, unknown][] = [];
  const streams = Object.fromEntries(['output', 'error', 'warning', 'information'].map((name) => [name, { write: async (record: unknown) => void records.push([name, record]) }])) as unknown as JobStreams;
  const stop = new AbortController();
  const clock = new TestClock();
  const { spec } = read(value);
  const context = { spec, streams, clock, signal: stop.signal, secrets: {}, environment: {}, workingDirectory: '/', ...facts } as JobContext<HttpSpec>;
  const run = await type.prepare(context);
  return { run, clock, stop, records, ended: run.start() };
}
const outcome = async (value: object, facts?: Partial<JobContext<HttpSpec>>) => (await begin(value, facts)).ended;
const failing = (message: string | RegExp) => ({ state: 'Failed', error: expect.objectContaining({ message: expect.stringMatching(message) }) });

test('the answer is the output: a text, or the value of JSON', async () => {
  for (const [path, output] of [['/ok', 'all is well'], ['/json', { database: { state: 'up' } }]]) {
    const { ended, records } = await begin({ url: `${base}${path as string}` });
    expect(await ended).toEqual({ state: 'Completed' });
    expect(records).toEqual([['information', { message: { status: 200, duration: expect.any(Number) }, tags: ['http'] }], ['output', output]]);
  }
});

test.each([
  ['/down', {}, 'expected status 2xx, got 503 from http://127.0.0.1:'],
  ['/ok', { status: [204, '3xx'] }, 'expected status 204 or 3xx, got 200'],
  ['/away', {}, 'expected status 2xx, got 302'],
  ['/ok', { bodyIncludes: 'ill' }, 'expected an answer with "ill"'],
  ['/json', { json: { 'database.state': 'down' } }, 'expected database.state to be "down", got "up"'],
  ['/json', { json: { 'database.age': 1 } }, 'got nothing'],
  ['/large', {}, 'at most 1 MiB'],
])('what is not as expected fails with a sentence: %s %j', async (path, expected, message) => {
  expect(await outcome({ url: `${base}${path}`, expect: expected })).toEqual(failing(message));
});

test('what is as expected completes', async () => {
  for (const [path, expected] of [['/down', { status: 503 }], ['/json', { status: 200, json: { 'database.state': 'up' }, bodyIncludes: 'up', maxDuration: '1m' }]]) expect(await outcome({ url: `${base}${path as string}`, expect: expected })).toEqual({ state: 'Completed' });
  expect(await outcome({ url: `${base}/away`, followRedirects: true })).toEqual({ state: 'Completed' });
});

test('who says when to come again is asked again then, and not sooner', async () => {
  flaky = 0;
  const { clock, ended, records } = await begin({ url: `${base}/flaky`, retries: { limit: 2, delay: '1s' } });
  for (const count of [1, 2]) {
    await expect.poll(() => records.filter(([stream]) => stream === 'warning').length).toBe(count);
    await clock.advance(89_000);
    expect(flaky).toBe(count);
    await clock.advance(1_000);
  }
  expect(await ended).toEqual({ state: 'Completed' });
  expect(records.at(-1)).toEqual(['output', 'at last']);
  expect(records[0]?.[1]).toMatch(/got 503 .*; once more in 1m30s$/);
});

test('nobody there is a failure that says so', async () => {
  expect(await outcome({ url: 'http://127.0.0.1:1/' })).toEqual(failing('^no answer to GET http://127.0.0.1:1/: '));
});

test('who does not answer in time has failed', async () => {
  const { clock, ended } = await begin({ url: `${base}/hangs`, timeout: '5s' });
  await clock.advance(5_000);
  expect(await ended).toEqual(failing('it took longer than 5s'));
});

test('a stop ends a wait between two tries at once', async () => {
  const { stop, ended, records } = await begin({ url: `${base}/down`, retries: { limit: 1, delay: '1h' } });
  await expect.poll(() => records.length).toBe(1);
  stop.abort('stopped');
  expect(await ended).toEqual({ state: 'Stopped', reason: 'stopped' });
});

test('secrets are sent, and told by nobody', async () => {
  const spec = { url: `${base}/echo`, method: 'post', headers: { Authorization: 'Bearer ${A}' }, json: { deep: ['${B}', '${C}'] }, secrets: { A: 'env:A_TOKEN', B: 'file:token' } };
  const { ended, records } = await begin(spec, { secrets: { A: 'of-a-variable', B: 'of-a-"file"' } });
  expect(await ended).toEqual({ state: 'Completed' });
  expect(asked.at(-1)).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer of-a-variable', 'content-type': 'application/json' }, body: JSON.stringify({ deep: ['of-a-"file"', '${C}'] }) });
  expect(records.at(-1)).toEqual(['output', 'you said Bearer ***']);
});

test('a secret of a few letters leaves the answer as it is', async () => {
  const { ended, records } = await begin({ url: `${base}/echo`, headers: { Authorization: '${A}' }, secrets: { A: 'env:A' } }, { secrets: { A: 'a' } });
  expect(await ended).toEqual({ state: 'Completed' });
  expect(records.at(-1)).toEqual(['output', 'you said a']);
});

test('a secret that no header can hold fails without its value', async () => {
  const spec = { url: `${base}/echo`, headers: { Authorization: '${A}' }, secrets: { A: 'env:A' } };
  const ended = await outcome(spec, { secrets: { A: 'canary\nX: y' } });
  expect(ended).toEqual(failing('a secret in the header Authorization holds what no header can hold'));
  expect(String((ended as { error: Error }).error)).not.toContain('canary');
});

test.each<[object, string, string]>([
  [{}, 'DefinitionKeyMissing', 'has no "url"'],
  [{ url: base, methd: 'GET' }, 'DefinitionKeyUnknown', 'is not a key of an HttpJob'],
  [{ url: base, body: 'x' }, 'DefinitionKeysExclusive', 'the method GET'],
  [{ url: base, method: 'POST', body: 'x', json: 1 }, 'DefinitionKeysExclusive', 'one body'],
  [{ url: base, headers: { Authorization: 'canary' } }, 'DefinitionValueInvalid', 'must come from a secret'],
  [{ url: base, headers: { A: '${T}' }, secrets: { T: 'canary' } }, 'DefinitionValueInvalid', 'must be a reference'],
  [{ url: base, secrets: { T: 'env:T' } }, 'DefinitionValueInvalid', 'is used nowhere'],
  [{ url: base, headers: { A: '${T}' }, secrets: { T: 'env:T' }, followRedirects: true }, 'DefinitionKeysExclusive', 'wherever an answer points'],
  [{ url: base, timeout: 5 }, 'DurationInvalid', 'a duration with a unit'],
  [{ url: base, expect: { status: 'fine' } }, 'DefinitionValueInvalid', 'must be a status'],
])('%j is refused with %s, and repeated by nobody', (value, code, message) => {
  const { issues = [] } = read(value);
  expect(issues.map((issue) => ({ code: 'DefinitionValueInvalid', ...issue }))).toEqual([expect.objectContaining({ code, message: expect.stringContaining(message) })]);
  expect(JSON.stringify(issues)).not.toContain('canary');
});

test('it is shown by its method and its address, without the query, and names its secrets to the host', () => {
  const value = { url: `${base}/ok?key=canary`, headers: { A: '${T}' }, secrets: { T: 'env:T' } };
  expect(type.foresee?.({ spec: read(value).spec as HttpSpec } as never)).toEqual({ command: `GET ${base}/ok?…`, secrets: { T: 'env:T' } });
});
