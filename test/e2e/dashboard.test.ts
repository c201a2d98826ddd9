import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newPlace, waitFor } from './product.ts';

function placeWith(definitions: Record<string, string>) {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  for (const [name, text] of Object.entries(definitions)) writeFileSync(join(place.work, 'definitions', `${name}.yaml`), text);
  return place;
}

interface Begun {
  readonly url: string;
  readonly loginUrl: string;
  readonly tokenFile: string;
  readonly writes: boolean;
}

async function begin(place: ReturnType<typeof newPlace>, ...words: readonly string[]) {
  const child = place.begin('nightshift', ['dashboard', '--port', '0', '-o', 'json', ...words]);
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += String(bytes)));
  const line = await waitFor('it has said where it is', () => (stdout.includes('\n') ? stdout : undefined));
  return { child, ...(JSON.parse(line as string) as Begun) };
}

test.each(['SIGTERM', 'SIGINT'] as const)('a dashboard shows its pages to whoever opens its address, and ends with %s in good order', async (signal) => {
  const { child, loginUrl, url, tokenFile, writes } = await begin(placeWith({ Hello: 'type: ScheduledJob\njob: { command: [echo, hi] }\n' }));
  expect(writes).toBe(false);
  const login = await fetch(loginUrl, { redirect: 'manual' });
  expect(login.status).toBe(303);
  const Cookie = login.headers.get('set-cookie')?.split(';')[0] as string;
  const page = await (await fetch(url, { headers: { Cookie } })).text();
  expect(page).toContain('<title>');
  const script = /src="(\/assets\/[\w.-]+\.js)"/.exec(page)?.[1] as string;
  expect((await fetch(new URL('/api/now', url), { headers: { Cookie } })).status).toBe(200);
  expect((await fetch(new URL(script, url), { headers: { Cookie } })).headers.get('content-type')).toMatch(/^text\/javascript/);
  const Authorization = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
  const events = await fetch(new URL('/api/events', url), { headers: { Authorization } });
  const closed = once(child, 'close');
  child.kill(signal);
  expect(await closed).toEqual([0, null]);
  expect(await events.text()).toMatch(/data: \{"is":"bye"\}\n\n$/);
});

test('the address alone is on standard output, and what is said of it on standard error', async () => {
  const child = placeWith({}).begin('nightshift', ['dashboard', '--port', '0', '--allow-writes']);
  const [stdout, stderr] = [[] as string[], [] as string[]];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(String(bytes)));
  await waitFor('both were written', () => stdout.length > 0 && stderr.join('').includes('\n'));
  expect(stdout.join('')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/login\/[\w-]{43}\n$/);
  // Once it was used; in a file or a journal the next one would lie about.
  expect((await fetch(stdout.join('').trim(), { redirect: 'manual' })).status).toBe(303);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(stderr.join('')).toMatch(/^dashboard: looks and acts; on 127\.0\.0\.1:\d+.*; Ctrl-C ends it\n$/);
});

test.skipIf(spawnSync('script', ['--version']).status !== 0)('on a terminal an address that was used is followed by the one for the next browser', async () => {
  const child = placeWith({}).begin('script', ['-qfec', 'exec nightshift dashboard --port 0', '/dev/null'], { env: { TERM: 'xterm' } });
  let shown = '';
  child.stdout.on('data', (bytes: Buffer) => (shown += String(bytes)));
  const addresses = (): readonly string[] => shown.match(/http:\S+\/login\/[\w-]{43}(?=\r?\n)/g) ?? [];
  await waitFor('the first address is there', () => addresses().length === 1);
  expect((await fetch(addresses()[0] as string, { redirect: 'manual' })).status).toBe(303);
  await waitFor('the next one is there', () => addresses().length === 2);
  expect(shown).toMatch(/dashboard: let in a browser from 127\.0\.0\.1; for the next one: http/);
  expect((await fetch(addresses()[1] as string, { redirect: 'manual' })).status).toBe(303);
  child.kill('SIGTERM');
  await once(child, 'close');
});

test.each([
  [['--bind', '0.0.0.0'], 5, 'BindRefused'],
  [['--port', 'http'], 2, 'ParameterArgumentTransformationError'],
  [['--port', '65536'], 2, 'ParameterArgumentValidationError'],
  [['--certificate', 'c.pem'], 2, 'InvalidParameterCombination'],
  [['--certificate', 'c.pem', '--key', 'k.pem'], 4, 'FilePathNotFound'],
  [['here'], 2, 'PositionalParameterNotFound'],
])('a dashboard is refused with %j', async (words, code, error) => {
  expect(await placeWith({}).run('nightshift', ['dashboard', ...words])).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(`dashboard: ${error}: `) as string });
});

test('a dashboard ends with the verbs\' own code where its port is taken', async () => {
  const place = placeWith({});
  const { child, url } = await begin(place);
  expect(await place.run('nightshift', ['dashboard', '--port', new URL(url).port])).toMatchObject({ code: 7, stderr: expect.stringContaining('dashboard: PortInUse: ') as string });
  child.kill('SIGTERM');
  await once(child, 'close');
});
