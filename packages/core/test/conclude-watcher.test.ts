import type { Instance, JobState, RunFacts } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { conclude, MOVES, type Observation, type WatcherSeen } from '../src/index.ts';
import { HERE } from './machine.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const now = at(100);

function runOf(facts: Partial<Omit<Instance, 'run'>> & { readonly run?: Partial<RunFacts> } = {}): Instance {
  const { run, ...others } = facts;
  return {
    id: 2, instanceId: 'i2', name: 'web1', type: 'RemoteJob', location: 'web1', command: 'uptime', attempt: 1, origin: { kind: 'parent', parentId: 1 }, parentId: 1, state: 'Running', beginTime: at(1), ...others,
    run: { holder: HERE, carries: 'i2', watches: true, ...run },
  };
}

const NOTHING: WatcherSeen = { reached: false };
const outcome = (facts: Partial<NonNullable<WatcherSeen['outcome']>> = {}): WatcherSeen => ({ reached: true, outcome: { state: 'Completed', at: at(8), ...facts } });
const ended = (watcher: WatcherSeen, how: object = { exitCode: 0 }): Observation => ({ is: 'ended', beginTime: at(1), endTime: at(9), outputBytes: 5, initialized: false, ...how, watcher });
const gone = (watcher: WatcherSeen): Observation => ({ is: 'gone', beginTime: at(1), outputBytes: 5, timedOut: false, watcher });
/** Looks at an attempt that never ran, after one that did. */
const unrun = (watcher: WatcherSeen): Observation[] => [{ is: 'revoked', outputBytes: 5, watcher }, { is: 'unclaimed', launcherAlive: false, outputBytes: 5, watcher }];

/** Whatever is concluded is a way that the table has. */
function movesOf(instance: Instance, seen: Observation): readonly object[] {
  const moves = conclude(instance, seen, now);
  let { state } = instance;
  for (const { to } of moves) {
    expect(MOVES[state], `${state} to ${to}`).toContain(to);
    state = to;
  }
  return moves;
}

const UNFINISHED = ['NotStarted', 'Running', 'Disconnected', 'AtBreakpoint'] as const satisfies readonly JobState[];

describe('a watcher that lives', () => {
  test.each(['Running', 'Stopping'] as const)('leaves the job %s', (state) => {
    expect(movesOf(runOf({ state }), { is: 'running', beginTime: at(1), held: false, watcher: NOTHING })).toEqual([]);
  });

  test('makes a job that was Disconnected Running', () => {
    expect(movesOf(runOf({ state: 'Disconnected', attempt: 2 }), { is: 'running', beginTime: at(20), held: false, watcher: NOTHING })).toEqual([{ to: 'Running', beginTime: at(20), statusMessage: '' }]);
  });
});

describe('a watcher that has gone', () => {
  test.each(UNFINISHED)('and said how the work ended gives the %s job that end', (state) => {
    for (const seen of [ended(outcome({ exitCode: 0 })), ended(outcome({ exitCode: 0 }), { signal: 'SIGKILL' }), gone(outcome({ exitCode: 0 }))]) {
      expect(movesOf(runOf({ state }), seen).at(-1)).toEqual({ to: 'Completed', exitCode: 0, endTime: at(8), outputBytes: 5 });
    }
  });

  test.each(UNFINISHED)('and said nothing leaves the %s job Disconnected', (state) => {
    expect(movesOf(runOf({ state }), gone(NOTHING)).at(-1)).toEqual({ to: 'Disconnected', statusMessage: 'the program that watches it was cut off' });
  });

  test('says why in its own words, else how it went', () => {
    const textOf = (seen: Observation): unknown => (movesOf(runOf(), seen) as readonly { readonly statusMessage?: string }[]).at(-1)?.statusMessage;
    expect(textOf(ended({ ...NOTHING, said: 'web1 went away' }))).toBe('web1 went away');
    expect(textOf(ended(NOTHING, { exitCode: 3 }))).toBe('the program that watches it ended with code 3 and did not say what became of it');
    expect(textOf(ended(NOTHING, { signal: 'SIGKILL' }))).toBe('the program that watches it was ended by signal SIGKILL and did not say what became of it');
  });

  test('says it once, and anew where a later one says something else', () => {
    const away = (statusMessage?: string): Instance => runOf({ state: 'Disconnected', ...(statusMessage === undefined ? {} : { statusMessage }) });
    expect(movesOf(away('no route'), ended({ ...NOTHING, said: 'no route' }))).toEqual([]);
    for (const before of [undefined, 'no answer']) expect(movesOf(away(before), ended({ ...NOTHING, said: 'no route' }))).toEqual([{ to: 'Running' }, { to: 'Disconnected', statusMessage: 'no route' }]);
  });

  test.each([
    [{ state: 'Failed', exitCode: 7 }, { reason: 'exit', statusMessage: 'the command exited with code 7', exitCode: 7 }],
    [{ state: 'Failed', signal: 'SIGSEGV' }, { reason: 'signal', statusMessage: 'the command was ended by signal SIGSEGV', signal: 'SIGSEGV' }],
    [{ state: 'Failed', reason: 'timeout' }, { reason: 'timeout', statusMessage: 'the command ran longer than 2s' }],
    [{ state: 'Failed', reason: 'spawn', statusMessage: 'web1 could not be reached' }, { reason: 'spawn', statusMessage: 'web1 could not be reached' }],
    [{ state: 'Failed' }, { reason: 'error', statusMessage: 'the command failed' }],
    [{ state: 'Stopped' }, { reason: 'stopped' }],
    [{ state: 'Completed', statusMessage: 'all went well' }, { statusMessage: 'all went well' }],
  ] as const)('and said %o has that for its end', (said, facts) => {
    expect(movesOf(runOf({ run: { timeout: 2_000 } }), ended(outcome(said)))).toEqual([{ to: said.state, ...facts, endTime: at(8), outputBytes: 5 }]);
  });

  test('by a clock that is behind ours has ended when it began', () => {
    expect(movesOf(runOf(), ended(outcome({ at: at(-50) }))).at(-1)).toMatchObject({ endTime: at(1) });
  });
});

