import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../e2e/product.ts';
import { filesIn, newProject } from './example-run.ts';

function newFolders(values: Record<string, string> = {}) {
  const project = newProject();
  project.change('DataSync', { FROM: '../from', TO: '../to', ...values });
  const content = (folder: string) => Object.fromEntries(filesIn(project.path(folder)).map((path) => [path, readFileSync(project.path(folder, path), 'utf8')]));
  return { ...project, content };
}

describe('afterwards TO holds what FROM holds', () => {
  test('names, content, modes and times, and a second run copies nothing', async () => {
    const project = newFolders();
    project.put('from/a.txt', 'a', 3);
    project.put('from/deep/er/ünï "odd"\n.txt', 'b');
    project.put('from/empty', '');
    project.put('from/large', Buffer.alloc(3_000_000, 'x'));
    expect(await project.start('DataSync')).toMatchObject({ code: 0, stderr: '', last: expect.stringMatching(/^data-sync: 4 copied, 0 equal already, 0 removed, 0 not readable, /) });
    expect(project.content('to')).toEqual(project.content('from'));
    expect(statSync(project.path('to/a.txt'))).toMatchObject({ mode: statSync(project.path('from/a.txt')).mode });
    expect(Math.abs(statSync(project.path('to/a.txt')).mtimeMs - statSync(project.path('from/a.txt')).mtimeMs)).toBeLessThan(2);
    expect(await project.start('DataSync')).toMatchObject({ code: 0, last: expect.stringMatching(/^data-sync: 0 copied, 4 equal already, /) });
  });

  test('a file that has changed without changing its size or time', async () => {
    const project = newFolders();
    project.put('from/a', 'old', 1);
    await project.start('DataSync');
    const { mtime } = statSync(project.path('from/a'));
    project.put('from/a', 'new', (Date.now() - mtime.getTime()) / 86_400_000);
    expect((await project.start('DataSync')).last).toMatch(/^data-sync: 1 copied/);
    expect(project.content('to')).toEqual({ a: 'new' });
  });

  test('and progress has been told on the way', async () => {
    const project = newFolders();
    for (let number = 0; number < 30; number += 1) project.put(`from/${number}`, 'x'.repeat(100));
    await project.start('DataSync');
    const progress = (await project.stdoutOf('receive-job', '1', '--from', 'start', '--stream', 'progress', '-o', 'jsonl')).split('\n').slice(0, -1)
      .map((line) => (JSON.parse(line) as { value: { activity: string; percent: number; status: string } }).value);
    expect(progress.at(-1)).toEqual({ activity: 'sync', percent: 100, status: '30 of 30 files' });
    expect(progress.map(({ percent }) => percent)).toEqual(progress.map(({ percent }) => percent).toSorted((a, b) => a - b));
  });
});

describe('what is only in TO', () => {
  test('stays, and a note says how to remove it', async () => {
    const project = newFolders();
    project.put('from/a', 'a');
    project.put('to/mine', 'precious');
    const { code, notices } = await project.start('DataSync');
    expect({ code, notices }).toEqual({ code: 0, notices: [expect.stringMatching(/^1 only in .*\/to, left alone; DELETE: "yes" removes them$/)] });
    expect(project.content('to')).toEqual({ a: 'a', mine: 'precious' });
  });

  test('goes with DELETE: "yes"', async () => {
    const project = newFolders({ DELETE: 'yes' });
    project.put('from/a', 'a');
    project.put('to/deep/old', 'old');
    expect((await project.start('DataSync')).last).toContain(' 1 removed, ');
    expect(project.content('to')).toEqual({ a: 'a' });
  });

  test('stays when FROM is empty, as a disk is that is not mounted', async () => {
    const project = newFolders({ DELETE: 'yes' });
    project.put('from/x', '');
    rmSync(project.path('from/x'));
    project.put('to/mine', 'precious');
    expect(await project.start('DataSync')).toMatchObject({ code: 1, stderr: expect.stringContaining('FROM holds no file at all, so nothing is removed from TO') });
    expect(project.content('to')).toEqual({ mine: 'precious' });
  });
});

