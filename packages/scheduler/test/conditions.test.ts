import { describe, expect, test } from 'vitest';
import { policyOf } from '@nightshift/scheduler';
import { conditionWord, factsFor } from '../src/conditions.ts';
import { reasonToStop } from '../src/machine-watch.ts';

const NOW = new Date('2027-03-01T12:00:00Z');
const MINUTE = 60_000;
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * MINUTE);
const conditions = (options: Readonly<Record<string, unknown>>) => policyOf(options as never).conditions;

const ALL = { runWithoutNetwork: false, startIfNotIdle: false };
const FINE = { network: true, onBattery: false, idleFor: 10 * MINUTE };

describe('the conditions of a due time', () => {
  test.each([
    [{}, ['battery']],
    [ALL, ['network', 'battery', 'idle']],
    [{ startIfOnBatteries: true }, []],
  ])('%j are asked of the machine: %j', (options, facts) => {
    expect(factsFor(conditions(options))).toEqual(facts);
  });

  test.each([
    ['are met', ALL, FINE, 'met'],
    ['that nobody asks for do not count', { startIfOnBatteries: true }, { network: false, onBattery: true, idleFor: 0 }, 'met'],
    ['want a network', ALL, { ...FINE, network: false }, 'there is no network'],
    ['want mains', ALL, { ...FINE, onBattery: true }, 'the machine is on battery'],
    ['are waited for where only idleness is missing', ALL, { ...FINE, idleFor: 10 * MINUTE - 1 }, 'wait'],
    ['are not waited for where more is missing', ALL, { ...FINE, onBattery: true, idleFor: 0 }, 'the machine is on battery'],
    ['are not waited for at all with no time for it', { ...ALL, idleTimeout: 0 }, { ...FINE, idleFor: 0 }, 'somebody uses the machine'],
    ['that cannot be seen are taken for met', ALL, {}, 'met'],
    ['that cannot be seen are not enough where that is asked for', { ...ALL, onUnknownCondition: 'skip' }, { idleFor: 0 }, 'whether there is a network cannot be seen here; whether the machine is on battery cannot be seen here'],
  ])('%s', (_what, options, facts, word) => {
    const found = conditionWord(conditions(options), facts, NOW);
    expect(found.is === 'unmet' ? found.text : found.is).toBe(word);
  });

  test('that are taken for met each have a warning', () => {
    const found = conditionWord(conditions(ALL), { network: true, onBattery: false }, NOW);
    expect(found).toEqual({ is: 'met', warnings: ['whether the machine is idle cannot be seen here; the run was started all the same (onUnknownCondition: run)'] });
  });

  test.each([
    ['goes on waiting', 59, 0, 'wait'],
    ['does so whatever else is missing meanwhile', 59, 0, 'wait', { network: false }],
    ['has waited long enough', 60, 0, 'unmet'],
    ['starts at its last moment', 60, 10, 'met'],
    ['has waited too long while nobody looked, and the machine was in use', 90, 39, 'unmet'],
    ['could have started in time, had anybody looked', 90, 40, 'met'],
    ['is asked for the others when it may start', 5, 10, 'unmet', { onBattery: true }],
  ] as const)('of one that waits: it %s', (_what, waited, idle, word, others?: object) => {
    expect(conditionWord(conditions(ALL), { ...FINE, ...others, idleFor: idle * MINUTE }, NOW, ago(waited)).is).toBe(word);
  });
});

describe('a run is stopped because of the machine', () => {
  const ON_BATTERY = 'the machine is on battery';
  const IN_USE = 'the machine is in use';
  const idleDuration = 10 * MINUTE;
  test.each([
    ['on battery', { onBattery: 'always' }, { onBattery: true }, {}, ON_BATTERY],
    ['not on mains', { onBattery: 'always' }, { onBattery: false }, {}, undefined],
    ['not where nobody knows', { onBattery: 'always', inUse: 'always', idleDuration }, {}, {}, undefined],
    ['not on a battery that it was started on', { onBattery: 'change' }, { onBattery: true }, {}, undefined],
    ['on battery after mains', { onBattery: 'change' }, { onBattery: true }, { mains: true }, ON_BATTERY],
    ['in use', { inUse: 'always', idleDuration }, { idleFor: idleDuration - 1 }, {}, IN_USE],
    ['not while it is idle', { inUse: 'always', idleDuration }, { idleFor: idleDuration }, {}, undefined],
    ['not in a use that it was started in', { inUse: 'change', idleDuration }, { idleFor: 0 }, { mains: true }, undefined],
    ['in use after it was idle', { inUse: 'change', idleDuration }, { idleFor: 0 }, { idle: true }, IN_USE],
    ['not where it does not mind', {}, { onBattery: true, idleFor: 0 }, { mains: true, idle: true }, undefined],
  ] as const)('%s', (_what, asked, facts, before, text) => {
    expect(reasonToStop(asked, facts, before)).toBe(text);
  });
});
