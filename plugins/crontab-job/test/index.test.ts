import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import crontabJob from '@nightshift/crontab-job';
import type { AnyJobType, DefinitionSource } from '@nightshift/sdk';
import { exerciseJobType } from '@nightshift/testing';
import { afterAll, describe, expect, test } from 'vitest';

const type = crontabJob.jobTypes?.[0] as AnyJobType;
const folder = mkdtempSync(join(tmpdir(), 'crontab-'));
writeFileSync(join(folder, 'crontab'), 'A=1\n@daily b\n# Zoo\n@daily a\n@daily c%in\nno line\n');
afterAll(() => rmSync(folder, { recursive: true }));

const own = type.definitions as DefinitionSource;
const definitions: DefinitionSource = { find: (name, _path, files) => own.find(name, folder, files), list: (_path, files) => own.list(folder, files) };

exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
  type: { ...type, definitions },
  completes: { command: 'read -r line && [ "$line" = hello ]', input: ['hello'], environment: { SHELL: '/bin/sh' } }, fails: { command: 'exit 7' }, runsUntilStopped: { command: 'sleep 60' },
  invalid: [{}, { command: 7 }, { command: 'x', environment: { NODE_OPTIONS: '-r x' } }, { command: 'x', environment: { 'a b': '' } }, { command: 'x', input: 'y' }, { command: 'x', user: '' }, { command: 'x', shell: '/bin/sh' }],
});

test('the plugin says the name and the version of its package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(crontabJob).toMatchObject({ name, version });
});
