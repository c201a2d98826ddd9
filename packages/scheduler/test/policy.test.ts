import { expect, test } from 'vitest';
import { policyOf } from '@nightshift/scheduler';

const USUAL = { overlap: 'IgnoreNew', maxParallel: 10, queueLimit: 1, catchUp: { policy: 'latest', limit: 100 }, conditions: { network: false, mains: true, idle: false } };

test.each([
  ['nothing is said', undefined, {}],
  ['nothing is said about it', { timeout: '2h' }, {}],
  ['there is a policy', { multipleInstancePolicy: 'Queue' }, { overlap: 'Queue' }],
  ['there are limits', { maxParallel: 3, queueLimit: 7 }, { maxParallel: 3, queueLimit: 7 }],
  ['there are conditions', { runWithoutNetwork: false, startIfOnBatteries: true }, { conditions: { network: true, mains: false, idle: false } }],
  ['there are conditions in the words of PowerShell', { requireNetwork: true, startIfOnBattery: true }, { conditions: { network: true, mains: false, idle: false } }],
  ['idleness is asked for, and the unknown is not enough', { startIfNotIdle: false, onUnknownCondition: 'skip' }, { conditions: { network: false, mains: true, idle: true } }],
  ['idleness is asked for, and the unknown will do', { startIfNotIdle: false }, {}],
  ['there is a window', { catchUp: { policy: 'latest', window: '1h' } }, { catchUp: { policy: 'latest', limit: 100, window: 3_600_000 } }],
  ['there is a limit', { catchUp: { policy: 'all', limit: 5 } }, { catchUp: { policy: 'all', limit: 5 } }],
])('due times are dealt with as the options say where %s', (_what, options, difference) => {
  expect(policyOf(options)).toEqual({ ...USUAL, ...difference });
});

test('definitions that say nothing share one policy', () => {
  expect(policyOf(undefined)).toBe(policyOf({ retry: { limit: 1 } }));
});
