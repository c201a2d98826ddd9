// The plugins of definitions/plugins, as anybody would find them, and the programs of the contract's page as they are printed there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { exerciseJobType } from '@nightshift/testing';
import { type Manifest, type ManifestEntry, readManifest, readSchema, stdioJobType } from '../src/index.ts';
import { Desk } from './desk.ts';

const folderOf = (name: string): string => fileURLToPath(new URL(`../../../definitions/plugins/${name}`, import.meta.url));
const PAGE = fileURLToPath(new URL('page', import.meta.url));

/** `match` came with 3.10. */
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
const whyNoPython = 'python3 of 3.10 or later is not there';

function manifestOf(name: string): Manifest {
  const { manifest, complaints, warnings } = readManifest(readFileSync(`${folderOf(name)}/nightshift-plugin.json`, 'utf8'), folderOf(name));
  expect([complaints, warnings]).toEqual([[], []]);
  return manifest as Manifest;
}

const runner = { describe, test, skip: (title: string) => test.skip(title) };

const diskSpace = manifestOf('disk-space');
exerciseJobType(runner, {
  type: stdioJobType(diskSpace.jobTypes[0] as ManifestEntry, diskSpace),
  completes: { limit: 100 }, fails: { limit: 0 }, runsUntilStopped: { limit: 100, every: 60 },
  invalid: [[], { limit: 'much' }, { limit: 101 }, { limits: 5 }],
});

const countdown = manifestOf('countdown');
if (hasPython) {
  exerciseJobType(runner, {
    type: stdioJobType(countdown.jobTypes[0] as ManifestEntry, countdown),
    completes: { seconds: 0 }, fails: { seconds: 0, fail: true }, runsUntilStopped: { seconds: 3_600 },
    invalid: [{}, { seconds: 'two' }, { seconds: -1 }, { seconds: 1, minutes: 1 }],
  });
} else {
  test.skip(`CountdownJob: ${whyNoPython}`);
}

const marks = mkdtempSync(join(tmpdir(), 'nightshift-marks-'));
afterAll(() => rmSync(marks, { recursive: true, force: true }));
exerciseJobType(runner, {
  type: stdioJobType(
    { name: 'EveryJob', aliases: ['EachJob'], description: 'Does everything that a manifest can promise.', capabilities: { suspend: true, kill: true, persist: true, reattach: true, input: true }, argv: [process.execPath, './program.mjs', marks], schema: './every.schema.json' },
    { name: 'every', version: '1.0.0', folder: fileURLToPath(new URL('every-capability', import.meta.url)) },
  ),
  completes: { does: 'done' }, fails: { does: 'fail' }, runsUntilStopped: { does: 'wait' }, asks: { does: 'ask' }, invalid: [{}, { does: 'nothing' }],
});

describe('the examples', () => {
  test.each([diskSpace, countdown])('$name has a schema that may be used', async (manifest) => {
    expect(await readSchema(manifest.jobTypes[0] as ManifestEntry, manifest)).toMatchObject({ type: 'object' });
  });

  test('looks at the disk of the working directory, again and again until it is too full or stopped', async () => {
    const desk = new Desk({ argv: ['sh', './disk-space.sh'], folder: folderOf('disk-space'), spec: { limit: 100, every: 1 }, workingDirectory: '/' });
    await desk.until(() => desk.of('output').length === 2);
    await desk.run.wish({ is: 'stop', reason: 'stopped' });
    expect(await desk.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(desk.of('output')[0]).toEqual({ usedPercent: expect.any(Number) });
    expect(desk.warnings).toEqual([]);
  });

  test('fails where nobody knows how full the disk is', async () => {
    const desk = new Desk({ argv: ['sh', './disk-space.sh'], folder: folderOf('disk-space'), spec: { limit: 90 }, workingDirectory: '/no/such/folder' });
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'DiskUnknown' } });
    expect(desk.of('error').length).toBeGreaterThan(0);
  });
});

describe('the programs of the page', () => {
  test('in sh says how full the disk is, and ends as it is', async () => {
    const desk = new Desk({ argv: ['sh', './disk-space.sh'], folder: PAGE });
    const { state } = await desk.ended;
    const [{ usedPercent }] = desk.of('output') as [{ usedPercent: number }];
    expect(state).toBe(usedPercent < 90 ? 'Completed' : 'Failed');
    expect(desk.warnings).toEqual([]);
  });

  test.skipIf(!hasPython)('in Python counts down, and can be stopped', async () => {
    const whole = new Desk({ argv: ['python3', './countdown.py'], folder: PAGE, spec: { seconds: 1 } });
    const stopped = new Desk({ argv: ['python3', './countdown.py'], folder: PAGE, spec: { seconds: 2_000 } });
    await stopped.until(() => stopped.records.length === 1);
    await stopped.run.wish({ is: 'stop', reason: 'stopped' });
    expect(await stopped.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(await whole.ended).toEqual({ state: 'Completed' });
    expect(whole.of('output')).toEqual([{ counted: 1 }]);
    expect([...whole.warnings, ...stopped.warnings]).toEqual([]);
  });
});
