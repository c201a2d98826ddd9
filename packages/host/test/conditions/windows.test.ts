import { expect, test } from 'vitest';
import { batteryIn, idleIn } from '../../src/conditions/windows.ts';

test.each([
  ['Offline\r\n', true],
  ['Online\r\n', false],
  ['Unknown\r\n', undefined],
  ['', undefined],
  [undefined, undefined],
])('the power line of Windows: %j', (text, isOnBattery) => {
  expect(batteryIn(text)).toBe(isOnBattery);
});

test.each([
  ['312\r\n', 312],
  ['0\r\n', 0],
  ['-1\r\n', undefined],
  ['Add-Type : Cannot add type.\r\n', undefined],
  [undefined, undefined],
])('the last input of Windows: %j', (text, idleFor) => {
  expect(idleIn(text)).toBe(idleFor);
});
