import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import plugin from '@nightshift/background-job';
import { type } from './background-job.ts';

test('the plugin offers the command type BackgroundJob, which may be kept in the durable store', () => {
  expect(type).toMatchObject({ name: 'BackgroundJob', runs: 'command', capabilities: { persist: true } });
});

test('the plugin says the name and the version of its package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(plugin).toMatchObject({ name, version });
});
