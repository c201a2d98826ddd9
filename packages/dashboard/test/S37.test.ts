import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Now } from '../src/api.ts';
import { openPlace } from './place.ts';

test('S37: where a store cannot be read the rest is answered, and what cannot be is told without a stack', async () => {
  await using place = await openPlace();
  await place.host.startJob({ what: { type: 'BackgroundJob', spec: { command: ['true'] } }, callerDirectory: '/', warn: () => undefined });
  // Nobody has opened the durable one yet.
  writeFileSync(join(place.state, 'jobs.db'), 'this is no database, and was never one');
  const response = await place.ask('/api/calendar/due?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z');
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(JSON.parse(text)).toMatchObject({ error: { code: expect.stringMatching(/^Store/) as string } });
  expect(text).not.toMatch(/\.ts|\.js|at \w+ \(|node:/);
  expect((await place.ask('/api/session')).status).toBe(200);
  expect((await place.ask('/api/jobs')).status).toBe(200);
  renameSync(join(place.state, 'jobs.db'), join(place.state, 'aside'));
  expect((await place.answer<Now>('/api/now')).counts.completed24h).toBeLessThanOrEqual(1);
});
