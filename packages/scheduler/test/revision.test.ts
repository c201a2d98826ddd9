import { describe, expect, test } from 'vitest';
import { entryOfRevision, openTrigger, revisionOf } from '../src/index.ts';
import { nextOf } from './due-in.ts';
import { oneOf, seeded } from './seeded.ts';

const BERLIN = 'Europe/Berlin';
const AFTER = '2026-03-27T12:00Z';

describe('equal meanings have equal revisions', () => {
  test.each<[string, unknown, unknown]>([
    ['an id and a switch', { cron: '0 3 * * *', id: 7, enabled: false }, { cron: '0 3 * * *' }],
    ['the order of keys', { daily: { at: '03:00', daysInterval: 2 }, randomDelay: '5m' }, { randomDelay: '5m', daily: { daysInterval: 2, at: '03:00' } }],
    ['a plain value and its map', { every: '10m' }, { every: { duration: '10m' } }],
    ['a plain expression and its map', { cron: '0 3 * * *' }, { cron: { expression: '0 3 * * *' } }],
    ['units of a duration', { every: '10m' }, { every: 'PT600S' }],
    ['blanks and case of an expression', { cron: '0  3 * * MON' }, { cron: ' 0 3 * * mon ' }],
    ['the seconds of a time', { daily: { at: '3:00' } }, { daily: { at: '03:00:00' } }],
    ['the letter in a date', { once: { at: '2026-12-24 18:00' } }, { once: { at: '2026-12-24T18:00:00.000' } }],
    ['two spellings of UTC', { once: { at: '2026-12-24T18:00Z' } }, { once: { at: '2026-12-24T18:00+00:00' } }],
    ['days in any order, number or name', { weekly: { at: '1:00', daysOfWeek: ['Friday', 1] } }, { weekly: { at: '01:00', daysOfWeek: 'monday, FRIDAY' } }],
    ['every day and a star', { weekly: { at: '1:00', daysOfWeek: '*' } }, { weekly: { at: '1:00', daysOfWeek: [0, 1, 2, 3, 4, 5, 6] } }],
    ['a delay beside the kind or in it', { daily: { at: '1:00', randomDelay: '60s' } }, { daily: { at: '1:00' }, randomDelay: '1m' }],
    ['no delay', { cron: '@daily', randomDelay: 0 }, { cron: '@daily' }],
    ['defaults of daily', { daily: { at: '1:00', daysInterval: 1 } }, { daily: { at: '1:00' } }],
    ['defaults of weekly', { weekly: { at: '1:00', daysOfWeek: 1, weeksInterval: 1 } }, { weekly: { at: '1:00', daysOfWeek: 'Monday' } }],
    ['defaults of once', { once: { at: '2026-12-24T18:00', repeatIndefinitely: false } }, { once: { at: '2026-12-24T18:00' } }],
    ['defaults of cron', { cron: '0 3 13 * 5', dayMatch: 'or' }, { cron: '0 3 13 * 5' }],
    ['everybody', { atLogOn: { user: '*' } }, { atLogOn: null }],
    ['an empty kind', { atStartup: {} }, { atStartup: null }],
    ['the zone of the file, written at the trigger', { cron: '@daily', timeZone: BERLIN }, { cron: '@daily' }],
    ['a zone that changes nothing for a rhythm', { every: '1h', timeZone: 'Asia/Tokyo' }, { every: '1h' }],
    ['a zone beside an offset', { once: { at: '2026-12-24T18:00+01:00' }, timeZone: 'Asia/Tokyo' }, { once: { at: '2026-12-24T18:00+01:00' } }],
  ])('%s', (_, one, other) => {
    expect(revisionOf(one, BERLIN)).toBe(revisionOf(other, BERLIN));
  });

  test('the zone of the trigger counts more than that of the file', () => {
    expect(revisionOf({ cron: '@daily', timeZone: 'Asia/Tokyo' }, BERLIN)).toBe(revisionOf({ cron: '@daily' }, 'Asia/Tokyo'));
  });
});

