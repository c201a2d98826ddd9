import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@nightshift/sdk';
import { expect, onTestFinished, test } from 'vitest';
import { post } from '../../src/telling/post.ts';

const clock: Clock = { now: () => new Date(), monotonic: () => performance.now(), sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }) };

/** A receiver that says this to whoever asks, and leaves the connection open. */
async function told(answer: string): Promise<string | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(answer));
    onTestFinished(() => void socket.destroy());
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return await post({ address: `http://127.0.0.1:${port}/`, allowPrivate: true, headers: {}, ownHeaders: {}, body: '{}' }, clock, new AbortController().signal);
}

test.each([
  ['has it', 'HTTP/1.1 204 No Content\r\n\r\n', undefined],
  ['turns to another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', 'the receiver answered 101'],
  ['speaks no HTTP', 'SSH-2.0-OpenSSH_9\r\n', 'the receiver cannot be reached (HPE_INVALID_CONSTANT)'],
  ['has endless headers', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`, 'the receiver cannot be reached (HPE_HEADER_OVERFLOW)'],
  ['redirects to another protocol', 'HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n', 'the address begins neither with https:// nor with http://'],
])('of a receiver that %s it is known at once what became of it', async (_, answer, sentence) => {
  expect(await told(answer)).toBe(sentence);
});
