import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { listen } from '../src/listen.ts';
import { openPlace } from './place.ts';

describe('S23: limits', () => {
  test('a hundred event streams, and not one more; the next one when one has gone', async () => {
    await using place = await openPlace();
    const left = new AbortController();
    const open = (signal = left.signal): Promise<Response> => place.ask('/api/events', { signal });
    const first = new AbortController();
    const streams = [await open(first.signal), ...(await Promise.all(Array.from({ length: 99 }, () => open())))];
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    expect((await open()).status).toBe(503);
    // Who only asks is answered all the same.
    expect((await place.ask('/api/session')).status).toBe(200);
    first.abort();
    let status = 503;
    for (let tries = 0; status === 503 && tries < 500; tries += 1) {
      const response = await open();
      ({ status } = response);
    }
    expect(status).toBe(200);
    left.abort();
  });

  test('who asks for the head of an event stream is refused, and takes nobody\'s place', async () => {
    await using place = await openPlace();
    const left = new AbortController();
    for (let n = 0; n < 101; n += 1) expect((await place.ask('/api/events', { method: 'HEAD' })).status).toBe(404);
    const streams = await Promise.all(Array.from({ length: 100 }, () => place.ask('/api/events', { signal: left.signal })));
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    left.abort();
  });

  test.each([
    ['headers that do not end', 'GET / HTTP/1.1\r\nHost: x\r\nX-A:'],
    ['a body that does not come', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{'],
    ['a request that does not begin', ''],
  ])('%s: the connection is over when its time is up', async (_what, text) => {
    const listening = await listen({ addresses: ['127.0.0.1'], port: 0, tls: undefined, admit: () => ({}), answer: async (request) => new Response(await request.text()), failed: () => undefined, deadlines: { headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 20 } });
    const { promise, resolve } = Promise.withResolvers<string>();
    let seen = '';
    const socket = connect(listening.port, '127.0.0.1', () => void socket.write(text));
    socket.on('data', (bytes) => (seen += bytes.toString()));
    socket.on('close', () => resolve(seen));
    expect(await promise).toMatch(/^(?:HTTP\/1\.1 400 |$)/);
    await listening.close(Promise.resolve());
  });
});
