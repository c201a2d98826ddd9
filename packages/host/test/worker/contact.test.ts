import { TestClock } from '@nightshift/testing';
import { expect, test } from 'vitest';
import { createContact } from '../../src/worker/contact.ts';

const LEASE = 10_000;

test('nobody decides about the leases of others before he has had the server for the time of a lease', async () => {
  const clock = new TestClock(new Date(Date.UTC(2026, 0, 1)));
  const contact = createContact(clock, LEASE);
  const seen: boolean[] = [];
  for (let round = 0; round < 5; round++) {
    seen.push(contact.note(true));
    await clock.advance(LEASE / 3 + 1);
  }
  expect(seen).toEqual([false, false, false, true, true]);
});

test('a server that was away, and a process that stood still, make it begin anew', async () => {
  const clock = new TestClock(new Date(Date.UTC(2026, 0, 1)));
  const contact = createContact(clock, LEASE);
  const after = async (milliseconds: number, isDone = true): Promise<boolean> => {
    await clock.advance(milliseconds);
    return contact.note(isDone);
  };
  contact.note(true);
  expect([await after(6_000), await after(6_000)]).toEqual([false, true]);
  expect([await after(1_000, false), await after(1_000), await after(9_000), await after(2_000)]).toEqual([false, false, false, true]);
  expect([await after(11_000), await after(9_000), await after(2_000)]).toEqual([false, false, true]);
});
