import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readExposition, valueOf, type ReadFamily } from '../../packages/host/test/metrics/read-exposition.ts';
import { newPlace, waitFor } from './product.ts';

function placeWith(definitions: Record<string, string>) {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  for (const [name, text] of Object.entries(definitions)) writeFileSync(join(place.work, 'definitions', `${name}.yaml`), text);
  return place;
}

const OPTIONS = 'options: { startIfOnBatteries: true }\n';

test('a scheduler says where its metrics are, and they say what it has done', async () => {
  const place = placeWith({
    Good: `job: { command: ["true"] }\ntriggers: [ { every: 200ms } ]\n${OPTIONS}`,
    Bad: `job: { command: ["false"] }\ntriggers: [ { atStartup: {} } ]\n${OPTIONS}`,
    Wrong: 'job: {command: "x',
  });
  const child = place.begin('nightshift', ['scheduler', 'run', '--metrics-port', '0', '-o', 'jsonl'], { env: { NIGHTSHIFT_MIN_FREE: '0' } });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
  const ready = await waitFor('it is ready', () => stderr.split('\n').find((line) => line.includes('"ready"')));
  const { metrics } = JSON.parse(ready as string) as { metrics: string };
  expect(metrics).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const read = async (): Promise<ReadonlyMap<string, ReadFamily>> => readExposition(await (await fetch(metrics)).text());
  const families = await waitFor('a job has completed and one has failed', read, (now) =>
    valueOf(now, 'nightshift_jobs_ended_total', { definition: 'Good', state: 'Completed', reason: '' }) !== undefined && valueOf(now, 'nightshift_jobs_ended_total', { definition: 'Bad', state: 'Failed', reason: 'exit' }) !== undefined);
  expect(valueOf(families, 'nightshift_definitions_loaded')).toBe(2);
  expect(valueOf(families, 'nightshift_definitions_broken')).toBe(1);
  expect(valueOf(families, 'nightshift_job_last_success_timestamp_seconds', { definition: 'Bad' })).toBeUndefined();
  expect(Math.abs((valueOf(families, 'nightshift_job_last_success_timestamp_seconds', { definition: 'Good' }) as number) - Date.now() / 1_000)).toBeLessThan(60);
  expect(valueOf(families, 'nightshift_firing_lag_seconds_count')).toBeGreaterThan(0);
  expect(valueOf(families, 'nightshift_scheduler_epoch')).toBe(1);
  // Whoever listens does so for this machine alone: every socket of the process that listens is at 127.0.0.1.
  const port = Number(new URL(metrics).port).toString(16).toUpperCase().padStart(4, '0');
  const listening = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n')).map((line) => line.trim().split(/\s+/)).filter(([, local = '', , state]) => state === '0A' && local.endsWith(`:${port}`));
  expect(listening.map(([, local]) => local)).toEqual([`0100007F:${port}`]);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});

test('a port in use ends the scheduler before it has fired anything, and names the port', async () => {
  const place = placeWith({ One: `job: { command: [touch, ../fired] }\ntriggers: [ { atStartup: {} } ]\n${OPTIONS}` });
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const ended = await place.run('nightshift', ['scheduler', 'run', '--once', '--metrics-port', String(port)]);
  expect(ended).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining(`scheduler: PortInUse: another program listens on port ${port} of 127.0.0.1\n  hint: `) as string });
  expect(await place.jobs('--all')).toEqual([]);
});

test.each([['http', 'ParameterArgumentTransformationError'], ['-1', 'ParameterArgumentTransformationError'], ['65536', 'ParameterArgumentValidationError']])('%s is no port', async (port, code) => {
  expect(await placeWith({}).run('nightshift', ['scheduler', 'run', `--metrics-port=${port}`])).toMatchObject({ code: 2, stderr: expect.stringContaining(code) as string });
});
