import { expect, test } from 'vitest';
import { policyOf } from '@nightshift/scheduler';

const USUAL = { overlap: 'IgnoreNew', maxParallel: 10, queueLimit: 1, catchUp: { policy: 'latest', limit: 100 }, conditions: { network: false, mains: true, onUnknown: 'run' }, wakes: false };

test.each([
  ['nothing is said', undefined, {}],
  ['nothing is said about it', { timeout: '2h' }, {}],
  ['there is a policy', { multipleInstancePolicy: 'Queue' }, { overlap: 'Queue' }],
  ['there are limits', { maxParallel: 3, queueLimit: 7 }, { maxParallel: 3, queueLimit: 7 }],
  ['there are conditions', { runWithoutNetwork: false, startIfOnBatteries: true }, { conditions: { network: true, mains: false, onUnknown: 'run' } }],
  ['there are conditions in the words of PowerShell', { requireNetwork: true, startIfOnBattery: true }, { conditions: { network: true, mains: false, onUnknown: 'run' } }],
  ['idleness is asked for, and the unknown is not enough', { startIfNotIdle: false, onUnknownCondition: 'skip' }, { conditions: { network: false, mains: true, idle: { duration: 600_000, timeout: 3_600_000 }, onUnknown: 'skip' } }],
  ['idleness is asked for, for so long', { startIfIdle: true, idleDuration: '30s', idleTimeout: 0 }, { conditions: { network: false, mains: true, idle: { duration: 30_000, timeout: 0 }, onUnknown: 'run' } }],
  ['the machine is to be woken', { wakeToRun: true }, { wakes: true }],
  ['there is a window', { catchUp: { policy: 'latest', window: '1h' } }, { catchUp: { policy: 'latest', limit: 100, window: 3_600_000 } }],
  ['there is a limit', { catchUp: { policy: 'all', limit: 5 } }, { catchUp: { policy: 'all', limit: 5 } }],
])('due times are dealt with as the options say where %s', (_what, options, difference) => {
  expect(policyOf(options)).toEqual({ ...USUAL, ...difference });
});

test('definitions that say nothing share one policy', () => {
  expect(policyOf(undefined)).toBe(policyOf({ retry: { limit: 1 } }));
});