describe('another meaning is another revision', () => {
  test.each<[string, unknown, unknown]>([
    ['a kind', { daily: { at: '03:00' } }, { cron: '0 3 * * *' }],
    ['an expression', { cron: '0 3 * * *' }, { cron: '1 3 * * *' }],
    ['what two day fields mean together', { cron: '0 3 13 * 5' }, { cron: '0 3 13 * 5', dayMatch: 'and' }],
    ['a duration by a millisecond', { every: '1000ms' }, { every: '1001ms' }],
    ['a time by a second', { daily: { at: '03:00' } }, { daily: { at: '03:00:01' } }],
    ['a date to count from', { daily: { at: '03:00' } }, { daily: { at: '2026-12-24T03:00' } }],
    ['an offset', { once: { at: '2026-12-24T18:00+01:00' } }, { once: { at: '2026-12-24T18:00+02:00' } }],
    ['an interval', { daily: { at: '03:00' } }, { daily: { at: '03:00', daysInterval: 2 } }],
    ['weeks', { weekly: { at: '03:00', daysOfWeek: 1 } }, { weekly: { at: '03:00', daysOfWeek: 1, weeksInterval: 2 } }],
    ['a day', { weekly: { at: '03:00', daysOfWeek: [1, 2] } }, { weekly: { at: '03:00', daysOfWeek: [1, 3] } }],
    ['a delay', { cron: '@daily' }, { cron: '@daily', randomDelay: '1m' }],
    ['a repetition', { once: { at: '2026-12-24T18:00' } }, { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repetitionDuration: '2d' } }],
    ['its end', { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repeatIndefinitely: true } }, { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repetitionDuration: '2d' } }],
    ['a user, whose case counts', { atLogOn: { user: 'backup' } }, { atLogOn: { user: 'Backup' } }],
    ['a zone', { cron: '@daily' }, { cron: '@daily', timeZone: 'Asia/Tokyo' }],
  ])('%s', (_, one, other) => {
    expect(revisionOf(one, BERLIN)).not.toBe(revisionOf(other, BERLIN));
  });
});

describe('a revision', () => {
  test('is a text that stays the same from version to version', () => {
    expect(revisionOf({ daily: { randomDelay: '15m', at: '3:00' }, id: 2 }, BERLIN)).toBe('{"entry":{"daily":{"at":"03:00"},"randomDelay":"900000ms"},"timeZone":"Europe/Berlin"}');
    expect(revisionOf({ cron: '*/15 8-18 * * MON-FRI' }, 'UTC')).toBe('{"entry":{"cron":{"expression":"*/15 8-18 * * mon-fri"}},"timeZone":"UTC"}');
    expect(revisionOf({ weekly: { at: '23:00', daysOfWeek: ['Friday', 'Monday'] } }, 'UTC')).toBe('{"entry":{"weekly":{"at":"23:00","daysOfWeek":[1,5]}},"timeZone":"UTC"}');
    expect(revisionOf({ every: '90s' }, BERLIN)).toBe('{"entry":{"every":{"duration":"90000ms"}},"timeZone":"UTC"}');
  });

  test('of 2,000 triggers opens as the trigger that it was made of, and is its own revision', () => {
    const random = seeded(7);
    for (let n = 0; n < 2_000; n += 1) {
      const entry = someEntry(random);
      const zone = oneOf(random, ZONES);
      const revision = revisionOf(entry, zone);
      const again = entryOfRevision(revision);
      expect(factsOf(again.entry, again.timeZone), `${JSON.stringify(entry)} ${zone}`).toEqual(factsOf(entry, (entry['timeZone'] as string | undefined) ?? zone));
      expect(revisionOf(again.entry, again.timeZone)).toBe(revision);
    }
  });

  test('is equal for two of 300 triggers only where their due times are', () => {
    const random = seeded(11);
    const facts = new Map<string, unknown>();
    for (let n = 0; n < 300; n += 1) {
      const entry = someEntry(random);
      const revision = revisionOf(entry, BERLIN);
      const found = factsOf(entry, (entry['timeZone'] as string | undefined) ?? BERLIN);
      expect(facts.get(revision) ?? found).toEqual(found);
      facts.set(revision, found);
    }
    expect(facts.size).toBeLessThan(300);
  });

  test.each([undefined, null, 'text', 7, [], {}, { daily: null }, { daily: { at: 7 } }, { every: [] }, { cron: { expression: null } }, { __proto__: null, weird: { b: 1, a: 2 } }])('of %j, which is no trigger, is a text too', (entry) => {
    expect(revisionOf(entry, 'UTC')).toBe(revisionOf(entry, 'UTC'));
    expect(typeof entryOfRevision(revisionOf(entry, 'UTC')).timeZone).toBe('string');
  });

  test.each(['', 'x', '{}', '[]', 'null', '{"timeZone":7}'])('is not %j', (text) => {
    expect(() => entryOfRevision(text)).toThrow(expect.objectContaining({ code: 'TriggerInvalid' }));
  });
});

