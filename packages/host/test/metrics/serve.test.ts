import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveMetrics } from '../../src/metrics/serve.ts';
import { complaintOf } from '../folder.ts';

async function served(text: () => string = () => 'x 1\n') {
  const failures: Error[] = [];
  const server = await serveMetrics(0, text, (cause) => failures.push(cause));
  onTestFinished(() => server.close());
  return { ...server, port: Number(new URL(server.url).port), failures };
}

/** What comes back to exactly these bytes. */
async function said(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}); // it may close before it has read everything
  socket.end(bytes);
  return textOf(socket);
}
const request = (line: string, ...headers: string[]): string => `${[`${line} HTTP/1.1`, ...headers].join('\r\n')}\r\nConnection: close\r\n\r\n`;

describe('a scraper of this machine', () => {
  test('gets the text of the moment, as text of version 0.0.4', async () => {
    let count = 0;
    const { url } = await served(() => `x ${(count += 1)}\n`);
    const first = await fetch(url);
    expect([first.status, first.headers.get('content-type'), await first.text()]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', 'x 1\n']);
    expect(await (await fetch(url)).text()).toBe('x 2\n');
  });

  test('gets the length without the text where it asks so', async () => {
    const { port } = await served();
    const answer = await said(port, request('HEAD /metrics', 'Host: localhost'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('Content-Length: 4\r\n');
    expect(answer.endsWith('\r\n\r\n')).toBe(true);
  });

  test('is told when there is no answer, and the scheduler is told why', async () => {
    const { url, failures } = await served(() => {
      throw new Error('no');
    });
    expect((await fetch(url)).status).toBe(500);
    expect(failures).toEqual([new Error('no')]);
  });
});

describe('whoever else asks', () => {
  test.each([
    ['without a host', request('GET /metrics'), 400],
    ['with two hosts', request('GET /metrics', 'Host: localhost', 'Host: localhost'), 400],
    ['by another name, as a page in a browser can', request('GET /metrics', 'Host: evil.example'), 403],
    ['by a name that begins like ours', request('GET /metrics', 'Host: localhost.evil.example'), 403],
    ['from a page in a browser', request('GET /metrics', 'Host: localhost', 'Origin: http://localhost'), 403],
    ['with a body', request('GET /metrics', 'Host: localhost', 'Content-Length: 5'), 413],
    ['for another page', request('GET /', 'Host: localhost'), 404],
    ['for a page below', request('GET /metrics/../x', 'Host: localhost'), 404],
    ['to change something', request('POST /metrics', 'Host: localhost', 'Content-Length: 0'), 405],
    ['with too much in front', request('GET /metrics', 'Host: localhost', `X: ${'x'.repeat(20_000)}`), 431],
    ['in another language', 'hello\r\n\r\n', 400],
  ])('%s is refused', async (_, bytes, status) => {
    const { port } = await served();
    const answer = await said(port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toContain('x 1');
  });

  test('from another machine finds nobody', async () => {
    const { port } = await served();
    const others = connect(port, '127.0.0.2');
    const outcome = await new Promise((resolve) => others.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)).on('connect', () => resolve('connected')));
    expect(outcome).toBe('ECONNREFUSED');
  });
});

test('a port that is in use is said to be so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  expect(await complaintOf(() => serveMetrics(port, () => '', () => {}))).toMatchObject({ code: 'PortInUse', message: `another program listens on port ${port} of 127.0.0.1` });
});

test('the end does not wait for those who keep a connection open', async () => {
  const server = await serveMetrics(0, () => '', () => {});
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const closed = new Promise((resolve) => idle.once('close', resolve));
  idle.on('error', () => {});
  await server.close();
  await closed;
});
