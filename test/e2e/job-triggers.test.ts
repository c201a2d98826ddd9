// Verbs that change the triggers and options of definitions: at the same moment, on a disk that cannot be written, and killed.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newPlace, type Ended, type Place } from './product.ts';

const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' }).status === 0;

const BACKUP = `# of the shop
job:
  command: [echo, hi] # what runs
triggers:
  - daily: { at: "03:00" } # in the night
options:
  requireNetwork: true # the office
`;

interface Definitions extends Place { readonly folder: string; readonly file: string; read(): string }

function placeWith(text: string): Definitions {
  const place = newPlace();
  const folder = join(place.work, 'definitions');
  const file = join(folder, 'Backup.yaml');
  mkdirSync(folder);
  writeFileSync(file, text);
  return { ...place, folder, file, read: () => readFileSync(file, 'utf8') };
}

const idsOf = async ({ run }: Place): Promise<readonly number[]> => (await run('get-job-trigger', ['Backup', '-o', 'id'])).stdout.trim().split('\n').map(Number);

test('triggers that are added at the same moment are all there, each with an id of its own', async () => {
  const place = placeWith(BACKUP);
  const minutes = Array.from({ length: 8 }, (_, index) => index);
  const added = await Promise.all(minutes.map((minute) => place.run('add-job-trigger', ['Backup', '--trigger', `{daily: {at: "04:0${minute}"}}`])));
  expect(added.map(({ code, stderr }) => [code, stderr])).toEqual(minutes.map(() => [0, '']));
  expect(await idsOf(place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(minutes.filter((minute) => !place.read().includes(`04:0${minute}`))).toEqual([]);
});

test('an id is not given again by another process after its trigger was removed there', async () => {
  const place = placeWith(BACKUP);
  for (let round = 0; round < 3; round++) {
    await place.run('add-job-trigger', ['Backup', '--trigger', '{atStartup: {}}']);
    await place.run('remove-job-trigger', ['Backup', '--trigger-id', String(round + 2)]);
  }
  await place.run('add-job-trigger', ['Backup', '--trigger', '{atStartup: {}}']);
  expect(await idsOf(place)).toEqual([1, 5]);
});

test('ids of triggers in a pipe are not taken for those of definitions', async () => {
  const place = placeWith(BACKUP);
  for (const verb of ['remove-job-trigger', 'disable-job-trigger', 'enable-job-trigger']) {
    expect(await place.run(verb, ['-'], { input: '1\n' })).toMatchObject({ code: 2, stderr: expect.stringContaining(`get-job-trigger NAME --json | ${verb} -`) });
  }
  expect(place.read()).toBe(BACKUP);
});

test('a mistake that was in the file before is reported, and the triggers are not touched', async () => {
  const place = placeWith(BACKUP.replace('options:', 'optoins:'));
  const before = place.read();
  for (const [verb, ...words] of [['disable-job-trigger'], ['remove-job-trigger'], ['set-job-trigger', '--at', '4:00'], ['add-job-trigger', '--trigger', '{atStartup: {}}'], ['get-scheduled-job-option']] as const) {
    expect([verb, await place.run(verb, ['Backup', ...words])]).toMatchObject([verb, { code: 3, stdout: '', stderr: expect.stringContaining(`${verb}: DefinitionKeyUnknown: unknown key "optoins" (definitions/Backup.yaml:6:1)`) }]);
  }
  expect(place.read()).toBe(before);
});

test.each([60, 90, 120, 150, 180])('a verb that is killed after %i ms leaves the old file or the new one', async (delay) => {
  const place = placeWith(BACKUP);
  // By another process: whatever the verb is doing at that moment is cut off.
  await place.run('timeout', ['-s', 'KILL', `${delay / 1_000}s`, 'set-job-trigger', 'Backup', '--at', '05:00']);
  expect([BACKUP, BACKUP.replace('03:00', '05:00')]).toContain(place.read());
  expect(await place.run('set-job-trigger', ['Backup', '--at', '06:00', '--pass-thru', '-o', 'id'])).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
});

describe.skipIf(!canMount)('definitions on a read-only file system', () => {
  test.each([
    ['add-job-trigger', ['--trigger', '{atStartup: {}}'], 'CantAddJobTriggersToScheduledJobDefinition'],
    ['remove-job-trigger', ['--trigger-id', '1'], 'CantRemoveTriggersFromScheduledJobDefinition'],
    ['set-job-trigger', ['--at', '4:00'], 'CantSetPropertiesOnJobTrigger'],
    ['disable-job-trigger', [], 'CantSetPropertiesOnJobTrigger'],
    ['set-scheduled-job-option', ['--wake-to-run'], 'IOFailureOnSetJobDefinition'],
  ])('%s says so with exit 6, and the file is as it was', async (verb, words, code) => {
    const place = placeWith(BACKUP);
    expect(spawnSync('mount', ['--bind', place.folder, place.folder]).status).toBe(0);
    onTestFinished(() => void spawnSync('umount', ['--lazy', place.folder]));
    expect(spawnSync('mount', ['-o', 'remount,bind,ro', place.folder]).status).toBe(0);
    const ended: Ended = await place.run(verb, ['Backup', ...words]);
    expect(ended).toMatchObject({ code: 6, stdout: '', stderr: expect.stringMatching(new RegExp(`^${verb}: ${code}: .*read-only.*the file is as it was\n`)) });
    expect(place.read()).toBe(BACKUP);
    expect(readdirSync(place.folder)).toEqual(['Backup.yaml']);
  });
});
