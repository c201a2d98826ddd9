import { runOptionsOf } from '@nightshift/core';
import { policyOf } from '@nightshift/scheduler';
import type { Definition } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { askedInVain, withoutMachine } from '../../src/engine/without-machine.ts';

const of = (options?: Record<string, unknown>, triggers: readonly unknown[] = [{ daily: { at: '03:00' } }]) => withoutMachine({ key: 'n/job', name: 'Job', type: 'BackgroundJob', location: '/d/Job.yaml', spec: {}, triggers, ...(options === undefined ? {} : { options }) } as unknown as Definition);

test.each([
  ['what says nothing', undefined, []],
  ['what asks for a network', { requireNetwork: true }, ['options.requireNetwork']],
  ['what asks for mains and an idle machine', { startIfOnBattery: false, startIfIdle: true, stopIfGoingOffIdle: true }, ['options.startIfOnBattery', 'options.startIfIdle', 'options.stopIfGoingOffIdle']],
  ['what asks for nothing', { startIfOnBatteries: true, runWithoutNetwork: true }, []],
])('%s is scheduled without conditions of a machine, and is told what it asked for', (_what, options, asks) => {
  const { definition, asks: told } = of(options);
  expect(told).toEqual(asks);
  expect(policyOf(definition.options).conditions).toMatchObject({ network: false, mains: false });
  expect(policyOf(definition.options).conditions.idle).toBeUndefined();
  expect(runOptionsOf(definition).stopConditions).toBeUndefined();
});

test('what is not to run where a condition cannot be seen keeps its conditions, so that it does not', () => {
  const { definition } = of({ requireNetwork: true, onUnknownCondition: 'skip', startIfOnBatteries: true });
  expect(policyOf(definition.options).conditions).toMatchObject({ network: true, onUnknown: 'skip' });
  expect(runOptionsOf(definition).stopConditions).toBeUndefined();
});

test('other options stay, and events of a machine are named', () => {
  const { definition, asks } = of({ multipleInstancePolicy: 'Queue', requireNetwork: true }, [{ atStartup: {} }, { atLogOn: {} }]);
  expect(policyOf(definition.options).overlap).toBe('Queue');
  expect(askedInVain('Job', asks)).toBe('Job: options.requireNetwork, atStartup, atLogOn say nothing with an engine, which is on no machine');
});
