import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHost, systemClock, type Host } from '@nightshift/host';
import { serveDashboard, type DashboardFacts, type NextLogin } from '../src/index.ts';

export interface PlaceOptions {
  /** Text by name. */
  readonly definitions?: Readonly<Record<string, string>>;
  readonly writes?: boolean;
  readonly bind?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Another one's folder, whose stores are used as they are. */
  readonly folder?: string;
}

/** The real server over real stores, in a folder of its own. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly state: string;
  readonly definitions: string;
  readonly host: Host;
  readonly facts: DashboardFacts;
  readonly token: string;
  readonly troubles: readonly unknown[];
  /** What was said when a browser was let in, in turn. */
  readonly letIn: readonly NextLogin[];
  /** With the token, unless headers say otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** The answer of a question; throws with the body where it is refused. */
  answer<T>(path: string): Promise<T>;
  /** As a page of ours does. */
  post(path: string, body?: unknown): Promise<Response>;
  /** Bytes as they are; the answer up to the end of the connection. */
  send(text: string | Buffer): Promise<Answered>;
  stop(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export const PAGES: string = fileURLToPath(new URL('pages', import.meta.url));

export async function openPlace({ definitions = {}, writes = true, bind, tls, environment = {}, port = 0, folder: given }: PlaceOptions = {}): Promise<Place> {
  const folder = given ?? realpathSync(mkdtempSync(join(tmpdir(), 'dashboard-')));
  const [project, state] = [join(folder, 'project'), join(folder, 'state')];
  const path = join(project, 'definitions');
  mkdirSync(path, { recursive: true, mode: 0o755 });
  writeFileSync(join(project, 'package.json'), '{}\n');
  for (const [name, text] of Object.entries(definitions)) writeFileSync(join(path, `${name}.yaml`), text, { mode: 0o644 });
  const { PATH = '', HOME: _home } = process.env;
  const host = createHost({ environment: { PATH, HOME: folder, NIGHTSHIFT_STATE_DIR: state, NIGHTSHIFT_RUNTIME_DIR: '', ...environment }, workingDirectory: project, umask: 0o022 });
  const ending = new AbortController();
  const troubles: unknown[] = [];
  const letIn: NextLogin[] = [];
  const ready = Promise.withResolvers<DashboardFacts>();
  const running = serveDashboard({ host, version: '0.0.0-test', port, bind, tls, writes, pages: PAGES, warn: (cause) => void troubles.push(cause), ready: ready.resolve, letIn: (next) => void letIn.push(next) }, ending.signal);
  const facts = await Promise.race([ready.promise, running.then((): never => { throw new Error('it ended before it was ready'); })]).catch(async (cause: unknown) => {
    await host[Symbol.asyncDispose]();
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
    throw cause;
  });
  const token = readFileSync(facts.tokenFile, 'utf8').trim();
  const ask: Place['ask'] = (path_, init = {}) => fetch(new URL(path_, facts.url), { redirect: 'manual', ...init, headers: { Authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) } });
  const answer = async <T>(path_: string): Promise<T> => {
    const response = await ask(path_);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path_}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  };
  const stop = async (): Promise<void> => {
    ending.abort();
    await running;
  };
  return {
    folder,
    state,
    definitions: path,
    host,
    facts,
    token,
    troubles,
    letIn,
    ask,
    answer,
    async post(path_, body = {}) {
      const { csrf } = await answer<{ csrf: string }>('/api/session');
      return ask(path_, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, Origin: facts.url.slice(0, -1) }, body: JSON.stringify(body) });
    },
    send: (text) => sendTo(facts.port, text),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await host.removeJobs({ names: ['*'] }, { force: true });
      await host[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

export async function sendTo(port: number, text: string | Buffer): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Buffer[] = [];
  const socket = connect(port, '127.0.0.1');
  socket.on('data', (bytes: Buffer) => {
    pieces.push(bytes);
    // An event stream never ends by itself: its first words are enough.
    if (Buffer.concat(pieces).includes('"is":"hello"')) socket.destroy();
  });
  socket.on('close', () => resolve(Buffer.concat(pieces)));
  socket.on('error', (cause: NodeJS.ErrnoException) => (cause.code === 'ECONNRESET' || cause.code === 'EPIPE' ? undefined : reject(cause)));
  socket.write(text);
  const [head = '', ...body] = (await promise).toString().split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? Number.NaN),
    headers: new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])),
    body: body.join('\r\n\r\n'),
  };
}

/** A browser as it is let in. */
export interface Visitor {
  readonly cookie: string;
  /** As a page of ours asks. */
  ask(path: string): Promise<Response>;
}

export async function visit(loginUrl: string, known?: Visitor): Promise<Visitor> {
  const response = await fetch(loginUrl, { redirect: 'manual', headers: known === undefined ? {} : { Cookie: known.cookie } });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`not let in: ${response.status}`);
  return { cookie, ask: (path) => fetch(new URL(path, loginUrl), { redirect: 'manual', headers: { Cookie: cookie } }) };
}

/** Asks until the answer is something; after the deadline it says what was waited for. */
export async function until<T>(fact: string, ask: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const seen = await ask();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`not within 15 s: ${fact}`);
    await systemClock.sleep(10);
  }
}

/** A command that is started as a person would start it. */
export async function start(host: Host, name: string, script: string, more: object = {}): Promise<number> {
  const { id } = await host.startJob({ what: { type: 'BackgroundJob', spec: { command: ['sh', '-c', script], ...more } }, name, callerDirectory: '/', warn: () => undefined });
  return id;
}

export async function ended(host: Host, id: number): Promise<void> {
  await host.waitJobs({ ids: [id] }, { timeout: 15_000 } as never);
}
