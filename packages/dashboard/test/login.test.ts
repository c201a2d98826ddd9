import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openPlace } from './place.ts';

const plain = (url: string, cookie?: string): Promise<Response> => fetch(url, { redirect: 'manual', headers: cookie === undefined ? {} : { Cookie: cookie } });

describe('the address that is printed', () => {
  test('is good once, for a cookie that no script can read and no other page can send', async () => {
    await using place = await openPlace();
    const { loginUrl, url, port } = place.facts;
    const first = await plain(loginUrl);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const [cookie = '', ...attributes] = (first.headers.get('set-cookie') ?? '').split('; ');
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict']);
    expect(cookie).toMatch(new RegExp(`^nightshift_${port}=[\\w-]{43}$`));
    expect(cookie).not.toContain(place.token);
    expect((await plain(`${url}api/session`, cookie)).status).toBe(200);
    expect((await plain(`${url}api/session`, `other=1; ${cookie}; more=2`)).status).toBe(200);
    const second = await plain(loginUrl);
    expect([second.status, second.headers.get('set-cookie')]).toEqual([401, null]);
    // Who is known already is led in.
    expect((await plain(loginUrl, cookie)).status).toBe(303);
  });

  test('opens nothing by itself: neither a page nor a question', async () => {
    await using place = await openPlace();
    for (const path of ['', 'login', 'login/', 'login/x/y', 'index.html', 'assets/index-0a1b2c.js']) expect((await plain(`${place.facts.url}${path}`)).status).toBe(401);
    expect((await plain(`${place.facts.url}login/${'A'.repeat(43)}`)).status).toBe(401);
  });

  test('tells a person who has opened another one what to do, in words', async () => {
    await using place = await openPlace();
    for (const path of ['', `login/${'C'.repeat(43)}`]) {
      const response = await fetch(`${place.facts.url}${path}`, { headers: { Accept: 'text/html,application/xhtml+xml' } });
      expect([response.status, response.headers.get('content-type')]).toEqual([401, 'text/plain; charset=utf-8']);
      expect(await response.text()).toMatch(/^Nightshift: .*\.\n.*dashboard/);
    }
  });

  test('is good for nothing after ten tries within a minute', async () => {
    await using place = await openPlace();
    for (let tries = 0; tries < 10; tries += 1) expect((await plain(`${place.facts.url}login/${'B'.repeat(43)}`)).status).toBe(401);
    expect((await plain(place.facts.loginUrl)).status).toBe(401);
  });

  test('leaves a cookie that is still good when the dashboard is started again at the same port', async () => {
    await using place = await openPlace();
    const cookie = ((await plain(place.facts.loginUrl)).headers.get('set-cookie') ?? '').split(';')[0] as string;
    await place.stop();
    await using again = await openPlace({ folder: place.folder, port: place.facts.port });
    expect((await plain(`${again.facts.url}api/session`, cookie)).status).toBe(200);
  });

  test.each([
    ['others can read', (file: string) => chmodSync(file, 0o644)],
    ['holds no token', (file: string) => writeFileSync(file, 'short\n')],
    ['is a link', (file: string) => (rmSync(file), symlinkSync('/etc/hostname', file))],
  ] as const)('is not printed where the file of the token %s', async (_what, spoil) => {
    await using place = await openPlace();
    await place.stop();
    spoil(place.facts.tokenFile);
    await expect(openPlace({ folder: place.folder })).rejects.toMatchObject({ code: 'StoreUnavailable' });
    expect(readFileSync(place.facts.auditFile, 'utf8')).not.toContain(place.token);
  });
});
