import { describe, expect, test } from 'vitest';
import type { TriggerClock } from '@nightshift/sdk';
import { policyOf, randomDelay, revisionOf, type ScheduledDefinition } from '@nightshift/scheduler';
import { decide, type Moment, type TriggerOrigin, type Wait } from '../src/decide.ts';
import { stateOf, type TriggerState } from '../src/trigger-state.ts';

const events = { boot: 'boot-2', logOns: () => [] };
const at = (hour: number, minute = 0): Date => new Date(Date.UTC(2027, 2, 1, hour, minute));
const LATER = at(12, 45);

function trigger(triggerId: number, entry: object, facts: Partial<TriggerClock> = {}): TriggerState {
  return stateOf({ definition: 'ops/job', triggerId, revision: revisionOf(entry, 'UTC'), enabled: true, knownSince: at(0), lastDueAt: at(9), ...facts }, events);
}

function decided(triggers: readonly TriggerState[], options: object, moment: Partial<Moment> = {}, enabled = true) {
  const made: { readonly origin: TriggerOrigin; readonly wait: Wait }[] = [];
  const definition: ScheduledDefinition = { key: 'ops/job', name: 'Job', enabled, triggers: [], policy: policyOf(options as never), plan: undefined };
  const { decision, stop } = decide(definition, triggers, {
    now: at(12),
    events,
    machine: { network: true, onBattery: false },
    unfinished: [],
    instances: (origin, wait) => {
      made.push({ origin, wait });
      return [{ instanceId: `job-${made.length}` }, { instanceId: `run-${made.length}` }] as never;
    },
    spread: () => LATER,
    ...moment,
  });
  const rows = decision.firings.map(({ triggerId, dueAt, lastDueAt, count = 1, word, reason, instanceId }) => [triggerId, dueAt.toISOString().slice(11, 16), ...(count > 1 ? [lastDueAt?.toISOString().slice(11, 16), count] : []), reason ?? word, instanceId].filter((part) => part !== undefined).join(' '));
  return { rows, made, decision, stop };
}

const RUNNING = { id: 7, instanceId: 'old', queued: false };
const HOURLY = { cron: '0 * * * *' };

