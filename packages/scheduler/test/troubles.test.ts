import { expect, test } from 'vitest';
import { JobError } from '@nightshift/sdk';
import { createTroubles } from '../src/troubles.ts';

const FULL = new JobError({ code: 'StoreFull', message: 'no room' });
const BUSY = new JobError({ code: 'StoreBusy', message: 'busy' });

function listened() {
  const said: string[] = [];
  const troubles = createTroubles((event) => said.push(event.event === 'trouble' ? `trouble ${event.error.code}` : `recovered ${event.code}`), ['Fatal']);
  return { said, troubles };
}

test('one trouble in many places is said once, and its end when it has gone from all', () => {
  const { said, troubles } = listened();
  for (const place of ['a', 'b', 'a', 'b']) troubles.meet(place, FULL);
  troubles.pass('a');
  expect(said).toEqual(['trouble StoreFull']);
  troubles.pass('b');
  troubles.pass('b');
  expect(said).toEqual(['trouble StoreFull', 'recovered StoreFull']);
});

test('another trouble in the same place takes the place of the one before', () => {
  const { said, troubles } = listened();
  troubles.meet('a', FULL);
  troubles.meet('a', BUSY);
  expect(said).toEqual(['trouble StoreFull', 'recovered StoreFull', 'trouble StoreBusy']);
});

test.each([new JobError({ code: 'Fatal', message: 'the end' }), new TypeError('a mistake of ours')])('%s is no trouble: there is no going on', (cause) => {
  const { said, troubles } = listened();
  expect(() => troubles.meet('a', cause)).toThrow(cause);
  expect(said).toEqual([]);
});
