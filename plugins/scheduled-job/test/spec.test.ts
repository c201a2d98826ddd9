import { expect, test } from 'vitest';
import type { SpecResult } from '@nightshift/sdk';
import plugin, { type ScheduledSpec } from '@nightshift/scheduled-job';

const validate = (job: unknown) => plugin.jobTypes?.[0]?.spec['~standard'].validate(job) as SpecResult<ScheduledSpec>;

test.each(['ScheduledJob', 'PSScheduledJob', 'scheduledjob', 'PSSCHEDULEDJOB'])('a scheduled job that runs a %s is refused', (type) => {
  expect(validate({ type, command: ['true'] }).issues).toMatchObject([{ path: ['type'], message: expect.stringContaining('"job.type"') }]);
});

test.each([[42], [null], [''], [' '], [['BackgroundJob']]])('type: %j is no job type', (type) => {
  expect(validate({ type }).issues).toMatchObject([{ path: ['type'] }]);
});

test.each([null, 42, 'true', ['true']])('%j instead of a map is refused', (job) => {
  expect(validate(job).issues).toMatchObject([{ message: '"job" must be a map of keys' }]);
});

test('a complaint carries the default code, DefinitionValueInvalid', () => {
  expect(validate({ type: 'ScheduledJob' }).issues?.[0]).not.toHaveProperty('code');
});
