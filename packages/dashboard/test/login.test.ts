import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createSessions } from '../src/door/sessions.ts';
import { openPlace, visit } from './place.ts';

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
    expect((await plain(url, cookie)).status).toBe(200);
    expect((await plain(url, `other=1; ${cookie}; more=2`)).status).toBe(200);
    const second = await plain(loginUrl);
    expect([second.status, second.headers.get('set-cookie')]).toEqual([401, null]);
  });

  test('is worth nothing the second time even for who is known: he is led in with what he has', async () => {
    await using place = await openPlace();
    const known = await visit(place.facts.loginUrl);
    const again = await plain(place.facts.loginUrl, known.cookie);
    expect([again.status, again.headers.get('location'), again.headers.get('set-cookie')]).toEqual([303, '/', null]);
    expect(place.letIn).toHaveLength(1);
    expect((await known.ask('/api/session')).status).toBe(200);
  });

  test('is followed by another one for the next browser; whoever comes in anew has nothing more of what he had', async () => {
    await using place = await openPlace();
    const first = await visit(place.facts.loginUrl);
    expect(place.letIn).toMatchObject([{ from: '127.0.0.1' }]);
    const second = await visit(place.letIn[0]?.loginUrl as string);
    expect(first.cookie).not.toBe(second.cookie);
    const anew = await visit(place.letIn[1]?.loginUrl as string, second);
    const statuses = await Promise.all([first, second, anew].map(async ({ ask }) => (await ask('/api/session')).status));
    expect(statuses).toEqual([200, 401, 200]);
  });

  test('opens nothing by itself: neither a page nor a question', async () => {
    await using place = await openPlace();
    for (const path of ['', 'login', 'login/', 'login/x/y', 'index.html', 'assets/index-0a1b2c.js']) expect((await plain(`${place.facts.url}${path}`)).status).toBe(401);
    expect((await plain(`${place.facts.url}login/${'A'.repeat(43)}`)).status).toBe(401);
  });

  test('tells a person who has opened another one how to come in, on a page', async () => {
    await using place = await openPlace();
    for (const path of ['', 'runs/7', `login/${'C'.repeat(43)}`]) {
      const response = await fetch(`${place.facts.url}${path}`, { headers: { Accept: 'text/html,application/xhtml+xml' } });
      expect([response.status, response.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
      expect(await response.text()).toMatch(/<h1>.*<\/h1>[^]*open the address[^]*nightshift dashboard/);
    }
  });

  test('is good for nothing after ten tries within a minute', async () => {
    await using place = await openPlace();
    for (let tries = 0; tries < 10; tries += 1) expect((await plain(`${place.facts.url}login/${'B'.repeat(43)}`)).status).toBe(401);
    expect((await plain(place.facts.loginUrl)).status).toBe(401);
  });

  test('knocking fills no file: nobody is heard more than ten times a minute, and of the rest nothing is written', async () => {
    await using place = await openPlace();
    for (let tries = 0; tries < 60; tries += 1) await plain(`${place.facts.url}login/${String(tries).repeat(43).slice(0, 43)}`);
    const lines = readFileSync(place.facts.auditFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as object);
    expect(lines).toEqual(Array.from({ length: 10 }, () => expect.objectContaining({ act: 'login', phase: 'refused', shown: 'none' }) as object));
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

describe('a browser that was let in', () => {
  test('has another cookie each time, which ends with the dashboard', async () => {
    await using place = await openPlace();
    const before = await visit(place.facts.loginUrl);
    await place.stop();
    await using again = await openPlace({ folder: place.folder, port: place.facts.port });
    expect([(await plain(again.facts.url, before.cookie)).status, (await before.ask('/api/session')).status]).toEqual([401, 401]);
    const after = await visit(again.facts.loginUrl, before);
    expect([after.cookie.split('=')[0], after.cookie === before.cookie]).toEqual([before.cookie.split('=')[0], false]);
    expect((await after.ask('/api/session')).status).toBe(200);
  });

  test('has a word against forgery of its own: that of another browser, or of the token, is none', async () => {
    await using place = await openPlace();
    const visitor = await visit(place.facts.loginUrl);
    const other = await visit(place.letIn[0]?.loginUrl as string);
    const csrfOf = async (ask: (path: string) => Promise<Response>): Promise<string> => ((await (await ask('/api/session')).json()) as { csrf: string }).csrf;
    const [own, ...foreign] = [await csrfOf(visitor.ask), await csrfOf(other.ask), await csrfOf(place.ask)];
    const stop = async (csrf: string): Promise<number> => (await fetch(`${place.facts.url}api/jobs/1/stop`, { method: 'POST', headers: { 'Content-Type': 'application/json', Cookie: visitor.cookie, 'X-CSRF-Token': csrf }, body: '{}' })).status;
    expect(await Promise.all([own as string, '', ...foreign].map(stop))).toEqual([404, 403, 403, 403]);
  });

  test('is forgotten when fifty others have asked since', () => {
    const sessions = createSessions();
    const [first, second] = [sessions.open(), sessions.open()];
    for (let n = 0; n < 48; n += 1) sessions.open();
    expect(sessions.find(first.cookie)).toBe(first);
    sessions.open();
    expect([sessions.find(first.cookie), sessions.find(second.cookie)]).toEqual([first, undefined]);
  });
});
