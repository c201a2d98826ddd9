import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { describe, expect, test } from 'vitest';
import { openPlace } from './place.ts';

/** Addresses, as the kernel writes them, on which somebody listens at this port. */
function listening(port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'latin1').split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return state === '0A' && local.endsWith(`:${hex}`) ? [local.slice(0, -5)] : [];
  }));
}

const LOOPBACK = ['0100007F', '00000000000000000000000001000000'];
const TLS = { cert: readFileSync(new URL('tls/certificate.pem', import.meta.url), 'utf8'), key: readFileSync(new URL('tls/key.pem', import.meta.url), 'utf8') };

describe('S19: the dashboard', () => {
  test('listens on 127.0.0.1 and ::1, and nowhere else', async () => {
    await using place = await openPlace();
    const seen = listening(place.facts.port);
    expect(seen).toContain(LOOPBACK[0]);
    expect(seen.filter((address) => !LOOPBACK.includes(address))).toEqual([]);
    expect(seen).toHaveLength(place.facts.addresses.length);
  });

  test.each(['0.0.0.0', '::', '192.0.2.7', 'example.org', '128.0.0.1', '127.0.0.1.example.org'])('refuses %s without TLS, and listens nowhere', async (bind) => {
    await expect(openPlace({ bind })).rejects.toMatchObject({ code: 'BindRefused' });
  });

  test('listens everywhere with TLS, and answers there only who names this machine', async () => {
    await using place = await openPlace({ bind: '0.0.0.0', tls: TLS });
    expect(place.facts.url).toMatch(/^https:/);
    expect(listening(place.facts.port)).toEqual(['00000000']);
    const status = (host: string): Promise<number | undefined> => {
      const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
      request({ port: place.facts.port, host: '127.0.0.1', path: '/api/session', ca: TLS.cert, servername: 'localhost', headers: { Host: host, Authorization: `Bearer ${place.token}` } }, (response) => resolve(response.resume().statusCode)).on('error', reject).end();
      return promise;
    };
    expect(await status(`127.0.0.1:${place.facts.port}`)).toBe(200);
    expect(await status(`evil.example:${place.facts.port}`)).toBe(403);
  });

  test('says when somebody else has the port', async () => {
    await using place = await openPlace();
    await expect(openPlace({ port: place.facts.port })).rejects.toMatchObject({ code: 'PortInUse' });
  });

  test('keeps its token in a file for this user alone, across its starts', async () => {
    await using place = await openPlace();
    expect(statSync(place.facts.tokenFile).mode & 0o777).toBe(0o600);
    expect(statSync(place.facts.auditFile).mode & 0o777).toBe(0o600);
    expect(Buffer.from(place.token, 'base64url')).toHaveLength(32);
    await using again = await openPlace({ folder: place.folder });
    expect(again.token).toBe(place.token);
  });
});
