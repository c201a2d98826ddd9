import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ServerEvent } from '../src/api.ts';
import { ended, openPlace, start, until, type Place } from './place.ts';

interface Listening extends AsyncDisposable {
  readonly events: readonly ServerEvent[];
  readonly isOver: () => boolean;
}

async function listen(place: Place, query = ''): Promise<Listening> {
  const left = new AbortController();
  const response = await place.ask(`/api/events${query}`, { signal: left.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: ServerEvent[] = [];
  let over = false;
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const bytes of response.body as ReadableStream<Uint8Array>) {
      text += decoder.decode(bytes, { stream: true });
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)) as ServerEvent);
      }
    }
  })().catch(() => undefined).finally(() => (over = true));
  return {
    events,
    isOver: () => over,
    async [Symbol.asyncDispose]() {
      left.abort();
      await reading;
    },
  };
}

describe('who listens', () => {
  test('hears of a job that begins, of its end, and of its removal', async () => {
    await using place = await openPlace();
    await using listening = await listen(place);
    await until('the feed has begun', () => listening.events.some(({ is }) => is === 'now'));
    const states = (id: number): readonly string[] => listening.events.flatMap((event) => (event.is === 'jobs' ? event.jobs : [])).filter((job) => job.id === id).map(({ state }) => state);
    const id = await start(place.host, 'Short', 'sleep 1.2');
    await until('it is said to run', () => states(id).includes('Running'));
    await until('it is said to have ended', () => states(id).at(-1) === 'Completed');
    const sleeper = await start(place.host, 'Long', 'sleep 60');
    await until('it is said to run', () => states(sleeper).includes('Running'));
    await place.host.removeJobs({ ids: [sleeper] }, { force: true });
    await until('it is said to be gone', () => listening.events.some((event) => event.is === 'jobs' && event.removed.includes(sleeper)));
    expect(listening.events[0]).toMatchObject({ is: 'hello' });
    await until('the counts follow', () => listening.events.some((event) => event.is === 'now' && event.counts.completed24h === 1));
  });

  test('hears of a change that came right behind another one, though nothing follows it', async () => {
    await using place = await openPlace();
    const id = await start(place.host, 'Short', 'true');
    await ended(place.host, id);
    await using listening = await listen(place);
    const counted = (): number | undefined => listening.events.flatMap((event) => (event.is === 'now' ? [event.counts.completed24h] : [])).at(-1);
    await until('it is counted', () => counted() === 1);
    // The counts were told this moment, and are not counted anew for two seconds.
    await place.host.removeJobs({ ids: [id] }, { force: false });
    await until('it is counted no more', () => counted() === 0);
  });

  test('hears of definitions that change', async () => {
    await using place = await openPlace();
    await using listening = await listen(place);
    writeFileSync(join(place.definitions, 'New.yaml'), 'type: ScheduledJob\njob: { command: ["true"] }\n', { mode: 0o644 });
    await until('it is told', () => listening.events.some((event) => event.is === 'definitions' && event.keys.some((key) => key.endsWith('/new'))));
  });

  test('and follows a job hears how its logs grow, and that they have ended', async () => {
    await using place = await openPlace();
    const id = await start(place.host, 'Talker', 'for i in 1 2 3 4; do echo line $i; sleep 0.6; done');
    await using listening = await listen(place, `?follow=${id}`);
    const logs = (): readonly { readonly bytes: number; readonly ended: boolean }[] => listening.events.flatMap((event) => (event.is === 'log' && event.log.channel === 'stdout' ? [event.log] : []));
    await until('it has ended', () => logs().at(-1)?.ended === true);
    expect(logs().at(-1)?.bytes).toBe(28);
    expect(logs().length).toBeGreaterThan(1);
  });

  test('is told when the server ends, and the stream is over', async () => {
    await using place = await openPlace();
    await using listening = await listen(place);
    await until('it has begun', () => listening.events.length > 0);
    await place.stop();
    await until('the stream is over', () => listening.isOver());
    expect(listening.events.at(-1)).toEqual({ is: 'bye' });
  });
});
