import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobError } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { createHost } from '../src/create-host.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

function place() {
  const root = temporaryFolder();
  mkdirSync(join(root, '.git'));
  const warnings: JobError[] = [];
  const host = (facts: { readonly configFile?: string } = {}) =>
    createHost({ environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root, FOLDER: `${root}/` }, workingDirectory: root, warn: (warning) => warnings.push(warning), ...facts });
  return { root, warnings, host };
}

test('definitions are searched where the configuration says', async () => {
  const { root, host } = place();
  write(join(root, 'nightshift.yaml'), 'definitionPath: [jobs, more]\nnamespace: ops');
  write(join(root, 'more', 'Nightly.yaml'), 'type: BackgroundJob\njob: { command: [echo] }');
  mkdirSync(join(root, 'jobs'));
  await using one = host();
  const { config, definitions } = await one.wiring();
  expect(config).toEqual({ folders: [join(root, 'jobs'), join(root, 'more')], namespace: 'ops' });
  expect(await definitions.source.find('NIGHTLY', undefined, definitions.files)).toMatchObject([{ name: 'Nightly', key: 'ops/nightly' }]);
});

test('everything is put together once in a host, and anew in another', async () => {
  const { host } = place();
  await using one = host();
  await using other = host();
  expect(await one.wiring()).toBe(await one.wiring());
  expect((await other.wiring()).definitions).not.toBe((await one.wiring()).definitions);
});

test('a named configuration replaces the searched one', async () => {
  const { root, host } = place();
  write(join(root, 'nightshift.yaml'), 'namespace: searched');
  await using one = host({ configFile: write(join(root, 'other.yaml'), 'namespace: named') });
  expect((await one.wiring()).config.namespace).toBe('named');
});

test('a mistake in the configuration stops a start from a definition, and nothing else', async () => {
  const { root, host } = place();
  write(join(root, 'nightshift.yaml'), 'bogus: 1');
  await using one = host();
  expect(await complaintOf(() => one.startJob({ what: { definitionName: 'Nightly' }, callerDirectory: root, warn: () => {} }))).toMatchObject({ code: 'DefinitionKeyUnknown' });
  expect((await one.getJobs({})).jobs).toEqual([]);
  expect(await one.removeJobs({ names: ['*'] }, { force: true })).toMatchObject({ problems: [] });
});

test('a script of a definition must lie inside its project', async () => {
  const { root, host } = place();
  const outside = write(join(temporaryFolder(), 'x.sh'), 'echo x');
  write(join(root, 'definitions', 'Outside.yaml'), `type: BackgroundJob\njob: { filePath: ${outside} }`);
  await using one = host();
  expect(await complaintOf(() => one.startJob({ what: { definitionName: 'Outside' }, callerDirectory: root, warn: () => {} }))).toMatchObject({ code: 'DefinitionUnsafe' });
});