const ZONES = ['UTC', BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'];

/** What can be seen of a trigger: everything but its zone's name, which a rhythm does not depend on. */
function factsOf(entry: unknown, timeZone: string): unknown {
  const { kind, randomDelay } = openTrigger(entry, { timeZone, now: new Date(AFTER), knownSince: new Date(AFTER) });
  const isEvent = kind.startsWith('at');
  return { kind, randomDelay, due: isEvent ? [] : nextOf(entry, timeZone, AFTER, 5) };
}

type Random = () => number;

function someEntry(random: Random): Record<string, unknown> {
  const delay = oneOf(random, [{}, {}, { randomDelay: '90s' }, { randomDelay: 'PT1M30S' }, { randomDelay: '0' }]);
  const beside = random() < 0.5;
  const inside = (map: object): object => (beside ? map : { ...map, ...delay });
  const [kind, value] = oneOf(random, KINDS)(random, inside);
  const zone = random() < 0.3 ? { timeZone: oneOf(random, ZONES) } : {};
  const id = random() < 0.3 ? { id: 3, enabled: random() < 0.5 } : {};
  const atOnce = kind === 'cron' || kind === 'every' || beside ? delay : {};
  const pairs = Object.entries({ ...id, ...zone, ...atOnce, [kind]: value });
  return Object.fromEntries(random() < 0.5 ? pairs : pairs.toReversed());
}

const KINDS: readonly ((random: Random, inside: (map: object) => object) => readonly [string, unknown])[] = [
  (random) => ['cron', oneOf(random, ['0 3 * * *', ' 0  3 * * * ', { expression: '0 3 * * *' }, '@daily', '@DAILY', '30 2 * mar SUN', '30 2 * MAR sun', '0 0 13 * 5', '*/15 8-18 * * 1-5', '0 0 LW * *', '0 0 lw * *'])],
  (random) => ['every', oneOf(random, ['10m', '600s', { duration: 'PT10M' }, '1500ms', '1.5s', '1h30m'])],
  (random, inside) => ['daily', inside({ at: oneOf(random, ['3:00', '03:00:00', '02:30', '02:30:00.500', '2026-04-01T02:30']), ...oneOf(random, [{}, { daysInterval: 1 }, { daysInterval: 3 }]) })],
  (random, inside) => ['weekly', inside({ at: oneOf(random, ['3:00', '02:30']), daysOfWeek: oneOf(random, ['*', 'Sunday', 0, [0, 3], 'wednesday,SUNDAY', ['Sunday', 3]]), ...oneOf(random, [{}, { weeksInterval: 1 }, { weeksInterval: 2 }]) })],
  (random, inside) => ['once', inside({ at: oneOf(random, ['2026-03-29T02:30', '2026-12-24 18:00', '2026-12-24T18:00:00', '2026-12-24T18:00Z', '2026-12-24T18:00+05:30']), ...oneOf(random, [{}, { repeatIndefinitely: false }, { repetitionInterval: '1h', repetitionDuration: '2d' }, { repetitionInterval: '60m', repeatIndefinitely: true }]) })],
  (_, inside) => ['atStartup', inside({})],
  (random, inside) => ['atLogOn', inside(oneOf(random, [{}, { user: '*' }, { user: 'backup' }]))],
];
