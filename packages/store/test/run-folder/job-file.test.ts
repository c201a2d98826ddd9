import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeRunFolder, readJobFile } from '../../src/run-folder/job-file.ts';
import { filesBelow, modeOf, temporaryFolder } from '../folder.ts';

const job: Instance = { id: 1, instanceId: 'i1', name: 'Job1', type: 'ShellJob', state: 'NotStarted', location: 'localhost', command: 'true', attempt: 1, origin: { kind: 'trigger', triggerId: '1', dueAt: new Date(7), catchUp: false } };

describe('a run folder', () => {
  test.each([true, false])('is made with its identity and a place for the first attempt, for its owner alone (synced: %j)', (synced) => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const folder = join(temporaryFolder(), 'output', 'p', 'run');
    makeRunFolder(folder, [job], synced);
    expect(filesBelow(folder)).toEqual(['1', 'job.json']);
    expect([folder, join(folder, '1'), join(folder, 'job.json'), join(folder, '..'), join(folder, '..', '..')].map(modeOf)).toEqual(['0700', '0700', '0600', '0700', '0700']);
  });

  test('gives back who it is, its due time as a moment', () => {
    const folder = join(temporaryFolder(), 'run');
    makeRunFolder(folder, [job], false);
    expect(readJobFile(folder)).toEqual({ version: 1, instances: [job] });
  });

  test('that is there already is another’s: it is refused and left as it is', () => {
    const folder = join(temporaryFolder(), 'run');
    makeRunFolder(folder, [job], false);
    writeFileSync(join(folder, '1', 'stdout'), 'precious');
    expect(() => makeRunFolder(folder, [{ ...job, id: 9 }], false)).toThrow();
    expect(readJobFile(folder)?.instances[0]?.id).toBe(1);
    expect(readFileSync(join(folder, '1', 'stdout'), 'utf8')).toBe('precious');
  });

  test('that was never a job’s says nothing', () => {
    const folder = temporaryFolder();
    expect(readJobFile(folder)).toBeUndefined();
    mkdirSync(join(folder, 'job.json'));
    expect(readJobFile(folder)).toBeUndefined();
  });
});
