import { expect, test } from 'vitest';
import type { DelegateJobType, SpecResult } from '@nightshift/sdk';
import plugin, { type ScheduledSpec } from '@nightshift/scheduled-job';

const type = plugin.jobTypes?.[0] as DelegateJobType<ScheduledSpec>;

function delegate(job: object) {
  const result = type.spec['~standard'].validate(job) as SpecResult<ScheduledSpec>;
  if (result.issues !== undefined) throw new Error('refused');
  return type.delegate({ spec: result.value, name: 'Nightly', origin: { kind: 'demand', runNow: false }, workingDirectory: '/', argumentList: [] });
}

// An empty map passes: the inner type knows what it misses.
test.each([
  [{ command: ['true'] }, { type: 'BackgroundJob', spec: { command: ['true'] } }],
  [{ type: 'ThreadJob', scriptBlock: 'return 1' }, { type: 'ThreadJob', spec: { scriptBlock: 'return 1' } }],
  [{ type: 'NotInstalled', anything: [null] }, { type: 'NotInstalled', spec: { anything: [null] } }],
  [{ comand: ['true'] }, { type: 'BackgroundJob', spec: { comand: ['true'] } }],
  [{ type: undefined }, { type: 'BackgroundJob', spec: {} }],
  [{}, { type: 'BackgroundJob', spec: {} }],
])('%j runs %j', (job, child) => {
  expect(delegate(job)).toEqual(child);
});
