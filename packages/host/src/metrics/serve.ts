/** A small answerer of one question, for this machine alone. `node:http` is loaded by whoever asks for it. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JobError } from '@nightshift/sdk';
import { CONTENT_TYPE } from './exposition.ts';

export interface MetricsServer {
  /** `http://127.0.0.1:PORT/metrics` */
  readonly url: string;
  /** Ends it, connections that are open included. */
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
/** Source: security specification S23; a question of a scraper takes a few hundred bytes and no time. Milliseconds, and bytes. */
const LIMITS = { maxHeaderSize: 16_384, headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 1_000 } as const;
const HEADERS = 100;
const CONNECTIONS = 32;
const IDLE = 60_000;

/**
 * Answers GET and HEAD of /metrics with `text()`. 0: any free port. Throws `PortInUse`, `ParameterArgumentValidationError` for a
 * port that only root may have. `failed` is told of what goes wrong later.
 */
export async function serveMetrics(port: number, text: () => string, failed: (cause: Error) => void): Promise<MetricsServer> {
  const server = process.getBuiltinModule('node:http').createServer(LIMITS, (request, response) => answer(request, response, text, failed));
  server.maxHeadersCount = HEADERS;
  server.maxConnections = CONNECTIONS;
  server.timeout = IDLE;
  await listen(server, port);
  server.on('error', failed);
  return {
    url: `http://${ADDRESS}:${(server.address() as AddressInfo).port}/metrics`,
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, ADDRESS, resolve);
  try {
    await promise;
  } catch (cause) {
    throw explained(cause as NodeJS.ErrnoException, port);
  }
  server.off('error', reject);
}

function explained(cause: NodeJS.ErrnoException, port: number): JobError {
  const place = `port ${port} of ${ADDRESS}`;
  if (cause.code === 'EADDRINUSE') return new JobError({ code: 'PortInUse', message: `another program listens on ${place}`, hint: 'take another one; --metrics-port 0 takes any that is free' }, { cause });
  if (cause.code === 'EACCES') return new JobError({ code: 'ParameterArgumentValidationError', message: `only root may listen on ${place}`, hint: 'take one above 1023' }, { cause });
  return new JobError({ code: 'InputOutputError', message: `${place} cannot be listened on: ${cause.message}` }, { cause });
}

function answer(request: IncomingMessage, response: ServerResponse, text: () => string, failed: (cause: Error) => void): void {
  const status = refusalOf(request);
  if (status !== undefined) return end(response, status, '');
  try {
    end(response, 200, text());
  } catch (cause) {
    failed(cause as Error);
    end(response, 500, '');
  }
}

/** In the order of security specification S20: what is asked by whom, before what for. */
function refusalOf({ headers, rawHeaders, method, url }: IncomingMessage): number | undefined {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts !== 1) return 400;
  // A name that leads here from elsewhere is a page in somebody's browser.
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/i.test(headers.host ?? '') || headers.origin !== undefined) return 403;
  if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0') return 413;
  if (url !== '/metrics' && url?.startsWith('/metrics?') !== true) return 404;
  return method === 'GET' || method === 'HEAD' ? undefined : 405;
}

function end(response: ServerResponse, status: number, text: string): void {
  const refused = status === 200 ? {} : { Connection: 'close', ...(status === 405 ? { Allow: 'GET, HEAD' } : {}) };
  response.writeHead(status, { 'Content-Type': CONTENT_TYPE, 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...refused });
  response.end(text);
}
