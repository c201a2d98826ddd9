import { symlinkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { timeZone, zoneData, zonesOf } from '../../src/doctor/time-zone.ts';
import { doctorPlace, told } from './place.ts';

test.each([
  ['Europe/Berlin', 'ok: Europe/Berlin, from TZ'],
  [':Europe/Berlin', 'ok: Europe/Berlin, from TZ'],
  ['', 'ok: UTC, because TZ is empty'],
  ['Nope/Zone', 'warning: TZ=Nope/Zone names no zone that is known here: times are in UTC => unset TZ'],
  ['/etc/localtime', 'warning: TZ=/etc/localtime names no zone that is known here: times are in UTC => unset TZ'],
])('with TZ=%s', (TZ, words) => {
  const place = doctorPlace({ TZ });
  expect(told(timeZone(place.surroundings(), undefined))).toBe(words);
  expect(told(timeZone(place.surroundings(), 'Asia/Tokyo'))).toBe('ok: Asia/Tokyo, from the configuration');
});

test('without TZ the zone is that of the system, with the file that says so', () => {
  const place = doctorPlace({ TZ: undefined });
  expect(timeZone(place.surroundings(), undefined)).toMatchObject({ state: 'ok', text: expect.stringMatching(/^\S+, from the system's default$/) });
  mkdirSync(join(place.system, 'etc'));
  symlinkSync('/usr/share/zoneinfo/Etc/UTC', join(place.system, 'etc/localtime'));
  expect(timeZone(place.surroundings(), undefined).text).toMatch(/^\S+, from \/etc\/localtime -> \/usr\/share\/zoneinfo\/Etc\/UTC$/);
});

test('the zone of the configuration is the one in use', async () => {
  const place = doctorPlace({ TZ: 'UTC' });
  place.config('timeZone: America/New_York');
  expect((await place.about('time zone')).map(told)).toEqual(['ok: America/New_York, from the configuration']);
  place.config('timeZone: [');
  expect((await place.about('time zone')).map(told)).toEqual(['ok: UTC, from TZ']);
});

test('the data of this Node is right and told with its version', () => {
  const place = doctorPlace();
  expect(zoneData(place.surroundings())).toMatchObject({ state: 'ok', text: `tzdata ${process.versions.tz}, ICU ${process.versions.icu}` });
});

test('zones of the system that Node does not know are told', () => {
  const place = doctorPlace();
  place.plant('usr/share/zoneinfo/zone.tab', '# comment\nDE\t+5230+01322\tEurope/Berlin\tmost\nXX\t+0000+0000\tMars/Olympus\n');
  expect(zoneData(place.surroundings())).toMatchObject({ state: 'warning', text: expect.stringContaining('of 2 zones of the system 1 are not known: Mars/Olympus') });
  place.plant('usr/share/zoneinfo/zone.tab', 'DE\t+5230+01322\tEurope/Berlin\n');
  expect(zoneData(place.surroundings())).toMatchObject({ state: 'ok', text: expect.stringContaining('all 1 zones') });
  expect(zonesOf('garbage\n\n#\n')).toEqual([]);
});
