import { expect, test } from 'vitest';
import { conclude } from '../src/client/conclude.ts';
import type { SessionEnd } from '../src/client/session.ts';
import { order } from './watching.ts';

const NOW = new Date('2030-01-01T00:01:00Z');
const of = order(['true'], { computer: 'web1' });
const ended = (record: string): SessionEnd => ({ is: 'ended', record, secondsAgo: 60 });

const about = (facts: object): Parameters<typeof conclude>[1] => ({ order: of, isStopped: false, hasStarted: true, isFirst: true, now: NOW, ...facts });

test.each([
  ['{"exitCode":0}', {}, { state: 'Completed', exitCode: 0 }],
  ['{"exitCode":3}', {}, { state: 'Failed', reason: 'exit', exitCode: 3 }],
  ['{"signal":"SIGSEGV"}', {}, { state: 'Failed', reason: 'signal', signal: 'SIGSEGV' }],
  ['{"reason":"timeout","signal":"SIGTERM"}', {}, { state: 'Failed', reason: 'timeout', signal: 'SIGTERM' }],
  ['{"reason":"timeout","signal":"SIGTERM"}', { isStopped: true }, { state: 'Failed', reason: 'timeout', signal: 'SIGTERM' }],
  ['{"signal":"SIGTERM"}', { isStopped: true }, { state: 'Stopped', reason: 'stopped', signal: 'SIGTERM' }],
  ['gone', {}, { state: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted on web1' }],
] as const)('an end over there, %s, with %j', (record, facts, outcome) => {
  expect(conclude(ended(record), about(facts))).toEqual({ outcome: { ...outcome, at: '2030-01-01T00:00:00.000Z' } });
});

test.each<[SessionEnd, object, object]>([
  [{ is: 'failed', why: 'no room' }, { hasStarted: false }, { outcome: { state: 'Failed', reason: 'spawn', statusMessage: 'it could not be begun on web1: no room' } }],
  [{ is: 'failed', why: 'no room' }, { isFirst: false }, { disconnected: 'web1 could not take it up again: no room' }],
  [{ is: 'unreached', why: 'no route' }, { hasStarted: false }, { outcome: { state: 'Failed', reason: 'spawn', statusMessage: 'web1 could not be reached: no route' } }],
  [{ is: 'unreached', why: 'no route' }, { hasStarted: false, isStopped: true }, { outcome: { state: 'Stopped', reason: 'stopped' } }],
  [{ is: 'unreached', why: 'no route' }, { isFirst: false }, { disconnected: 'web1 could not be reached: no route' }],
  [{ is: 'unreached', why: 'no route' }, { isFirst: false, isStopped: true }, { disconnected: 'web1 could not be reached: no route' }],
  [{ is: 'lost', why: 'cut' }, {}, { disconnected: 'the connection to web1 was lost, where it may go on: cut' }],
  [{ is: 'left' }, {}, { disconnected: 'it goes on on web1' }],
  [{ is: 'never' }, { hasStarted: false, isFirst: false }, { outcome: { state: 'Failed', reason: 'spawn', statusMessage: 'the connection to web1 was lost before it was begun there' } }],
  [{ is: 'never' }, { isFirst: false }, { outcome: { state: 'Failed', reason: 'interrupted', statusMessage: 'there is nothing left of it on web1' } }],
])('%j, with %j', (end, facts, conclusion) => {
  expect(conclude(end, about(facts))).toEqual(conclusion);
});
