// A state folder on a disk that has become read-only: needs the right to mount one.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newPlace, type Place } from './product.ts';

const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' }).status === 0;

/** `freeze` lays a read-only mount of the state folder over it: who has files of it open goes on writing, as a test needs it. */
function placeOnDisk(): Place & { freeze(): void } {
  const place = newPlace();
  mkdirSync(place.state, { mode: 0o700 });
  const freeze = (): void => {
    expect(mount('--bind', place.state, place.state) && mount('-o', 'remount,bind,ro', place.state)).toBe(true);
    onTestFinished(() => void spawnSync('umount', ['--lazy', place.state]));
  };
  return { ...place, freeze };
}

describe.skipIf(!canMount)('a state folder on a read-only file system', () => {
  test('shows the jobs that are there, and what became of them', async () => {
    const place = placeOnDisk();
    const done = await place.start('echo out; echo kept');
    await place.finished(done);
    const kept = await place.start('--persist', '--', 'true');
    await place.finished(kept);
    const running = await place.start('--', 'sleep', '600');
    place.freeze();
    expect((await place.jobs()).map(({ id, state }) => [id, state])).toEqual([[done, 'Completed'], [kept, 'Completed'], [running, 'Running']]);
    expect(await place.run('wait-job', [String(done), '-o', 'id'])).toMatchObject({ code: 0, stdout: `${done}\n`, stderr: '' });
  });

  test('gives output, and says that the next reader begins there again', async () => {
    const place = placeOnDisk();
    const id = String(await place.start('echo out'));
    await place.finished(Number(id));
    place.freeze();
    const received = await place.run('receive-job', [id]);
    expect(received).toMatchObject({ code: 0, stdout: 'out\n', stderr: expect.stringMatching(/^receive-job: warning: ReadOnlyFileSystem: [^\n]+\n$/) });
    expect(await place.run('receive-job', [id, '--keep'])).toMatchObject({ code: 0, stdout: 'out\n', stderr: '' });
  });

  test('refuses to start, stop and remove, with exit 6, and the job lives', async () => {
    const place = placeOnDisk();
    const running = String(await place.start('--', 'sleep', '600'));
    const done = String(await place.start('--', 'true'));
    await place.finished(Number(done));
    place.freeze();
    for (const [verb, ...words] of [['start-job', '--', 'true'], ['start-job', '--persist', '--', 'true'], ['stop-job', running], ['remove-job', done]] as const) {
      expect([verb, await place.run(verb, words)]).toMatchObject([verb, { code: 6, stdout: '', stderr: expect.stringContaining(`${verb}: ReadOnlyFileSystem: `) }]);
    }
    expect((await place.job(running)).state).toBe('Running');
  });

  test('lists nothing where nothing was ever started', async () => {
    const place = placeOnDisk();
    place.freeze();
    expect(await place.run('get-job', ['-o', 'json'])).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
    expect(await place.run('start-job', ['--', 'true'])).toMatchObject({ code: 6, stderr: expect.stringContaining('ReadOnlyFileSystem') });
  });
});