describe('a decision', () => {
  test('asks for the conditions before anything else, and each due time says what was missing', () => {
    const { rows, decision } = decided([trigger(1, HOURLY, { lastDueAt: at(11) })], { runWithoutNetwork: false, startIfOnBatteries: true }, { machine: { network: false, onBattery: true }, unfinished: [RUNNING] });
    expect(rows).toEqual(['1 12:00 condition']);
    expect(decision.firings[0]?.text).toBe('there is no network');
  });

  test('starts what could not be looked at, and says so to the run; or skips it, where that is asked for', () => {
    const { made, decision } = decided([trigger(1, HOURLY, { lastDueAt: at(11) })], {}, { machine: {} });
    const text = 'whether the machine is on battery cannot be seen here; the run was started all the same (onUnknownCondition: run)';
    expect([made[0]?.wait, decision.firings[0]?.text]).toEqual([{ warnings: [text] }, text]);
    const skipped = decided([trigger(1, HOURLY, { lastDueAt: at(11) })], { onUnknownCondition: 'skip' }, { machine: {} });
    expect(skipped.rows).toEqual(['1 12:00 condition']);
    expect(skipped.decision.firings[0]?.text).toBe('whether the machine is on battery cannot be seen here');
  });

  test('lets a due time wait for an idle machine, and a misfire that did so is caught up', () => {
    const options = { startIfNotIdle: false };
    const hourly = trigger(1, HOURLY, { lastDueAt: at(11) });
    expect(decided([hourly], options, { machine: { onBattery: false, idleFor: 0 } }).rows).toEqual(['1 12:00 Waiting']);
    const waiting = [{ trigger: hourly, triggerId: 1, dueAt: at(10), since: at(11, 30) }];
    expect(decided([], options, { waiting, machine: { onBattery: false, idleFor: 0 } }).decision.firings).toEqual([]);
    const { decision, made } = decided([], options, { waiting, machine: { onBattery: false, idleFor: 600_000 } });
    expect(decision.firings).toMatchObject([{ word: 'Started', dueAt: at(10), waited: true }]);
    expect(made[0]?.origin.catchUp).toBe(true);
  });

  test('covers every trigger, oldest due time first, by one overlap policy', () => {
    const { rows } = decided([trigger(1, HOURLY, { lastDueAt: at(11) }), trigger(2, { cron: '0 12 * * *' })], {});
    expect(rows).toEqual(['1 12:00 Started job-1', '2 12:00 overlap job-1']);
  });

  test('starts what is due, catches up what was missed, and skips the rest in one range', () => {
    const { rows, made, decision } = decided([trigger(1, HOURLY)], { multipleInstancePolicy: 'Parallel' });
    expect(rows).toEqual(['1 10:00 misfire', '1 11:00 Started job-1', '1 12:00 Started job-2']);
    expect(made.map(({ origin }) => origin.catchUp)).toEqual([true, false]);
    expect(decision.clocks[0]?.to).toMatchObject({ lastDueAt: at(12), nextDueAt: at(13) });
  });

  test('says which unfinished jobs it looked at', () => {
    expect(decided([trigger(1, HOURLY, { lastDueAt: at(11) })], {}, { unfinished: [RUNNING] }).decision.unfinished).toEqual([7]);
  });

  test('joins due times of a trigger that one job is in the way of', () => {
    const { rows } = decided([trigger(1, { cron: '* * * * *' }, { lastDueAt: at(11, 58) })], { catchUp: { policy: 'skip' } }, { unfinished: [RUNNING] });
    expect(rows).toEqual(['1 11:59 12:00 2 overlap old']);
  });

  test.each([
    ['IgnoreNew', ['1 12:00 overlap old'], [], []],
    ['Queue', ['1 12:00 Started job-1'], [{ queued: true }], []],
    ['StopExisting', ['1 12:00 Started job-1'], [{ queued: true }], ['old']],
    ['Parallel', ['1 12:00 Started job-1'], [{}], []],
  ])('with the policy %s beside one that runs', (multipleInstancePolicy, expected, waits, stopped) => {
    const { rows, made, stop } = decided([trigger(1, HOURLY, { lastDueAt: at(11) })], { multipleInstancePolicy }, { unfinished: [RUNNING] });
    expect([rows, made.map(({ wait }) => wait), stop]).toEqual([expected, waits, stopped]);
  });

  test('with the policy "all" queues one behind the other, whatever the overlap policy says', () => {
    const { made, stop } = decided([trigger(1, HOURLY)], { multipleInstancePolicy: 'StopExisting', catchUp: { policy: 'all' } }, { now: at(12, 30), spread: () => undefined });
    expect(made.map(({ wait }) => wait)).toEqual([{}, { queued: true }, { queued: true }]);
    expect(stop).toEqual([]);
  });

  test('lets what is caught up begin in its turn, and what is due with its own delay', () => {
    const { made } = decided([trigger(1, { ...HOURLY, randomDelay: '10m' })], { multipleInstancePolicy: 'Parallel' });
    expect(made.map(({ wait }) => wait)).toEqual([{ notBefore: LATER }, { notBefore: new Date(at(12).getTime() + randomDelay('ops/job', 1, at(12), 600_000)) }]);
  });

  test.each([
    ['trigger', trigger(1, HOURLY, { enabled: false }), true],
    ['definition', trigger(1, HOURLY), false],
  ])('starts nothing of a %s that is disabled, and lengthens its range', (_what, state, enabled) => {
    const { rows, decision } = decided([state], {}, {}, enabled);
    expect(rows).toEqual(['1 10:00 12:00 3 disabled']);
    expect(decision.firings[0]?.lengthens).toBe(true);
    expect(decision.clocks[0]?.to).toMatchObject({ lastDueAt: at(12), nextDueAt: at(13) });
  });

  test('looks behind what is recorded where the clock was put back', () => {
    for (const enabled of [true, false]) {
      const { rows, decision } = decided([trigger(1, HOURLY, { lastDueAt: at(15), enabled })], {});
      expect([rows, decision.clocks[0]?.to?.nextDueAt]).toEqual([[], at(16)]);
    }
  });
});

describe('a boot', () => {
  test('is due when the scheduler sees it, with its delay', () => {
    const { rows, made, decision } = decided([trigger(1, { atStartup: { randomDelay: '5m' } }, { event: 'boot-1' })], {});
    expect([rows, made[0]?.wait]).toEqual([['1 12:00 Started job-1'], { notBefore: at(12, 5) }]);
    expect(decision.clocks[0]?.to).toMatchObject({ event: 'boot-2', lastDueAt: at(12) });
  });

  test('of a trigger that is disabled lengthens its range', () => {
    const { rows, decision } = decided([trigger(1, { atStartup: {} }, { enabled: false })], {});
    expect(rows).toEqual(['1 12:00 disabled']);
    expect(decision.firings[0]?.lengthens).toBe(true);
    expect(decision.clocks[0]?.to?.event).toBe('boot-2');
  });
});
