import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { thisProcess } from '../../src/launch/identity.ts';
import { canRunUs, runs } from '../folder.ts';
import { createBench } from './bench.ts';

/** A claim of a process that is gone, so that only the damage is left to be seen. */
const GONE = '1 0 another-boot\n';

describe('a run whose folder cannot be read', () => {
  test('is unreadable, with the file and the reason', async () => {
    const { folder, launcher, instance } = createBench();
    writeFileSync(join(folder, 'claim'), 'who?');
    expect(await launcher.observe(instance)).toEqual({ is: 'unreadable', file: join(folder, 'claim'), why: 'it names no process' });
  });

  test('is none of ours to judge where another machine runs it', async () => {
    const { folder, launcher, instance } = createBench();
    writeFileSync(join(folder, 'claim'), 'who?');
    expect(await launcher.observe({ ...instance, run: { carries: 'x', holder: { ...thisProcess(), host: 'elsewhere' } } })).toEqual({ is: 'elsewhere' });
  });

  test('is unreadable after a boot, whoever carries its id now', async () => {
    const { folder, launcher, instance, launch } = createBench();
    await launch({ argv: ['sleep', '1000'] });
    writeFileSync(join(folder, 'claim'), 'who?');
    expect(await launcher.observe(instance)).toMatchObject({ is: 'running' });
    expect(await launcher.observe({ ...instance, run: { carries: instance.instanceId, holder: { ...thisProcess(), boot: 'before' } } })).toMatchObject({ is: 'unreadable' });
  });

  test('is left to its launcher, while that starts it', async () => {
    const { runFolder, launcher, instance } = createBench();
    rmSync(runFolder, { recursive: true });
    writeFileSync(runFolder, '');
    expect(await launcher.observe({ ...instance, state: 'NotStarted' })).toEqual({ is: 'unclaimed', launcherAlive: true });
    expect(await launcher.observe(instance)).toMatchObject({ is: 'unreadable', file: runFolder, why: 'it is no folder' });
  });

  test('can still be stopped while it lives, by what its processes carry', async () => {
    const { folder, launcher, instance, pidsOf } = createBench();
    const [pid] = (await pidsOf('echo $$; sleep 1000', 1)) as [number];
    rmSync(join(folder, 'claim'));
    mkdirSync(join(folder, 'claim'));
    await launcher.end(instance, { force: true, gracePeriod: 0 });
    expect(runs(pid)).toBe(false);
  });

  test('is taken out of the way once, and its place is known from then on', async () => {
    const { folder, launcher, instance } = createBench();
    writeFileSync(join(folder, 'claim'), GONE);
    const keptAt = await launcher.setAside(instance);
    expect(keptAt).toMatch(/run\.corrupt-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/);
    expect(await launcher.setAside(instance)).toBeUndefined();
    expect(await launcher.observe(instance)).toEqual({ is: 'lost', keptAt });
  });
});

const STRANGER = 54_321;

test.skipIf(!canRunUs(STRANGER))('a run that its owner has shut himself out of is unreadable at a second look, and a folder above it never is the run’s fault (needs another user)', () => {
  const program = fileURLToPath(new URL('programs/closed-run.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', program], { uid: STRANGER, gid: STRANGER, cwd: '/', encoding: 'utf8', env: {} });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ 'for good': 'unreadable', 'kept': 'aside', 'afterwards': 'lost', 'for a moment': 'gone', 'a folder above': 'InputOutputError' });
});
