import type { JobState } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { createStateFeed } from '../src/index.ts';

async function all(states: AsyncIterable<JobState>): Promise<readonly JobState[]> {
  const seen: JobState[] = [];
  for await (const state of states) seen.push(state);
  return seen;
}

test('a listener hears the state now, then each that follows, and the end', async () => {
  const feed = createStateFeed('NotStarted');
  const early = all(feed.states());
  await Promise.resolve();
  for (const state of ['Running', 'Running', 'Disconnected', 'Running'] as const) feed.tell(state);
  feed.tell('Completed');
  feed.close();
  expect(await early).toEqual(['NotStarted', 'Running', 'Disconnected', 'Running', 'Completed']);
});

test('whoever comes later begins with the state then, and after the end hears only that', async () => {
  const feed = createStateFeed('NotStarted');
  feed.tell('Running');
  const listening = all(feed.states());
  feed.tell('Failed');
  feed.close();
  feed.tell('Running');
  expect([await listening, await all(feed.states())]).toEqual([['Running', 'Failed'], ['Failed']]);
});

test('whoever leaves keeps nobody waiting', async () => {
  const feed = createStateFeed('Running');
  for await (const state of feed.states()) if (state === 'Running') break;
  feed.close();
  expect(await all(feed.states())).toEqual(['Running']);
});
