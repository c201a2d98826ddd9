import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clock, judgeYear } from '../../src/doctor/clock.ts';
import { write } from '../folder.ts';
import { doctorPlace, told } from './place.ts';

type Place = ReturnType<typeof doctorPlace>;
const looked = (place: Place, subject = 'clock'): readonly string[] => clock(place.surroundings()).filter((finding) => finding.subject === subject).map(told);
const seconds = (hours: number): string => String(Math.round(Date.now() / 1_000) + hours * 3_600);

test.each([
  ['1970-01-01T00:00:00Z', 'bad'], ['2023-12-31T23:59:59Z', 'bad'], ['2024-01-01T00:00:00Z', 'ok'],
  ['2090-12-31T23:59:59Z', 'ok'], ['2091-01-01T00:00:00Z', 'bad'], ['2098-06-01T00:00:00Z', 'bad'],
] as const)('a clock at %s is %s', (time, state) => {
  expect(judgeYear(new Date(time))).toMatchObject({ state, text: expect.stringContaining(new Date(time).toISOString()) });
});

test.each([
  ['agrees', seconds(0), 1], ['keeps local time', seconds(-14), 1], ['is days away', seconds(-72), 2], ['is days ahead', seconds(72), 2], ['says nothing', '', 1], ['says nonsense', 'x', 1],
])('a clock of the board that %s', (_, text, findings) => {
  const place = doctorPlace();
  place.plant('sys/class/rtc/rtc0/since_epoch', `${text}\n`);
  expect(looked(place)).toHaveLength(findings);
  if (findings === 2) expect(looked(place)[1]).toMatch(/^warning: the clock of the board says .+ => sudo hwclock --systohc$/);
});

test('a store that was written at a time to come shows that the clock was set back', () => {
  const place = doctorPlace();
  const path = write(join(place.state, 'jobs.db'), '');
  expect(looked(place)).toHaveLength(1);
  utimesSync(path, new Date(), new Date(Date.now() + 7_200_000));
  expect(looked(place)[1]).toMatch(/^warning: .+jobs\.db was written at .+ which is still to come.+ => date; touch .+jobs\.db$/);
  utimesSync(path, new Date(), new Date(Date.now() + 5_000));
  expect(looked(place)).toHaveLength(1);
});

test.each([
  ['nothing', () => {}, /^ok: none is seen/],
  ['a clock that systemd has set', (place: Place) => place.plant('run/systemd/timesync/synchronized', ''), /^ok: systemd-timesyncd has set the clock$/],
  ['a systemd that has not set it yet', (place: Place) => mkdirSync(join(place.system, 'run/systemd/timesync'), { recursive: true }), /^warning: .+not set the clock yet => timedatectl/],
  ['chrony', (place: Place) => place.plant('run/chrony/chronyd.pid', '1'), /^ok: chronyd runs$/],
] as const)('of the time service: %s', (_, plant, words) => {
  const place = doctorPlace();
  plant(place);
  expect(looked(place, 'time service')).toEqual([expect.stringMatching(words)]);
});
