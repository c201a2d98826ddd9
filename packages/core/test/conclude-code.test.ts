import type { Instance, RunFacts } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { conclude, MOVES, type CodeSeen, type Observation } from '../src/index.ts';
import { HERE } from './machine.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const now = at(100);

function runOf(facts: Partial<Omit<Instance, 'run'>> & { readonly run?: Partial<RunFacts> } = {}): Instance {
  const { run, ...others } = facts;
  return {
    id: 1, instanceId: 'i1', name: 'Job1', type: 'NoteJob', location: 'localhost', command: '{}', attempt: 1, origin: { kind: 'demand', runNow: false }, state: 'Running', ...others,
    run: { holder: HERE, carries: 'i1', form: 'code', plugin: 'nightshift-plugin-x', can: { suspend: true }, resumable: true, ...run },
  };
}

type Ended = Extract<Observation, { is: 'ended' }>;
const STARTED: CodeSeen = { started: at(1), checkpoint: false };
const KEPT: CodeSeen = { started: at(1), checkpoint: true };
const ended = (code: CodeSeen, more: Partial<Ended> = {}): Observation => ({ is: 'ended', beginTime: at(0), endTime: at(9), exitCode: 0, outputBytes: 5, initialized: false, ...more, code });
const killed = (code: CodeSeen): Observation => {
  const { exitCode: _exitCode, ...seen } = ended(code, { signal: 'SIGKILL' }) as Ended;
  return { ...seen, code };
};
const gone = (code: CodeSeen): Observation => ({ is: 'gone', beginTime: at(0), outputBytes: 5, timedOut: false, code });
const running = (code: CodeSeen): Observation => ({ is: 'running', beginTime: at(0), held: false, code });
const outcome = (facts: Partial<NonNullable<CodeSeen['outcome']>> = {}): CodeSeen => ({ ...STARTED, outcome: { state: 'Completed', at: at(8), ...facts } });

const endOf = (instance: Instance, seen: Observation): unknown => {
  const moves = conclude(instance, seen, now);
  // Whatever is concluded is a way that the table has.
  let { state } = instance;
  for (const { to } of moves) {
    expect(MOVES[state], `${state} to ${to}`).toContain(to);
    state = to;
  }
  return moves.at(-1);
};

