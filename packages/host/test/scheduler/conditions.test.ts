import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conditionsOf } from '../../src/scheduler/conditions.ts';
import { temporaryFolder, write } from '../folder.ts';

const clock = { monotonic: () => 0 };
const MAINS = { network: false, mains: true, idle: false };

function machine(supplies: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const system = temporaryFolder();
  for (const [name, facts] of Object.entries(supplies)) for (const [fact, value] of Object.entries(facts)) write(join(system, 'sys/class/power_supply', name, fact), `${value}\n`);
  return system;
}

test.each([
  ['without a battery', {}, undefined],
  ['on battery', { BAT0: { type: 'Battery', status: 'Discharging' }, AC: { type: 'Mains', online: '0' } }, 'the machine is on battery'],
  ['with its charger plugged in', { BAT0: { type: 'Battery', status: 'Discharging' }, AC: { type: 'Mains', online: '1' } }, undefined],
  ['charged by USB', { BAT0: { type: 'Battery', status: 'Discharging' }, port: { type: 'USB', online: '1' } }, undefined],
  ['with a full battery', { BAT0: { type: 'Battery', status: 'Full' } }, undefined],
  ['whose mouse has a battery', { mouse: { type: 'Battery', scope: 'Device', status: 'Discharging' } }, undefined],
])('a machine %s', (_what, supplies, said) => {
  expect(conditionsOf(machine(supplies), clock)(MAINS)).toBe(said);
});

test('a definition that runs on battery does not ask', () => {
  expect(conditionsOf(machine({ BAT0: { type: 'Battery', status: 'Discharging' } }), clock)({ ...MAINS, mains: false })).toBeUndefined();
});

test('that a machine is idle cannot be seen, and whoever insists on it is told so', () => {
  expect(conditionsOf(machine({}), clock)({ ...MAINS, idle: true })).toBe('whether the machine is idle cannot be seen here');
});