describe('what cannot be copied', () => {
  test.skipIf(process.platform !== 'linux')('a file whose name nobody can read is a warning, and the code is 3; the others arrive', async () => {
    const project = newFolders();
    project.put('from/good', 'good');
    writeFileSync(Buffer.concat([Buffer.from(`${project.path('from')}/`), Buffer.from([0xff, 0x41])]), 'lost');
    expect(await project.start('DataSync')).toMatchObject({ code: 3, warnings: [expect.stringContaining('cannot be read: ENOENT')], last: expect.stringContaining('1 copied, 0 equal already, 0 removed, 1 not readable') });
    expect(project.content('to')).toEqual({ good: 'good' });
  });

  test('a link is no plain file: a warning, and it is not followed', async () => {
    const project = newFolders();
    project.put('precious/file', 'not meant');
    project.put('from/a', 'a');
    symlinkSync('../precious', project.path('from/folder'));
    symlinkSync('../precious/file', project.path('from/link'));
    const { code, warnings } = await project.start('DataSync');
    expect({ code, warnings: warnings.toSorted() }).toEqual({ code: 0, warnings: ['folder', 'link'].map((name) => expect.stringContaining(`/from/${name}" is no plain file and stays as it is`)) });
    expect(project.content('to')).toEqual({ a: 'a' });
  });

  test.each([
    [{ FROM: '../none' }, 1, 'there is no folder "../none"; let FROM name it, relative to '],
    [{ TO: '' }, 2, 'TO must name the folder that is to become like FROM'],
    [{ TO: '../from/copy' }, 2, 'FROM and TO must not lie within each other'],
    [{ TO: '..' }, 2, 'FROM and TO must not lie within each other'],
    [{ TO: '../from' }, 2, 'FROM and TO must not lie within each other'],
    [{ DELETE: 'perhaps' }, 2, 'DELETE must be "yes" or "no", not "perhaps"'],
    [{ TO: '../a-file' }, 1, 'EEXIST'],
  ])('%j ends with %i', async (values, code, sentence) => {
    const project = newFolders();
    project.put('from/a', 'a');
    project.put('a-file', '');
    project.change('DataSync', values);
    expect(await project.start('DataSync')).toMatchObject({ code, stderr: expect.stringContaining(`data-sync: ${sentence}`) });
  });
});

describe('a run that ends in the middle', () => {
  const begun = (folder: string) => readdirSync(folder).filter((name) => /^\.b-endless\..*\.sync-partial$/.test(name) && (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0);

  async function startEndless() {
    const project = newFolders();
    project.put('from/a', 'a');
    project.put('from/b-endless', '');
    project.put('from/c', 'c');
    truncateSync(project.path('from/b-endless'), 20_000_000_000); // a hole: larger than any test could wait for, and takes no room
    const id = await project.startInBackground('DataSync');
    const [partial = ''] = await waitFor('the large file is being copied', () => (existsSync(project.path('to')) ? begun(project.path('to')) : []), (names) => names.length > 0);
    return { ...project, id, partial };
  }

  test('because it is stopped leaves no half file, and the next one goes on', async () => {
    const project = await startEndless();
    await project.stdoutOf('stop-job', String(project.id));
    expect(await project.job(project.id)).toMatchObject({ state: 'Stopped' });
    expect(readdirSync(project.path('to'))).toEqual(['a']);
    writeFileSync(project.path('from/b-endless'), 'b');
    expect((await project.start('DataSync')).last).toMatch(/^data-sync: 2 copied, 1 equal already/);
    expect(project.content('to')).toEqual(project.content('from'));
  });

  test('because it is killed leaves a hidden one, which the next one clears away', async () => {
    const project = await startEndless();
    const [, pid] = /\.(\d+)\.sync-partial$/.exec(project.partial) ?? [];
    process.kill(Number(pid), 'SIGKILL');
    expect(await project.finished(project.id)).toMatchObject({ state: 'Failed', reason: 'signal' });
    expect(readdirSync(project.path('to')).toSorted()).toEqual([project.partial, 'a']);
    writeFileSync(project.path('from/b-endless'), 'b');
    expect((await project.start('DataSync')).code).toBe(0);
    expect(readdirSync(project.path('to')).toSorted()).toEqual(['a', 'b-endless', 'c']);
  });
});