describe('a stop', () => {
  const stopping = runOf({ state: 'Stopping', stopReason: 'parent' });

  test.each(['Completed', 'Failed', 'Stopped'] as const)('that the work followed by ending %s is a stop', (state) => {
    expect(movesOf(stopping, ended(outcome({ state, exitCode: 3 })))).toEqual([{ to: 'Stopped', reason: 'stopped', exitCode: 3, endTime: at(8), outputBytes: 5 }]);
  });

  test('that nobody answered has failed, for the work may go on', () => {
    const failed = { to: 'Failed', reason: 'stopped', statusMessage: 'it was to be stopped, and may go on where it runs: no route' };
    for (const seen of [ended({ ...NOTHING, said: 'no route' }), gone({ ...NOTHING, said: 'no route' }), ...unrun({ ...NOTHING, said: 'no route' }), { is: 'waiting', watcher: { ...NOTHING, said: 'no route' } } as const]) {
      expect(movesOf(stopping, seen).at(-1)).toMatchObject(failed);
    }
  });

  test('of one that never ran is a stop like any other', () => {
    for (const seen of [{ is: 'revoked' }, { is: 'unclaimed', launcherAlive: false }, { is: 'waiting' }] as const) expect(movesOf(stopping, seen).at(-1)).toMatchObject({ to: 'Stopped', reason: 'stopped' });
  });
});

describe('an attempt that never ran', () => {
  test('of work that was begun is as the one before it has left it', () => {
    for (const seen of unrun(NOTHING)) expect(movesOf(runOf({ state: 'Disconnected', attempt: 2, statusMessage: 'the program that watches it was cut off' }), seen)).toEqual([]);
    for (const seen of unrun(outcome())) expect(movesOf(runOf({ state: 'Disconnected', attempt: 2 }), seen).at(-1)).toMatchObject({ to: 'Completed', endTime: at(8) });
  });

  test('in an index that was built anew is Disconnected, and not as if nothing had begun', () => {
    const { beginTime: _beginTime, ...anew } = runOf({ state: 'NotStarted', attempt: 2 });
    for (const seen of unrun(NOTHING)) expect(movesOf(anew, seen)).toMatchObject([{ to: 'Running' }, { to: 'Disconnected' }]);
  });

  test('waits for who makes it, and ends only where the end is known', () => {
    expect(movesOf(runOf({ state: 'Disconnected', attempt: 2 }), { is: 'waiting', watcher: NOTHING })).toEqual([]);
    expect(movesOf(runOf({ state: 'Disconnected', attempt: 2 }), { is: 'waiting', watcher: outcome() }).at(-1)).toMatchObject({ to: 'Completed' });
  });

  test('of work that is tried again begins anew: how the last try ended is not its end', () => {
    const retried = runOf({ attempt: 2, run: { retry: { limit: 2, delay: 0, factor: 1, maxDelay: 0, onInterrupted: false } } });
    expect(movesOf(retried, { is: 'waiting', watcher: outcome({ state: 'Failed' }) })).toEqual([]);
    for (const seen of unrun(outcome({ state: 'Failed', reason: 'exit' }))) expect(movesOf(retried, seen).at(-1)).toMatchObject({ to: 'Failed', reason: 'spawn' });
  });

  test('and was the first one never began anything, unless a power cut may have hidden it', () => {
    expect(movesOf(runOf({ state: 'NotStarted' }), { is: 'unclaimed', launcherAlive: false }).at(-1)).toMatchObject({ to: 'Failed', reason: 'spawn' });
    expect(movesOf(runOf({ state: 'NotStarted' }), { is: 'unclaimed', launcherAlive: false, beforeBoot: true, watcher: NOTHING }).at(-1)).toMatchObject({ to: 'Disconnected' });
  });
});

test('a command that watches nothing is judged as ever', () => {
  const plain = runOf({ run: {} });
  const { watches: _watches, ...run } = plain.run as RunFacts;
  expect(conclude({ ...plain, run }, { is: 'gone', beginTime: at(1), outputBytes: 5, timedOut: false }, now)).toMatchObject([{ to: 'Failed', reason: 'interrupted' }]);
});
