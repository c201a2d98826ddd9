import { describe, expect, test } from 'vitest';
import { catchUp, openTrigger, type CatchUpPolicy, type CaughtUp } from '@nightshift/scheduler';
import { ODD_ZONES, SEED, nearChange, randomTriggers, someZones, type RandomTrigger } from './random-triggers.ts';
import { oneOf, seeded } from './seeded.ts';

const KNOWN_SINCE = new Date('2016-01-01T00:00Z');
const DAY = 86_400_000;
const open = (entry: unknown, timeZone = 'UTC') => openTrigger(entry, { timeZone, now: KNOWN_SINCE, knownSince: KNOWN_SINCE });
const hourly = open({ cron: '0 * * * *' });

/** "14:00 15:00*, skipped 10:00-13:00 (4)": what is caught up has a star. */
function shown({ due, skipped }: CaughtUp): string {
  const time = (instant: Date): string => instant.toISOString().slice(11, 16);
  const ranges = skipped.map(({ dueAt, lastDueAt, count }) => `skipped ${time(dueAt)}-${time(lastDueAt)} (${count})`);
  return [due.map(({ dueAt, catchUp: isCaughtUp }) => `${time(dueAt)}${isCaughtUp ? '*' : ''}`).join(' '), ...ranges].filter((part) => part !== '').join(', ');
}

describe('of hourly due times missed from 10:00 to 14:00', () => {
  const span = { after: new Date('2026-11-22T09:30Z'), now: new Date('2026-11-22T14:30Z') };
  test.each([
    ['skip runs none', { policy: 'skip', limit: 100 }, 'skipped 10:00-14:00 (5)'],
    ['latest runs the newest', { policy: 'latest', limit: 100 }, '14:00*, skipped 10:00-13:00 (4)'],
    ['latest runs none that lies outside the window', { policy: 'latest', window: 29 * 60_000, limit: 100 }, 'skipped 10:00-14:00 (5)'],
    ['the window has its end inside', { policy: 'latest', window: 30 * 60_000, limit: 100 }, '14:00*, skipped 10:00-13:00 (4)'],
    ['all runs each, oldest first', { policy: 'all', limit: 100 }, '10:00* 11:00* 12:00* 13:00* 14:00*'],
    ['all runs at most the newest of its limit', { policy: 'all', limit: 2 }, '13:00* 14:00*, skipped 10:00-12:00 (3)'],
    ['all runs only what lies inside the window', { policy: 'all', window: 2 * 3_600_000, limit: 100 }, '13:00* 14:00*, skipped 10:00-12:00 (3)'],
  ] as const)('%s', (_what, policy, expected) => {
    const caughtUp = catchUp(hourly, span, policy);
    expect(shown(caughtUp)).toBe(expected);
    expect([caughtUp.lastDueAt, caughtUp.nextDueAt]).toEqual([new Date('2026-11-22T14:00Z'), new Date('2026-11-22T15:00Z')]);
  });
});

describe('a due time', () => {
  test.each([
    ['of now is due', '2026-11-22T14:00:00.000Z', 'skip', '14:00'],
    ['of a minute ago is late, and due whatever the policy', '2026-11-22T14:01:00.000Z', 'skip', '14:00'],
    ['of more than a minute ago was missed', '2026-11-22T14:01:00.001Z', 'skip', 'skipped 14:00-14:00 (1)'],
    ['that was missed alone is caught up', '2026-11-22T14:01:00.001Z', 'latest', '14:00*'],
    ['still to come is none of it', '2026-11-22T13:59:59.999Z', 'all', ''],
  ] as const)('%s', (_what, now, policy, expected) => {
    expect(shown(catchUp(hourly, { after: new Date('2026-11-22T13:30Z'), now: new Date(now) }, { policy, limit: 100 }))).toBe(expected);
  });

  test('that is late is started beside one that is caught up', () => {
    const minutely = open({ cron: '* * * * *' });
    expect(shown(catchUp(minutely, { after: new Date('2026-11-22T13:56Z'), now: new Date('2026-11-22T14:00:30Z') }, { policy: 'latest', limit: 100 }))).toBe('13:59* 14:00, skipped 13:57-13:58 (2)');
  });
});

describe('where nothing is due', () => {
  test('only the next due time is said', () => {
    expect(catchUp(hourly, { after: new Date('2026-11-22T14:00Z'), now: new Date('2026-11-22T14:30Z') }, { policy: 'all', limit: 100 })).toEqual({ due: [], skipped: [], nextDueAt: new Date('2026-11-22T15:00Z') });
  });

  test('and never will be, nothing is said', () => {
    const over = open({ once: { at: '2016-01-01T00:00Z' } });
    expect(catchUp(over, { after: new Date('2026-11-22T14:00Z'), now: new Date('2026-11-22T14:30Z') }, { policy: 'all', limit: 100 })).toEqual({ due: [], skipped: [] });
  });

  test('because the clock was put back, what has been decided about is not due again', () => {
    expect(catchUp(hourly, { after: new Date('2026-11-22T14:00Z'), now: new Date('2026-11-22T10:30Z') }, { policy: 'all', limit: 100 })).toEqual({ due: [], skipped: [], nextDueAt: new Date('2026-11-22T15:00Z') });
  });
});

