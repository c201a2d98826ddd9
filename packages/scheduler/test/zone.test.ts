import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { checkTimeZone } from '@nightshift/scheduler';
import { formatLocal } from '../src/local-time.ts';
import { hostZoneName, instantsOf, isZoneName, latestWallAt, wallAt, zoneOf } from '../src/zone.ts';

const wall = (text: string): number => Date.parse(`${text}Z`);
const iso = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z');

describe('the name of a zone', () => {
  test.each(['UTC', 'utc', 'Europe/Berlin', 'europe/berlin', 'America/Argentina/Buenos_Aires', 'America/Port-au-Prince', 'Etc/UTC', 'Etc/GMT+5', 'US/Eastern', 'Japan', 'GB', 'NZ-CHAT', 'W-SU'])('%s is accepted', (name) => {
    expect(checkTimeZone(name)).toBeUndefined();
  });

  test.each(['', ' ', 'UTC+5', 'GMT+5', '+05:00', '-0300', 'EST', 'est', 'CET', 'PST', 'GMT', 'EST5EDT', 'Nope/Zone', 'Europe/../Berlin', 'Europe/Berlin ', 'Europe', 'constructor', 'x'.repeat(100_000), 'Ｕ/ＴＣ'])(
    '%.30j is refused with TimeZoneInvalid and examples',
    (name) => {
      expect(checkTimeZone(name)).toMatchObject({ code: 'TimeZoneInvalid', hint: expect.stringContaining('Europe/Berlin, America/New_York or UTC') });
    },
  );

  test('that is misspelt is answered with the right one', () => {
    expect(checkTimeZone('Europe/Berln')?.hint).toContain('did you mean "Europe/Berlin"?');
  });

  test.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    [':Europe/Berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    // The system knows these, Intl does not say what they are, or nobody knows them.
    ['', 'none'],
    ['Nope/Zone', 'none'],
    ['XYZ-5', 'none'],
  ])('of a machine with TZ=%s is %s', (TZ, name) => {
    const script = `import { hostZoneName } from ${JSON.stringify(new URL('../src/zone.ts', import.meta.url).href)}; console.log(hostZoneName() ?? 'none')`;
    expect(execFileSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], { env: { TZ }, encoding: 'utf8' })).toBe(`${name}\n`);
  });

  test('of this machine can be used', () => {
    expect(hostZoneName() ?? 'UTC').toSatisfy(isZoneName);
  });
});

describe('the offset of a zone', () => {
  test.each([
    ['UTC', '2026-07-01T00:00Z', 0],
    ['Europe/Berlin', '2026-07-01T00:00Z', 120],
    ['Europe/Berlin', '2027-03-28T00:59:59.999Z', 60],
    ['Europe/Berlin', '2027-03-28T01:00Z', 120],
    ['Asia/Kathmandu', '2026-07-01T00:00Z', 345],
    ['America/St_Johns', '2026-01-01T00:00Z', -210],
    ['Australia/Lord_Howe', '2027-01-01T00:00Z', 660],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', -600],
    ['Pacific/Apia', '2011-12-30T10:00Z', 840],
    ['Africa/Monrovia', '1970-06-01T00:00Z', -44.5],
    // A summer of one week: the shortest time between two changes that is known.
    ['America/Recife', '2000-10-06T12:00Z', -180],
    ['America/Recife', '2000-10-10T12:00Z', -120],
    ['America/Recife', '2000-10-16T12:00Z', -180],
  ])('%s at %s is %d minutes', (name, instant, minutes) => {
    expect(zoneOf(name).offsetAt(Date.parse(instant)) / 60_000).toBe(minutes);
  });

  test('is the same whichever instant was asked for first', () => {
    const instants = Array.from({ length: 400 }, (_, day) => Date.UTC(2026, 0, 1, 12) + day * 86_400_000);
    const forwards = instants.map((instant) => zoneOf('America/New_York').offsetAt(instant));
    // Another spelling is a zone of its own until it is known to be the same.
    const backwards = instants.toReversed().map((instant) => zoneOf('US/Eastern').offsetAt(instant));
    expect(backwards.toReversed()).toEqual(forwards);
  });

  test.each([
    ['Europe/Berlin', '2027-03-20T00:00Z', '2027-04-01T00:00Z', '2027-03-28T01:00Z'],
    ['Europe/Berlin', '2027-03-28T01:00Z', '2027-04-01T00:00Z', undefined],
    ['Europe/Berlin', '2027-03-28T00:00Z', '2027-03-28T01:00Z', '2027-03-28T01:00Z'],
    ['Asia/Kathmandu', '2027-01-01T00:00Z', '2028-01-01T00:00Z', undefined],
  ])('of %s changes in (%s, %s] at %s', (name, after, until, change) => {
    const found = zoneOf(name).changeWithin(Date.parse(after), Date.parse(until));
    expect(found === undefined ? undefined : iso(found)).toBe(change);
  });
});

describe('a wall time', () => {
  test.each([
    ['Europe/Berlin', '2027-03-28T01:59', 'once', '2027-03-28T00:59Z'],
    ['Europe/Berlin', '2027-03-28T02:00', 'gap', '2027-03-28T01:00Z'],
    ['Europe/Berlin', '2027-03-28T02:59', 'gap', '2027-03-28T01:00Z'],
    ['Europe/Berlin', '2027-03-28T03:00', 'once', '2027-03-28T01:00Z'],
    ['Europe/Berlin', '2026-10-25T01:59', 'once', '2026-10-24T23:59Z'],
    ['Europe/Berlin', '2026-10-25T02:00', 'overlap', '2026-10-25T00:00Z'],
    ['Europe/Berlin', '2026-10-25T02:59', 'overlap', '2026-10-25T00:59Z'],
    ['Europe/Berlin', '2026-10-25T03:00', 'once', '2026-10-25T02:00Z'],
    ['Australia/Lord_Howe', '2027-10-03T02:15', 'gap', '2027-10-02T15:30Z'],
    ['Australia/Lord_Howe', '2027-04-04T01:45', 'overlap', '2027-04-03T14:45Z'],
    ['Antarctica/Troll', '2027-03-28T02:30', 'gap', '2027-03-28T01:00Z'],
    ['Antarctica/Troll', '2026-10-25T01:30', 'overlap', '2026-10-24T23:30Z'],
    ['Pacific/Apia', '2011-12-30T12:00', 'gap', '2011-12-30T10:00Z'],
    ['America/St_Johns', '2026-11-22T00:00', 'once', '2026-11-22T03:30Z'],
  ])('in %s of %s is there: %s, first at %s', (name, text, kind, first) => {
    expect(instantsOf(zoneOf(name), wall(text))).toMatchObject({ kind, first: Date.parse(first) });
  });

  test('that comes twice has a second instant after its first', () => {
    expect(instantsOf(zoneOf('Europe/Berlin'), wall('2026-10-25T02:30'))).toEqual({ kind: 'overlap', first: Date.parse('2026-10-25T00:30Z'), second: Date.parse('2026-10-25T01:30Z') });
  });

  test('shown latest stays at its highest while the clock repeats itself', () => {
    const berlin = zoneOf('Europe/Berlin');
    const during = Date.parse('2026-10-25T01:10Z');
    expect(formatLocal(wallAt(berlin, during))).toBe('2026-10-25T02:10:00');
    expect(formatLocal(latestWallAt(berlin, during))).toBe('2026-10-25T02:59:59');
    expect(formatLocal(latestWallAt(berlin, Date.parse('2026-10-25T02:10Z')))).toBe('2026-10-25T03:10:00');
  });
});
