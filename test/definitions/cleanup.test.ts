import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesIn, newProject } from './example-run.ts';

function newFolder(values: Record<string, string> = {}) {
  const project = newProject();
  project.change('Cleanup', { FOLDER: '../box', ...values });
  project.put('box/old.tmp', 'x'.repeat(1_000), 40);
  project.put('box/old.txt', 'x', 40);
  project.put('box/new.tmp', 'x');
  project.put('box/deep/er/old.tmp', 'x', 400);
  project.put('box/half/old.tmp', 'x', 31);
  project.put('box/half/new.txt', 'x', 29);
  return { ...project, box: () => filesIn(project.path('box')) };
}

const EVERYTHING = ['deep/er/old.tmp', 'half/new.txt', 'half/old.tmp', 'new.tmp', 'old.tmp', 'old.txt'];

test('as it comes it only says what would go', async () => {
  const project = newFolder();
  const { code, lines, notices } = await project.start('Cleanup');
  expect({ code, notices }).toEqual({ code: 0, notices: ['this was a dry run; DRY_RUN: "no" removes them'] });
  expect(lines.slice(0, -1).map((line) => line.replace(/".*\/box\//, '"')).toSorted()).toEqual(['would remove "deep/er/old.tmp"', 'would remove "half/old.tmp"', 'would remove "old.tmp"', 'would remove "old.txt"']);
  expect(project.box()).toEqual(EVERYTHING);
});

test('and so it does when nobody says which', async () => {
  const project = newFolder();
  project.put('definitions/Cleanup.yaml', readFileSync(project.path('definitions/Cleanup.yaml'), 'utf8').replace(', DRY_RUN: "yes"', ''));
  expect(await project.start('Cleanup')).toMatchObject({ code: 0, last: expect.stringMatching(/^cleanup: 4 files, 0\.0 MB would go, /) });
  expect(project.box()).toEqual(EVERYTHING);
});

describe('told to', () => {
  test('it removes what is old, and folders that become empty', async () => {
    const project = newFolder({ DRY_RUN: 'no' });
    expect(await project.start('Cleanup')).toMatchObject({ code: 0, last: expect.stringMatching(/^cleanup: 4 files, 0\.0 MB removed, /) });
    expect(project.box()).toEqual(['half/new.txt', 'new.tmp']);
    expect(readdirSync(project.path('box')).toSorted()).toEqual(['half', 'new.tmp']);
    expect(await project.start('Cleanup')).toMatchObject({ code: 0, last: expect.stringMatching(/^cleanup: 0 files, /) });
  });

  test.each([
    [{ PATTERN: '*.tmp' }, ['half/new.txt', 'new.tmp', 'old.txt']],
    [{ PATTERN: 'old.t?t' }, ['deep/er/old.tmp', 'half/new.txt', 'half/old.tmp', 'new.tmp', 'old.tmp']],
    [{ PATTERN: '.tmp' }, EVERYTHING],
    [{ PATTERN: 'old(.tmp|.txt)' }, EVERYTHING],
    [{ OLDER_THAN: '60d' }, ['half/new.txt', 'half/old.tmp', 'new.tmp', 'old.tmp', 'old.txt']],
    [{ OLDER_THAN: '10w' }, ['half/new.txt', 'half/old.tmp', 'new.tmp', 'old.tmp', 'old.txt']],
    [{ OLDER_THAN: '24h' }, ['new.tmp']],
  ])('with %j it leaves %j', async (values, left) => {
    const project = newFolder({ DRY_RUN: 'no', ...values });
    expect((await project.start('Cleanup')).code).toBe(0);
    expect(project.box()).toEqual(left);
  });

  test('it neither follows nor removes a link', async () => {
    const project = newFolder({ DRY_RUN: 'no' });
    project.put('precious/old.tmp', 'not meant', 400);
    symlinkSync('../precious', project.path('box/link'));
    symlinkSync('../precious/old.tmp', project.path('box/file-link'));
    await project.start('Cleanup');
    expect(filesIn(project.path('precious'))).toEqual(['old.tmp']);
    expect(project.box()).toEqual(['file-link', 'half/new.txt', 'link', 'new.tmp']);
  });

  test('it names twenty, and counts the rest', async () => {
    const project = newFolder({ DRY_RUN: 'no', PATTERN: 'many*' });
    for (let number = 0; number < 25; number += 1) project.put(`box/many-${number}`, 'x', 50);
    const { lines } = await project.start('Cleanup');
    expect(lines.filter((line) => line.startsWith('removed "'))).toHaveLength(20);
    expect(lines.slice(-2)).toEqual(['… and 5 more', expect.stringMatching(/^cleanup: 25 files, /)]);
  });
});

describe('a folder that nobody can mean is refused', () => {
  test.each([
    ['/', 'FOLDER is the root of a disk'],
    ['../../home', 'holds your home folder'],
    ['../..', 'holds your home folder'],
    ['../repository', 'is a git repository; name a folder in it'],
    ['../none', 'there is no folder "../none"'],
  ])('%s', async (folder, sentence) => {
    const project = newFolder({ DRY_RUN: 'no', OLDER_THAN: '1h' });
    mkdirSync(project.path('repository/.git'), { recursive: true });
    project.put('repository/old', 'x', 40);
    project.change('Cleanup', { FOLDER: folder });
    const run = await project.start('Cleanup');
    expect(run).toMatchObject({ lines: [], stderr: expect.stringContaining(sentence) });
    expect(run.code).toBe(folder === '../none' ? 1 : 2);
    expect([project.box(), filesIn(project.path('repository'))]).toEqual([EVERYTHING, ['old']]);
  });
});

test.each([
  [{ DRY_RUN: 'false' }, 'DRY_RUN must be "yes" or "no", not "false"'],
  [{ OLDER_THAN: '0d' }, 'OLDER_THAN must be a duration such as 12h, 30d or 8w, not "0d"'],
  [{ OLDER_THAN: '30' }, 'OLDER_THAN must be a duration such as 12h, 30d or 8w, not "30"'],
])('%j is refused with 2', async (values, sentence) => {
  const project = newFolder({ DRY_RUN: 'no', ...values });
  expect(await project.start('Cleanup')).toMatchObject({ code: 2, errors: [`cleanup: ${sentence}`, expect.anything()] });
  expect(project.box()).toEqual(EVERYTHING);
});