describe('ten missed years', () => {
  test.each([
    ['* * * * *', 'Europe/Berlin', 3_652 * 1_440],
    ['* * * * * *', 'Africa/Casablanca', 3_652 * 86_400],
    ['* * * * *', 'UTC', 3_652 * 1_440],
  ])('of %s in %s are one range, without a walk through them', (cron, zone, missed) => {
    const { next, count } = open({ cron }, zone);
    let asked = 0;
    const watched = { next: (after: Date) => (asked++, next(after)), count };
    const { due, skipped } = catchUp(watched, { after: new Date('2016-11-22T18:00Z'), now: new Date('2026-11-22T18:00Z') }, { policy: 'latest', limit: 100 });
    const late = due.filter(({ catchUp: isCaughtUp }) => !isCaughtUp).length;
    expect(due.length - late).toBe(1);
    expect(skipped).toMatchObject([{ dueAt: next(new Date('2016-11-22T18:00Z'))?.dueAt, count: missed - late - 1 }]);
    expect(asked).toBeLessThan(late + 30);
  });
});

describe(`every due time is in exactly one place (SEED=${SEED})`, () => {
  test.each([...ODD_ZONES, ...someZones(SEED)])('of random triggers in %s', (zone) => {
    const random = seeded(SEED);
    for (const trigger of randomTriggers(SEED, zone, 40)) checkOne(trigger, nearChange(random, zone), random);
  });
});

function checkOne({ what, trigger }: RandomTrigger, from: number, random: () => number): void {
  const walked: number[] = [];
  let next = trigger.next(new Date(from))?.dueAt.getTime();
  for (; next !== undefined && walked.length < 200; next = trigger.next(new Date(next))?.dueAt.getTime()) walked.push(next);
  const last = walked.at(-1) ?? from;
  const now = oneOf(random, [last, last + 60_000, last + 60_001, last + DAY, last - Math.floor(random() * (last - from)), from + Math.floor(random() * DAY)]);
  const policy: CatchUpPolicy = {
    policy: oneOf(random, ['skip', 'latest', 'all'] as const),
    window: oneOf(random, [undefined, 0, 90_000, 3_600_000, Math.floor(random() * 30 * DAY)]),
    limit: oneOf(random, [1, 3, 100]),
  };
  // What lies behind the walk is nobody's business here.
  if (next !== undefined && next <= now) return;
  const label = `${what}: (${new Date(from).toISOString()}, ${new Date(now).toISOString()}] ${JSON.stringify(policy)}`;
  expect(asPlain(catchUp(trigger, { after: new Date(from), now: new Date(now) }, policy)), label).toEqual(byWalking(walked, next, now, policy));
}

interface Plain {
  readonly due: readonly (readonly [number, boolean])[];
  readonly skipped: readonly (readonly [number, number, number])[];
  readonly last: number | undefined;
  readonly next: number | undefined;
}

function asPlain({ due, skipped, lastDueAt, nextDueAt }: CaughtUp): Plain {
  return {
    due: due.map(({ dueAt, catchUp: isCaughtUp }) => [dueAt.getTime(), isCaughtUp]),
    skipped: skipped.map(({ dueAt, lastDueAt: end, count }) => [dueAt.getTime(), end.getTime(), count]),
    last: lastDueAt?.getTime(),
    next: nextDueAt?.getTime(),
  };
}

/** The rule, one due time after the other. */
function byWalking(walked: readonly number[], behind: number | undefined, now: number, { policy, window, limit }: CatchUpPolicy): Plain {
  const past = walked.filter((due) => due <= now);
  const late = past.filter((due) => now - due <= 60_000);
  const missed = past.filter((due) => now - due > 60_000);
  const inside = missed.filter((due) => now - due <= (window ?? (policy === 'all' ? DAY : Infinity)));
  const run: readonly number[] = { skip: [], latest: inside.slice(-1), all: inside.slice(-limit) }[policy];
  const skipped = missed.filter((due) => !run.includes(due));
  return {
    due: [...run.map((due) => [due, true] as const), ...late.map((due) => [due, false] as const)],
    skipped: skipped.length === 0 ? [] : [[skipped[0] as number, skipped.at(-1) as number, skipped.length]],
    last: past.at(-1),
    next: walked.find((due) => due > now) ?? behind,
  };
}
