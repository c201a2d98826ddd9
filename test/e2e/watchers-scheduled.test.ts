// Definitions whose jobs watch work that goes on elsewhere: nobody is there who would reconnect them, so the scheduler does.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor, type Job } from './product.ts';
import { newWatchPlace, type WatchPlace } from './watch-place.ts';

/** Runs until it is ended, at the latest by the end of the test. */
async function withScheduler(place: WatchPlace): Promise<() => Promise<void>> {
  mkdirSync(join(place.work, 'definitions'), { recursive: true });
  const end = new AbortController();
  const troubles: unknown[] = [];
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const running = (await place.host.scheduling()).run({ report: (event) => (event.event === 'ready' ? resolve() : event.event === 'trouble' ? void troubles.push(event) : undefined) }, end.signal);
  const close = async (): Promise<void> => {
    end.abort();
    await running;
    expect(troubles).toEqual([]);
  };
  onTestFinished(close);
  await Promise.race([ready, running]);
  return close;
}

test('a lost connection of a triggered job is mended by the scheduler, also when its computer comes back later', async () => {
  const place = newWatchPlace();
  const close = await withScheduler(place);
  const job = { type: 'WatchJob', folder: join(place.work, 'elsewhere'), places: [{ name: 'web1', text: 'echo one; while [ ! -e go ]; do sleep 0.05; done; echo two' }] };
  writeFileSync(join(place.work, 'definitions', 'Far.json'), JSON.stringify({ type: 'ScheduledJob', job, triggers: [{ once: { at: new Date(Date.now() + 1_500).toISOString() } }] }));
  const [{ id }] = await waitFor('it has been fired', () => place.jobs('--all'), (jobs) => jobs.length > 0) as [Job];
  const watching = id + 2;
  await waitFor('it is watched', () => place.watchers('web1').length === 1);
  // What another one has started, a scheduler looks at twice a second.
  await close();
  await withScheduler(place);
  process.kill(await place.pidOf(await place.job(watching), 'host'), 'SIGKILL');
  await waitFor('it is taken up', () => place.watchers('web1').length === 2);
  expect(await place.inState(watching, 'Running')).toMatchObject({ attempt: 2 });
  place.mark('web1', 'deaf');
  await waitFor('it was tried again in vain', () => place.job(watching), ({ attempt, state }) => attempt >= 3 && state === 'Disconnected');
  expect(await place.inState(id, 'Disconnected')).toMatchObject({ type: 'ScheduledJob', statusMessage: '1 of 1 are out of reach' });
  rmSync(place.there('web1', 'deaf'));
  place.mark('web1', 'go');
  expect(await place.inState(id, 'Completed')).toMatchObject({ reason: null, attempt: 1 });
  expect(await place.stdoutOf('receive-job', String(id))).toBe('one\ntwo\n');
});
