import { expect, test } from 'vitest';
import { batteryIn, idleIn } from '../../src/conditions/darwin.ts';

const BATTERY = `Now drawing from 'Battery Power'
 -InternalBattery-0 (id=4653155)	87%; discharging; 6:31 remaining present: true
`;
const CHARGER = `Now drawing from 'AC Power'
 -InternalBattery-0 (id=4653155)	100%; charged; 0:00 remaining present: true
`;
const DESKTOP = `Now drawing from 'AC Power'
`;

test.each([
  ['on battery', BATTERY, true],
  ['at its charger', CHARGER, false],
  ['without a battery', DESKTOP, false],
  ['that says something else', 'pmset: unknown option\n', undefined],
  ['that says nothing in time', undefined, undefined],
])('pmset on a Mac %s', (_what, text, isOnBattery) => {
  expect(batteryIn(text)).toBe(isOnBattery);
});

const IOREG = `+-o Root  <class IORegistryEntry, id 0x100000100, retain 33>
  +-o MacBookPro18,1  <class IOPlatformExpertDevice, id 0x100000227, registered, matched, active, busy 0, retain 38>
    +-o IOResources  <class IOResources, id 0x100000112>
      +-o IOHIDSystem  <class IOHIDSystem, id 0x100000503, registered, matched, active, busy 0 (0 ms), retain 28>
          {
            "HIDScrollCountMinDeltaToSustain" = 20
            "HIDIdleTime" = 82734512500
            "EvtShmemStructSize" = 10520
          }
`;

test('ioreg says in nanoseconds when there was input last', () => {
  expect(idleIn(IOREG)).toBe(82_734);
  expect(idleIn('+-o Root\n')).toBeUndefined();
  expect(idleIn(undefined)).toBeUndefined();
});
