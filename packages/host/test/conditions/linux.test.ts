import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idleIn, linuxSenses } from '../../src/conditions/linux.ts';
import { temporaryFolder, write } from '../folder.ts';

function machine(supplies: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const system = temporaryFolder();
  for (const [name, facts] of Object.entries(supplies)) for (const [fact, value] of Object.entries(facts)) write(join(system, 'sys/class/power_supply', name, fact), `${value}\n`);
  return system;
}

test.each([
  ['without a battery', {}, false],
  ['on battery', { BAT0: { type: 'Battery', status: 'Discharging' }, AC: { type: 'Mains', online: '0' } }, true],
  ['with its charger plugged in', { BAT0: { type: 'Battery', status: 'Discharging' }, AC: { type: 'Mains', online: '1' } }, false],
  ['charged by USB', { BAT0: { type: 'Battery', status: 'Discharging' }, port: { type: 'USB', online: '1' } }, false],
  ['with a full battery', { BAT0: { type: 'Battery', status: 'Full' } }, false],
  ['whose mouse has a battery', { mouse: { type: 'Battery', scope: 'Device', status: 'Discharging' } }, false],
])('a machine %s says whether it is on battery', (_what, supplies, isOnBattery) => {
  expect(linuxSenses(machine(supplies), () => 0).onBattery(0)).toBe(isOnBattery);
});

test('a machine that may not be asked about its power does not say', () => {
  const system = temporaryFolder();
  write(join(system, 'sys/class/power_supply'), 'no folder');
  expect(linuxSenses(system, () => 0).onBattery(0)).toBeUndefined();
});

test.each([
  ['IdleHint=yes\nIdleSinceHintMonotonic=400000000\n', 600_000],
  ['IdleSinceHintMonotonic=400000000\nIdleHint=no\n', 0],
  ['IdleHint=yes\nIdleSinceHintMonotonic=0\n', 1_000_000],
  ['IdleHint=yes\nIdleSinceHintMonotonic=2000000000\n', 0],
  ['IdleHint=yes\n', undefined],
  ['Failed to connect to bus\n', undefined],
  ['', undefined],
])('of %j on a clock of 1000 s follows how long nobody has used the machine: %s', (text, idleFor) => {
  expect(idleIn(text, 1_000_000)).toBe(idleFor);
});