describe('a run of JavaScript', () => {
  test('is NotStarted until its host says that the work begins, and Running from that moment', () => {
    expect(conclude(runOf({ state: 'NotStarted' }), running({ checkpoint: false }), now)).toEqual([]);
    expect(conclude(runOf({ state: 'NotStarted' }), running(STARTED), now)).toEqual([{ to: 'Running', beginTime: at(1) }]);
  });

  test.each(['Running', 'Blocked', 'Suspended', 'Suspending', 'Stopping'] as const)('that is %s and lives stays so', (state) => {
    expect(conclude(runOf({ state }), running(STARTED), now)).toEqual([]);
  });

  test('that was taken up anew is Running as soon as its host has begun; one that its host has suspended is not', () => {
    expect(conclude(runOf({ state: 'Suspended', attempt: 2 }), running(STARTED), now)).toEqual([{ to: 'Running', statusMessage: '' }]);
    expect(conclude(runOf({ state: 'Suspended', attempt: 2, statusMessage: 'step 2' }), running(STARTED), now)).toEqual([]);
  });

  describe('that outlives its host', () => {
    const run = { can: { reattach: true, suspend: true } };
    const LEFT: CodeSeen = { ...KEPT, token: 't' };
    const away = { to: 'Disconnected', statusMessage: expect.stringContaining('resume-job') };

    test.each(['NotStarted', 'Running', 'Blocked', 'AtBreakpoint'] as const)('and was %s is Disconnected without it, however its host has ended', (state) => {
      for (const seen of [killed(LEFT), ended(LEFT), gone(LEFT), { is: 'revoked', code: LEFT }, { is: 'unclaimed', launcherAlive: false, beforeBoot: true, code: LEFT }] as const) expect(endOf(runOf({ state, run }), seen)).toEqual(away);
    });

    test('stays Disconnected until a new host has begun, and is Running then unless that host says otherwise', () => {
      for (const seen of [killed(LEFT), gone(LEFT), running(LEFT)]) expect(conclude(runOf({ state: 'Disconnected', statusMessage: 'x', run }), seen, now)).toEqual([]);
      expect(conclude(runOf({ state: 'Disconnected', attempt: 2, run }), running(LEFT), now)).toEqual([{ to: 'Running', statusMessage: '' }]);
    });

    test('ends like any other when it is to be stopped, has had its time, has an outcome, or left no token', () => {
      expect(endOf(runOf({ state: 'Stopping', stopReason: 'stopped', run }), killed(LEFT))).toMatchObject({ to: 'Stopped' });
      expect(endOf(runOf({ run }), killed(outcome()))).toMatchObject({ to: 'Completed' });
      expect(endOf(runOf({ run }), ended(LEFT, { reason: 'timeout' }))).toMatchObject({ to: 'Failed', reason: 'timeout' });
      expect(endOf(runOf({ run: { can: { reattach: true } } }), killed(STARTED))).toMatchObject({ to: 'Failed', reason: 'interrupted' });
      expect(endOf(runOf({ run: { can: {} } }), killed(LEFT))).toMatchObject({ to: 'Failed', reason: 'interrupted' });
    });
  });

  test('ends as its host has written down, at the time that it says', () => {
    expect(endOf(runOf(), ended(outcome({ exitCode: 3 })))).toEqual({ to: 'Completed', exitCode: 3, endTime: at(8), outputBytes: 5 });
    expect(endOf(runOf(), ended(outcome({ state: 'Failed', reason: 'error', statusMessage: 'no' })))).toEqual({ to: 'Failed', reason: 'error', statusMessage: 'no', endTime: at(8), outputBytes: 5 });
    expect(endOf(runOf(), ended(outcome({ state: 'Stopped', reason: 'stopped' })))).toMatchObject({ to: 'Stopped', reason: 'stopped' });
  });

  test.each(['NotStarted', 'Running', 'Blocked', 'Suspending', 'Suspended', 'Disconnected', 'AtBreakpoint'] as const)('that nobody has looked at since it was %s ends by a way that there is', (state) => {
    expect(endOf(runOf({ state }), ended(outcome()))).toMatchObject({ to: 'Completed' });
    expect(endOf(runOf({ state }), killed(outcome({ state: 'Failed' })))).toMatchObject({ to: 'Failed' });
  });

  test('whose process is gone after the outcome was written has that end', () => {
    expect(endOf(runOf(), killed(outcome()))).toMatchObject({ to: 'Completed' });
    expect(endOf(runOf(), gone(outcome()))).toMatchObject({ to: 'Completed' });
  });

  test('whose process is gone with its shim has ended by now: every job that is over has an end', () => {
    expect(endOf(runOf(), gone(STARTED))).toMatchObject({ to: 'Failed', endTime: now });
    expect(endOf(runOf({ state: 'Stopping', stopReason: 'stopped' }), gone(STARTED))).toMatchObject({ to: 'Stopped', endTime: now });
  });

  test.each([
    ['a signal', killed(STARTED), 'interrupted', 'the process of the job was ended by signal SIGKILL'],
    ['an exit of its own', ended(STARTED, { exitCode: 3 }), 'interrupted', `PluginCrashed: 'nightshift-plugin-x' ended the process of NoteJob with code 3 before the job had an end. Does it call exit()?`],
    ['a shim that is gone', gone(STARTED), 'interrupted', 'the run was interrupted'],
    ['a signal before it began', killed({ checkpoint: false }), 'spawn', 'the process of the job was ended by signal SIGKILL'],
  ] as const)('that was cut off by %s has failed', (_what, seen, reason, statusMessage) => {
    expect(endOf(runOf(), seen)).toMatchObject({ to: 'Failed', reason, statusMessage });
  });
});

