import { expect, test } from 'vitest';
import { queuePlaceOf, runOptionsOf } from '../src/run-options.ts';
import { definitionOf } from './workbench.ts';

test.each([
  ['by itself', {}, { onBattery: 'always' }],
  ['that may begin on battery', { startIfOnBatteries: true }, { onBattery: 'change' }],
  ['that may go on on battery', { stopIfGoingOnBatteries: false }, undefined],
  ['that wants an idle machine to begin only', { startIfNotIdle: false, restartOnIdleResume: true }, { onBattery: 'always' }],
  ['that wants an idle machine to its end', { startIfNotIdle: false, stopIfGoingOffIdle: true, stopIfGoingOnBatteries: false }, { inUse: 'always', idleDuration: 600_000 }],
  ['that may begin in use, and ends with an idle machine', { stopIfGoingOffIdle: true, idleDuration: '30s' }, { onBattery: 'always', inUse: 'change', idleDuration: 30_000 }],
  ['that is taken up again', { stopIfGoingOffIdle: true, restartOnIdleResume: true, startIfOnBatteries: true }, { onBattery: 'change', inUse: 'change', idleDuration: 600_000, restarts: true }],
])('a run %s is stopped because of the machine', (_what, options, stopConditions) => {
  expect(runOptionsOf(definitionOf({ options })).stopConditions).toEqual(stopConditions);
});

test.each([
  [{}, {}],
  [{ route: 'gpu' }, { route: 'gpu' }],
  [{ cap: { key: 'licence' } }, { cap: { key: 'licence', limit: 1 } }],
  [{ route: 'gpu', cap: { key: 'licence', limit: 3 } }, { route: 'gpu', cap: { key: 'licence', limit: 3 } }],
])('options %j put a run there in the queue of an engine: %j', (options, place) => {
  expect(queuePlaceOf(definitionOf({ options }))).toEqual(place);
});
