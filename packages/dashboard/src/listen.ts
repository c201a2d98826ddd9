/** The server below the application: addresses, limits, deadlines, and what is answered before anybody has asked anything. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { JobError } from '@nightshift/sdk';
import { HEADERS } from './door/headers.ts';
import { Refusal, wordsOf } from './door/refusal.ts';

/** What the application is told of a request besides itself. */
export interface Arrival<Passed> {
  readonly incoming: IncomingMessage;
  readonly passed: Passed;
}

export interface ListenRequest<Passed> {
  readonly addresses: readonly string[];
  /** 0: any that is free, the same on all addresses. */
  readonly port: number;
  /** PEM; default: no TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Decides who may pass, before anything else: throws a `Refusal`. */
  readonly admit: (incoming: IncomingMessage) => Passed;
  readonly answer: (request: Request, arrival: Arrival<Passed>) => Promise<Response>;
  /** Told of what goes wrong and is nobody's request. */
  readonly failed: (cause: unknown) => void;
  /** Milliseconds. Default: `LIMITS`. */
  readonly deadlines?: { readonly headersTimeout: number; readonly requestTimeout: number; readonly connectionsCheckingInterval: number };
}

export interface Listening {
  readonly port: number;
  /** The addresses that could be had; the first one always. */
  readonly addresses: readonly string[];
  /** Takes no more connections, and ends those that are open when `patience` is over. */
  close(patience: Promise<void>): Promise<void>;
}

/** Source: security specification S23. Milliseconds, and bytes. Whether there is a Host is judged at the door, as every other header. A page and a hundred event streams need fewer connections. */
const LIMITS = { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 10_000, connectionsCheckingInterval: 1_000, requireHostHeader: false } as const;
const CONNECTIONS = 256;
/** Tries to get one free port on every address. */
const TRIES = 20;

/** Throws `PortInUse`, `ParameterArgumentValidationError` for a port that only root may have, `InputOutputError`. */
export async function listen<Passed>(request: ListenRequest<Passed>): Promise<Listening> {
  for (let tries = 1; ; tries += 1) {
    const servers: Server[] = [];
    try {
      const [first, ...others] = request.addresses as [string, ...string[]];
      const addresses = [first];
      const server = await open(request, first, request.port);
      servers.push(server);
      const { port } = server.address() as AddressInfo;
      for (const address of others) {
        const another = await open(request, address, port).catch(unlessMissing);
        if (another !== undefined) {
          servers.push(another);
          addresses.push(address);
        }
      }
      return { port, addresses, close: async (patience) => void (await Promise.all(servers.map((one) => close(one, patience)))) };
    } catch (cause) {
      await Promise.all(servers.map((one) => close(one, Promise.resolve())));
      if (request.port !== 0 || tries === TRIES || (cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw explained(cause as NodeJS.ErrnoException, request.port);
    }
  }
}

async function open<Passed>(request: ListenRequest<Passed>, address: string, port: number): Promise<Server> {
  const limits = { ...LIMITS, ...request.deadlines };
  const server = request.tls === undefined ? createServer(limits) : createSecureServer({ ...limits, ...request.tls });
  // The number of headers is judged at the door: the parser would pass the first hundred on and forget the rest.
  server.maxHeadersCount = 0;
  server.maxConnections = CONNECTIONS;
  const serve = servedBy(request);
  server.on('request', serve);
  // Who expects something else than to be told to go on is answered like everybody.
  server.on('checkExpectation', serve);
  server.on('clientError', malformed);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, address, resolve);
  await promise;
  server.off('error', reject);
  server.on('error', request.failed);
  return server;
}

function servedBy<Passed>({ admit, answer, failed }: ListenRequest<Passed>): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    let passed: Passed;
    try {
      passed = admit(incoming);
    } catch (cause) {
      if (!(cause instanceof Refusal)) failed(cause);
      return refuse(incoming, outgoing, cause instanceof Refusal ? cause : new Refusal(400, 'the request could not be read'));
    }
    getRequestListener((request) => answer(request, { incoming, passed }), {
      overrideGlobalObjects: false,
      errorHandler: () => new Response(null, { status: 400, headers: HEADERS }),
    })(incoming, outgoing).catch(failed);
  };
}

/** Answered here, and the connection is over: what else is on it was sent by the same stranger. */
function refuse({ headers }: IncomingMessage, outgoing: ServerResponse, { status, facts }: Refusal): void {
  const { type, text } = wordsOf(status, facts, headers.accept ?? '');
  outgoing.writeHead(status, { ...HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), Connection: 'close' });
  outgoing.end(text);
}

/** What the parser has refused, or what has not come in time, is malformed; headers beyond the limit have a status of their own. */
function malformed(cause: NodeJS.ErrnoException, socket: Socket): void {
  if (cause.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, words] = cause.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  const headers = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${words}\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}

/** Not every machine has an IPv6 address of its own: the first address is enough. */
function unlessMissing(cause: unknown): undefined {
  if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
  throw cause;
}

function explained(cause: NodeJS.ErrnoException, port: number): Error {
  if (cause.code === 'EADDRINUSE') return new JobError({ code: 'PortInUse', message: `another program listens on port ${port}`, hint: 'take another one; --port 0 takes any that is free' }, { cause });
  if (cause.code === 'EACCES') return new JobError({ code: 'ParameterArgumentValidationError', message: `only root may listen on port ${port}`, hint: 'take one above 1023' }, { cause });
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND') return new JobError({ code: 'ParameterArgumentValidationError', message: '--bind names no address of this machine' }, { cause });
  return cause.syscall === undefined ? cause : new JobError({ code: 'InputOutputError', message: `port ${port} cannot be listened on: ${cause.message}` }, { cause });
}

/** What was written last is to arrive: connections end by themselves when it has, or never. */
async function close(server: Server, patience: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await Promise.race([promise, patience]);
  server.closeAllConnections();
  await promise;
}
