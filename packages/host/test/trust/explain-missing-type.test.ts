import { join } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { createHost } from '../../src/create-host.ts';
import type { Loss } from '../../src/plugins/plugins.ts';
import { explainMissingType } from '../../src/trust/explain-missing-type.ts';
import { complaintOf, write } from '../folder.ts';
import { trustPlace } from './place.ts';

const missing = new JobError({ code: 'JobTypeNotInstalled', message: 'no installed plugin offers the job type "X"', file: 'definitions/N.yaml', line: 1, column: 7, excerpt: { text: 'type: X', length: 1 } });
const PLACE = { file: 'definitions/N.yaml', line: 1, column: 7, excerpt: { text: 'type: X', length: 1 } };

type Place = ReturnType<typeof trustPlace>;

async function explained({ project, environment }: Place, cause: unknown = missing, losses: readonly Loss[] = []): Promise<unknown> {
  return explainMissingType(cause, await readConfig({ workingDirectory: project, environment, warn: () => {} }), losses);
}

const lost = (named: string, code = 'PluginLoadFailed'): Loss => ({ named, error: new JobError({ code, message: `the plugin ${named} is not there`, hint: `npm install ${named}` }) });

describe('a job type that nobody offers', () => {
  test('stays what it is where no plugin is named', async () => {
    const place = trustPlace();
    expect(await explained(place)).toBe(missing);
    place.config('plugins: []');
    expect(await explained(place)).toBe(missing);
  });

  test('may come from a plugin that is not trusted: the command to trust it, at the same place', async () => {
    const place = trustPlace();
    place.config('plugins: [x]');
    place.install('x', '1.0.0');
    expect(await explained(place)).toMatchObject({ code: 'PluginNotTrusted', message: expect.stringContaining('(x)'), hint: `nightshift trust ${place.project}`, ...PLACE });
  });

  test('may come from a plugin that has changed since it was trusted', async () => {
    const place = trustPlace();
    place.config('plugins: [x]');
    place.install('x', '1.0.0');
    await place.trust().grant('.', { whatIf: false });
    place.install('x', '1.1.0');
    expect(await explained(place)).toMatchObject({ code: 'PluginNotTrusted', message: expect.stringContaining('x 1.0.0 is 1.1.0 now') });
  });

  test('is not offered by the plugins of a trusted project either, if they could all be used', async () => {
    const place = trustPlace();
    place.config('plugins: [x]');
    place.install('x', '1.0.0');
    await place.trust().grant('.', { whatIf: false });
    expect(await explained(place)).toBe(missing);
  });

  test('may come from one that cannot be used: why, and what to do, at the same place', async () => {
    const place = trustPlace();
    write(place.own, 'plugins: [x]', 0o600);
    expect(await explained(place, missing, [lost('x')])).toMatchObject({ code: 'JobTypeNotInstalled', message: expect.stringMatching(/; one that cannot be used might: the plugin x is not there$/), hint: 'npm install x', ...PLACE });
    expect(await explained(place, new JobError({ code: 'JobTypeNotFound', message: 'm' }), [lost('x')])).toMatchObject({ code: 'JobTypeNotInstalled' });
  });

  test('may come from one of several that cannot be used, but for two that are only in conflict about another type', async () => {
    const place = trustPlace();
    const conflict = { error: new JobError({ code: 'JobTypeConflict', message: 'm' }) };
    expect(await explained(place, missing, [lost('x'), conflict, lost('./y', 'PluginInvalid')])).toMatchObject({ code: 'JobTypeNotInstalled', message: expect.stringMatching(/: x \(PluginLoadFailed\), \.\/y \(PluginInvalid\)$/) });
    expect(await explained(place, missing, [conflict])).toBe(missing);
  });

  test('may also be misspelt: the nearest type that is there stays in the hint', async () => {
    const place = trustPlace();
    place.config('plugins: [x]');
    const near = new JobError({ code: 'JobTypeNotInstalled', message: 'm', hint: 'did you mean "BackgroundJob"?' });
    expect(await explained(place, near)).toMatchObject({ code: 'PluginNotTrusted', hint: `nightshift trust ${place.project} (or did you mean "BackgroundJob"?)` });
  });

  test('is explained among other complaints as well', async () => {
    const place = trustPlace();
    place.config('plugins: [x]');
    const other = new JobError({ code: 'DefinitionKeyUnknown', message: 'm' });
    expect(await explained(place, new AggregateError([other, missing]))).toMatchObject({ errors: [{ code: 'DefinitionKeyUnknown' }, { code: 'PluginNotTrusted' }] });
    const foreign = new Error('x');
    expect(await explained(place, foreign)).toBe(foreign);
  });
});

test('a definition of such a type, and a type that is asked for, are refused by the start', async () => {
  const place = trustPlace();
  place.config('plugins: [x]');
  write(join(place.project, 'definitions/N.yaml'), 'type: X\njob: { a: 1 }');
  write(join(place.project, 'definitions/Inner.yaml'), 'job: { type: X }');
  write(join(place.project, 'definitions/Plain.yaml'), 'job: { command: ["true"] }');
  const warnings: JobError[] = [];
  await using host = createHost({ environment: { ...place.environment, NIGHTSHIFT_STATE_DIR: join(place.root, 'state'), PATH: process.env['PATH'], FOLDER: `${place.root}/` }, workingDirectory: place.project, warn: (warning) => warnings.push(warning) });
  const start = (definitionName: string, typePattern?: string) => host.startJob({ what: { definitionName, ...(typePattern === undefined ? {} : { typePattern }) }, callerDirectory: place.project, warn: () => {} });
  for (const [name, type] of [['N'], ['Inner'], ['Plain', 'X']] as const) expect(await complaintOf(() => start(name, type))).toMatchObject({ code: 'PluginNotTrusted' });
  expect(await complaintOf(() => host.startJob({ what: { type: 'X', spec: {} }, callerDirectory: place.project, warn: () => {} }))).toMatchObject({ code: 'PluginNotTrusted' });
  // Told once, and only by a start that goes on without them.
  expect(warnings).toEqual([]);
  await start('Plain');
  await start('Plain');
  expect(warnings).toMatchObject([{ code: 'ProjectPluginsIgnored' }]);
});
