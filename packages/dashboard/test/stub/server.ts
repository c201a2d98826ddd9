import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorAnswer, Found, JobRow, LogPlace, ServerEvent, Session, Written } from '../../src/api.ts';
import { bytesOf, matchesOf, pieceOf, type Bytes } from './log-bytes.ts';
import { calendarOf, countsOf, createWorld, definitionDetails, definitionsPage, dueTimesOf, missedOf, nowOf, runOf, spoiledBy, systemOf, type World, type WorldOptions } from './world.ts';

const PAGES = fileURLToPath(new URL('../../dist/ui/', import.meta.url));
const KINDS: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

/** The policy of the real server, which the pages must live with. */
export const POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'";

export interface StubOptions extends Partial<WorldOptions> {
  readonly writes?: boolean;
  /** By `jobId.attempt.channel`. */
  readonly logs?: Readonly<Record<string, Bytes>>;
  /** One of them, that cannot be read. */
  readonly unreadable?: string;
}

/** The contract of the API over a world that never was. */
export interface Stub extends AsyncDisposable {
  readonly url: string;
  readonly written: readonly { readonly path: string; readonly body: string; readonly csrf: string | undefined }[];
  /** Makes the world another one; the pages hear of it when they are told. */
  change(make: (world: World) => World): void;
  tell(event: ServerEvent): void;
  setLog(word: string, bytes: Bytes, ended: boolean): void;
}