describe('a stop', () => {
  const stopping = runOf({ state: 'Stopping', stopReason: 'overlap' });

  test.each([['a plain end', ended(outcome())], ['a failure', ended(outcome({ state: 'Failed', reason: 'error', statusMessage: 'aborted' }))], ['a shim that is gone', gone(KEPT)]])('makes %s a Stopped run', (_what, seen) => {
    const end = endOf(stopping, seen);
    expect(end).toMatchObject({ to: 'Stopped', reason: 'overlap' });
    expect(end).not.toHaveProperty('statusMessage');
  });

  test('that was not answered is told, by the host or in its place', () => {
    expect(endOf(stopping, ended(outcome({ state: 'Stopped', reason: 'stopped', statusMessage: 'PluginTimedOut: it did not end' })))).toMatchObject({ to: 'Stopped', statusMessage: 'PluginTimedOut: it did not end' });
    expect(endOf(stopping, killed(STARTED))).toMatchObject({ to: 'Stopped', statusMessage: `PluginTimedOut: 'nightshift-plugin-x' did not answer the wish to stop NoteJob, so its process was ended. Does start() keep the process busy?` });
  });

  test('at the time limit is a failure, answered or not', () => {
    const limited = runOf({ run: { timeout: 5_000 } });
    expect(endOf(limited, ended(outcome({ state: 'Stopped' }), { reason: 'timeout' }))).toMatchObject({ to: 'Failed', reason: 'timeout', statusMessage: 'the job ran longer than 5s' });
    expect(endOf(limited, { ...killed(KEPT), reason: 'timeout' } as Observation)).toMatchObject({ to: 'Failed', reason: 'timeout', statusMessage: expect.stringMatching(/^the job ran longer than 5s; PluginTimedOut: /) as string });
  });
});

describe('a checkpoint', () => {
  const REST = { to: 'Suspended', reason: 'interrupted', statusMessage: 'the run was interrupted; it goes on from its last checkpoint when it is resumed' };
  const CUTS: readonly Observation[] = [killed(KEPT), gone(KEPT), ended(KEPT, { exitCode: 1 }), { is: 'revoked', code: KEPT }, { is: 'unclaimed', launcherAlive: false, code: KEPT }, { is: 'unclaimed', launcherAlive: false, beforeBoot: true, code: KEPT }];

  test.each(['Running', 'Blocked', 'Suspending', 'Disconnected', 'AtBreakpoint', 'NotStarted'] as const)('keeps a %s job that was cut off', (state) => {
    // By its message a parent tells what was wished from what befell it.
    const said = state === 'Suspending' ? { statusMessage: 'it was cut off; it goes on from its last checkpoint when it is resumed' } : {};
    for (const seen of CUTS) expect(endOf(runOf({ state }), seen)).toEqual({ ...REST, ...said });
  });

  test('keeps a suspended one, whoever has started it, over every reboot', () => {
    for (const seen of CUTS) expect(conclude(runOf({ state: 'Suspended', run: { resumable: undefined as never } }), seen, now)).toEqual([]);
  });

  test('does not keep what a trigger has started, what cannot be suspended, or what is to be stopped', () => {
    const { resumable: _resumable, ...others } = runOf().run as RunFacts;
    expect(endOf({ ...runOf(), run: others }, killed(KEPT))).toMatchObject({ to: 'Failed', reason: 'interrupted' });
    expect(endOf(runOf({ run: { can: {} } }), killed(KEPT))).toMatchObject({ to: 'Failed', reason: 'interrupted' });
    expect(endOf(runOf({ state: 'Stopping', stopReason: 'stopped' }), gone(KEPT))).toMatchObject({ to: 'Stopped' });
  });
});
