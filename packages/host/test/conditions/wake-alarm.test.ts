import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canWake, createWakeAlarm } from '../../src/conditions/wake-alarm.ts';
import { temporaryFolder, write } from '../folder.ts';

const NOON = new Date('2027-03-01T12:00:00Z');
const at = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);
const seconds = (date: Date): string => `${date.getTime() / 1_000}\n`;

function machine(alarm: string) {
  const system = temporaryFolder();
  const path = write(join(system, 'sys/class/rtc/rtc0/wakealarm'), alarm);
  return { system, path, alarm: () => readFileSync(path, 'utf8'), ...createWakeAlarm(system, () => NOON) };
}

test('the alarm is set for the next due time, moved with it, and taken back', () => {
  const { set, alarm } = machine('');
  set(at(30));
  expect(alarm()).toBe(seconds(at(30)));
  set(at(10));
  expect(alarm()).toBe(seconds(at(10)));
  set(undefined);
  expect(alarm()).toBe('0\n');
});

test('an earlier alarm of somebody else stays, and ours follows when it has passed', () => {
  const { set, alarm, path } = machine(seconds(at(5)));
  set(at(30));
  expect(alarm()).toBe(seconds(at(5)));
  write(path, '');
  set(at(30));
  expect(alarm()).toBe(seconds(at(30)));
});

test('a later alarm of somebody else gives way', () => {
  const { set, alarm } = machine(seconds(at(60)));
  set(at(30));
  expect(alarm()).toBe(seconds(at(30)));
});

test('what is due at this moment needs no alarm, and a machine without one is left alone', () => {
  const { set, alarm } = machine('');
  set(NOON);
  expect(alarm()).toBe('');
  const bare = temporaryFolder();
  expect(canWake(bare)).toBe(false);
  createWakeAlarm(bare, () => NOON).set(at(30));
});
