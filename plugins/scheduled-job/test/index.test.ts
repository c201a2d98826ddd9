import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import plugin from '@nightshift/scheduled-job';

test('the plugin offers the delegate type ScheduledJob, by PowerShell\'s name too, with triggers', () => {
  expect(plugin.jobTypes).toMatchObject([{ name: 'ScheduledJob', aliases: ['PSScheduledJob'], runs: 'delegate', capabilities: { persist: true, triggers: true } }]);
});

test('the plugin says the name and the version of its package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(plugin).toMatchObject({ name, version });
});
