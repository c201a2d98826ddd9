/** A definition that a hook starts tells at least once, wherever the scheduler is killed on the way to its job. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../processes.ts';
import { removeFolders } from '../product.ts';
import { MINUTE } from './due-times.ts';
import { durable, newWorld } from './world.ts';

afterAll(removeFolders);

test.each([
  ['before the event is a delivery', 'telling.composed:1'],
  ['when it is one', 'telling.committed:1'],
  ['when its job has a folder', 'start.folder:1'],
  ['when its job has a row', 'start.row:1'],
  ['when its job was taken up', 'start.phase:2'],
  ['before its job is handed to the shim', 'spawn.before:2'],
  ['when the shim has it', 'spawn.after:2'],
  ['when it runs', 'running.committed:2'],
  ['before the delivery goes', 'telling.sent:1'],
])('killed %s, the next scheduler goes on', async (_, point) => {
  const world = newWorld(Date.UTC(2024, 4, 1, 12, 0, 30));
  onTestFinished(world.end);
  const told = join(world.folder, 'told');
  const config = join(world.folder, 'nightshift.json');
  writeFileSync(config, JSON.stringify({ hooks: { onSuccess: [{ definition: 'TellOps' }] } }), { mode: 0o600 });
  world.environment['NIGHTSHIFT_CONFIG'] = config;
  world.define('Minute', { triggers: [{ cron: '* * * * *' }] });
  world.define('TellOps', { triggers: [], command: ['/bin/sh', '-c', 'echo "$NIGHTSHIFT_EVENT_ID" >> "$1"', 'sh', told] });
  const first = world.scheduler({ failpoints: `${point}=kill` });
  expect(await first.ready()).toBe(true);
  world.clock.advance(MINUTE);
  expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });

  const next = world.scheduler();
  expect(await next.ready()).toBe(true);
  const [event] = durable<{ instanceId: string }>(world, "SELECT instanceId FROM instance WHERE name = 'Minute' AND parentId IS NULL");
  await until('it is told', () => existsSync(told) && readFileSync(told, 'utf8').endsWith('\n') && durable(world, 'SELECT 1 FROM delivery').length === 0, () => next.errors());
  expect(new Set(readFileSync(told, 'utf8').trim().split('\n'))).toEqual(new Set([`success-${event?.instanceId}`]));
  expect(await next.stop()).toMatchObject({ status: 0 });
});

test('due times that nobody was there for are told as missed, a range of them as one event', async () => {
  const world = newWorld(Date.UTC(2024, 4, 1, 12, 0, 30));
  onTestFinished(world.end);
  const told = join(world.folder, 'told');
  const config = join(world.folder, 'nightshift.json');
  writeFileSync(config, JSON.stringify({ hooks: { onMissed: [{ definition: 'TellOps', definitions: ['min*'] }] } }), { mode: 0o600 });
  world.environment['NIGHTSHIFT_CONFIG'] = config;
  world.define('Minute', { triggers: [{ cron: '* * * * *' }], options: { catchUp: { policy: 'skip' } } });
  world.define('TellOps', { triggers: [], command: ['/bin/sh', '-c', 'cat >> "$1"', 'sh', told] });
  const first = world.scheduler();
  expect(await first.ready()).toBe(true);
  await first.kill();
  world.clock.advance(10 * MINUTE);
  const next = world.scheduler();
  await until('it is told', () => existsSync(told) && readFileSync(told, 'utf8').endsWith('\n'), () => next.errors());
  expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({
    event: 'missed', definition: { name: 'Minute', path: join(world.definitions, 'Minute.json') }, instance: null, dueAt: '2024-05-01T12:01:00.000Z', count: 9, output: '',
    message: 'Minute: 9 due times from 2024-05-01T12:01:00.000Z to 2024-05-01T12:09:00.000Z were missed',
  });
  expect(await next.stop()).toMatchObject({ status: 0 });
});
