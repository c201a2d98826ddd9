import type { JobOrigin } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { placeInstance } from '../src/index.ts';
import { jobError } from './workbench.ts';

const byHand: JobOrigin = { kind: 'demand', runNow: false };
const runNow: JobOrigin = { kind: 'demand', runNow: true };
const triggered: JobOrigin = { kind: 'trigger', triggerId: '1', dueAt: new Date(0), catchUp: false };
const child: JobOrigin = { kind: 'parent', parentId: 1 };

const keeps = { name: 'ShellJob', capabilities: { persist: true } };
const forgets = { name: 'BriefJob', capabilities: {} };

describe('an instance', () => {
  test.each([
    ['started by hand', byHand, false, 'session'],
    ['started by hand with --persist', byHand, true, 'durable'],
    ['started with --run-now', runNow, false, 'durable'],
    ['started by a trigger', triggered, false, 'durable'],
    ['started by a trigger with --persist', triggered, true, 'durable'],
    ['started by its parent', child, false, 'session'],
  ] as const)('%s lives in the right store', (_how, origin, persist, place) => {
    expect(placeInstance(origin, persist, keeps)).toBe(place);
  });

  test.each([
    ['--persist', byHand, true],
    ['--run-now', runNow, false],
    ['a trigger', triggered, false],
  ] as const)('of a type that cannot be kept is refused when %s asks for it', (_what, origin, persist) => {
    expect(() => placeInstance(origin, persist, forgets)).toThrow(jobError('PersistNotSupported', 'BriefJob'));
  });

  test('of a type that cannot be kept lives in the session store when nobody asks for more', () => {
    expect(placeInstance(byHand, false, forgets)).toBe('session');
    expect(placeInstance(byHand, false, { name: 'X', capabilities: { persist: false } })).toBe('session');
  });
});