export async function startStub({ now = Date.now(), writes = true, logs = {}, unreadable, ...rest }: StubOptions = {}): Promise<Stub> {
  let world = createWorld({ now, ...rest });
  const spoil = spoiledBy(rest.hostile);
  const begun = performance.now();
  const streams = new Set<ServerResponse>();
  const written: { readonly path: string; readonly body: string; readonly csrf: string | undefined }[] = [];
  const held = new Map<string, { bytes: Bytes; ended: boolean }>(Object.entries(logs).map(([word, bytes]) => [word, { bytes, ended: true }]));
  const logOf = (id: number, attempt: number, channel: string): { bytes: Bytes; ended: boolean } => held.get(`${id}.${attempt}.${channel}`) ?? { bytes: bytesOf(channel === 'stdout' ? sampleOutput(rest.hostile, rest.isSmall === true ? 20 : 120) : id % 2 === 0 ? '' : (rest.hostile === undefined ? 'sftp: connect to host partner.example port 22: Connection timed out\n' : `${rest.hostile.join('\n')}\n`)), ended: id < 900 };
  const placesOf = (job: JobRow): LogPlace[] => Array.from({ length: job.attempt }, (_, at) => (['stdout', 'stderr'] as const).map((channel) => {
    const { bytes, ended } = logOf(job.id, at + 1, channel);
    const place = { jobId: job.id, jobName: job.name, attempt: at + 1, channel };
    if (`${job.id}.${at + 1}.${channel}` === unreadable) return { ...place, bytes: 0, ended, error: { code: 'CantLoadScheduledJobDefinitionFromStore', message: `the ${channel} of ${job.name} (${job.id}) cannot be read: it is no file of ours`, hint: 'nightshift doctor' } };
    return { ...place, bytes: bytes.size, ended };
  })).flat();

  const answers = (path: readonly string[], query: URLSearchParams): unknown => {
    const [what, one, two, three] = path;
    const jobs = [...world.running, ...world.waiting, ...world.jobs];
    if (what === 'session') return { apiVersion: 1, version: '0.1.0', csrf: 'word', writes, timeZone: 'UTC', project: spoil('/srv/shop'), user: 'lena', hostName: 'night-01' } satisfies Session;
    if (what === 'now') return nowOf(world, now);
    if (what === 'definitions' && one === undefined) return definitionsPage(world, query);
    if (what === 'definitions' && three === 'missed') return missedOf(world.definitions.find(({ key }) => key === `${one}/${two}`) as World['definitions'][number], now, spoil);
    if (what === 'definitions') return definitionDetails(world, `${one}/${two}`, now);
    if (what === 'jobs' && one === undefined) return jobsPage(jobs, query);
    const job = jobs.find(({ id }) => String(id) === one);
    const place = job === undefined ? undefined : placesOf(job).find(({ attempt, channel }) => String(attempt) === query.get('attempt') && channel === query.get('channel'));
    if (what === 'jobs' && two === undefined && job !== undefined) return runOf(world, job.id, placesOf(job), now, spoil);
    if (what === 'jobs' && two === 'log' && three === undefined && place !== undefined) return pieceOf(logOf(place.jobId, place.attempt, place.channel).bytes, place, query);
    if (what === 'jobs' && three === 'search' && place !== undefined) return matchesOf(logOf(place.jobId, place.attempt, place.channel).bytes, query);
    if (what === 'calendar' && one === undefined) return calendarOf(world, query, now, spoil);
    if (what === 'calendar') return { apiVersion: 1, due: dueTimesOf(world, query, now, spoil), cursor: null };
    if (what === 'system') return systemOf(world, now, spoil);
    if (what === 'search') return { apiVersion: 1, found: found(world, jobs, query.get('text') ?? '') };
    return undefined;
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('content-security-policy', POLICY).setHeader('x-content-type-options', 'nosniff').setHeader('cache-control', 'no-store');
    if (!url.pathname.startsWith('/api/')) return sendPage(response, url.pathname);
    if (url.pathname === '/api/events') return openStream(request, response, streams);
    const path = url.pathname.slice(5).split('/').map(decodeURIComponent);
    if (request.method === 'POST') {
      written.push({ path: url.pathname, body: await bodyOf(request), csrf: request.headers['x-csrf-token'] as string | undefined });
      const job = [...world.running, ...world.jobs].find(({ id }) => String(id) === path[1]) ?? (world.jobs[0] as JobRow);
      return sendJson(response, { apiVersion: 1, jobs: [job], definitions: [], errors: [] } satisfies Written);
    }
    if (asksTooMuch(url.searchParams)) return sendJson(response, { error: { code: 'BadRequest', message: '"limit" is a number from 1 to 500' } } satisfies ErrorAnswer, 400);
    const answer = answers(path, url.searchParams);
    if (answer === undefined) return sendJson(response, { error: { code: 'JobWithSpecifiedSessionNotFound', message: `there is no job ${path[1]}` } } satisfies ErrorAnswer, 404);
    return sendJson(response, answer);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    written,
    change(make) {
      world = make(world);
    },
    tell(event) {
      for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
    },
    setLog: (word, bytes, ended) => void held.set(word, { bytes, ended }),
    [Symbol.asyncDispose]: () => closed(server),
  };

  function openStream(request: IncomingMessage, response: ServerResponse, open: Set<ServerResponse>): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify({ is: 'hello', at: new Date(now + performance.now() - begun).toISOString(), version: '0.1.0' } satisfies ServerEvent)}\n\n`);
    open.add(response);
    request.on('close', () => open.delete(response));
    response.write(`data: ${JSON.stringify({ is: 'now', counts: countsOf(world, now), scheduler: world.scheduler } satisfies ServerEvent)}\n\n`);
  }
}

function jobsPage(jobs: readonly JobRow[], query: URLSearchParams): object {
  const [states, text, definition, since] = [query.get('state')?.split(','), query.get('text')?.toLowerCase(), query.get('definition'), query.get('since')];
  const listed = jobs.filter((job) => (states === undefined || states.includes(job.state)) && (text === undefined || job.name.toLowerCase().includes(text)) && (definition === null || job.definitionKey === definition) && (since === null || job.endTime === null || job.endTime >= since));
  const from = Number(query.get('cursor') ?? 0);
  return { apiVersion: 1, jobs: listed.slice(from, from + 50), cursor: from + 50 < listed.length ? String(from + 50) : null };
}

function found(world: World, jobs: readonly JobRow[], text: string): readonly Found[] {
  const fits = (name: string): boolean => name.toLowerCase().includes(text.toLowerCase());
  return [
    ...world.definitions.filter(({ name }) => fits(name)).map((one): Found => ({ is: 'definition', definition: { key: one.key, namespace: one.namespace, name: one.name }, folder: one.folder, enabled: one.enabled, broken: one.errors.length > 0, running: one.running })),
    ...jobs.filter(({ name }) => fits(name)).map((job): Found => ({ is: 'job', job })),
  ].slice(0, 20);
}

/** No listing of the real server has more than 500 rows a page. */
function asksTooMuch(query: URLSearchParams): boolean {
  const limit = Number(query.get('limit') ?? 1);
  return !(limit >= 1 && limit <= 500);
}

function sampleOutput(hostile: readonly string[] | undefined, count: number): string {
  if (hostile !== undefined) return hostile.map((text) => `${text}\n::warning::${text}\n`).join('');
  const lines = Array.from({ length: count }, (_, at) => (at % 40 === 17 ? `::warning::file ${at}.csv has 3 empty lines` : at % 40 === 9 ? `::debug::connection ${at} is reused` : `\u001b[90m${String(3 + Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}\u001b[0m \u001b[32mok\u001b[0m   partner/${at}.csv  ${1_204 + at * 7} rows`));
  return `\u001b[1mPartner feed\u001b[0m, 120 files\n${lines.join('\n')}\n\u001b[31mfailed\u001b[0m after 120 files: \u001b[4mconnection timed out\u001b[0m\n`;
}

function sendPage(response: ServerResponse, path: string): void {
  const file = /^\/(assets\/[\w.-]+|moon\.svg|theme\.js)$/.exec(path)?.[1] ?? 'index.html';
  response.setHeader('content-type', KINDS[extname(file)] ?? 'application/octet-stream').end(readFileSync(join(PAGES, file)));
}

function sendJson(response: ServerResponse, answer: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
