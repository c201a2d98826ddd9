import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serverOfThisFile } from '../../plugins/engine-pgboss/test/server.ts';
import { newShop } from './engine-place.ts';
import { waitFor } from './product.ts';

const server = serverOfThisFile();

test('a dashboard shows what an engine has: jobs of any machine, their output, due times, workers', async () => {
  const shop = await newShop(server);
  shop.define('Nightly', 'type: ScheduledJob\njob: { command: [sh, -c, "echo one; echo two >&2; exit 3"] }\ntriggers:\n  - daily: { at: "03:00" }\n');
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  await shop.ready('one');
  const id = await a.start('--definition-name', 'Nightly');
  expect(await a.finished(id)).toMatchObject({ state: 'Failed', exitCode: 3 });
  const child = shop.begin('nightshift', ['dashboard', '--port', '0', '-o', 'json', '--allow-writes'], { env: b.env });
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += String(bytes)));
  const { url, tokenFile } = JSON.parse((await waitFor('it has said where it is', () => (stdout.includes('\n') ? stdout : undefined))) as string) as { url: string; tokenFile: string };
  const ask = async (path: string): Promise<Record<string, unknown>> => {
    const response = await fetch(new URL(path, url), { headers: { Authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const definitions = await waitFor('the definition is known', () => ask('/api/definitions'), ({ loading }) => loading === null);
  expect(definitions).toMatchObject({ definitions: [{ key: 'fleet/nightly', results: [{ id, state: 'Failed' }] }] });
  expect(await ask('/api/now')).toMatchObject({ counts: { running: 0, failed24h: 1, definitions: 1 }, failed: [{ id, message: 'two' }] });
  expect(await ask(`/api/jobs/${id}`)).toMatchObject({ job: { state: 'Failed', exitCode: 3 }, logs: [{ channel: 'stdout', bytes: 4 }, { channel: 'stderr', bytes: 4 }] });
  expect(await ask(`/api/jobs/${id}/log`)).toMatchObject({ size: 4, ended: true, lines: [{ at: 0, text: 'one' }] });
  expect(await ask('/api/jobs?state=Failed')).toMatchObject({ jobs: [{ id }], cursor: null });
  expect(await ask('/api/calendar?days=2')).toMatchObject({ rows: [{ definition: { name: 'Nightly' } }] });
  expect(await ask('/api/system')).toMatchObject({ hosts: [{ name: expect.stringContaining('one') as string }] });
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});
