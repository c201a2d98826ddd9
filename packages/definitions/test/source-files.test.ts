import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from '../src/index.ts';
import { temporaryFolder, write } from './folder.ts';

const { read } = sourceFiles();
const refusal = (code: string) => expect.objectContaining({ name: 'JobError', code });

test('a file of ours is read as it is, and by a link in its folder', async () => {
  const folder = temporaryFolder();
  const file = write(join(folder, 'crontab'), '@daily \u00e9\n');
  symlinkSync('crontab', join(folder, 'link'));
  for (const path of [file, join(folder, 'link')]) expect(new TextDecoder().decode(await read(path))).toBe('@daily \u00e9\n');
});

test('what somebody else could have written, or is no file, is not read', async () => {
  const folder = temporaryFolder();
  const elsewhere = write(join(temporaryFolder(), 'crontab'), '@daily x\n');
  symlinkSync(elsewhere, join(folder, 'away'));
  mkdirSync(join(folder, 'folder'));
  const open = write(join(folder, 'open'), '@daily x\n', 0o666);
  for (const path of [open, join(folder, 'away'), join(folder, 'folder')]) await expect(read(path), path).rejects.toEqual(refusal('DefinitionUnsafe'));
  await expect(read(join(folder, 'none'))).rejects.toEqual(refusal('FilePathNotFound'));
});

test('256 KiB are read, and not a byte more', async () => {
  const folder = temporaryFolder();
  expect(await read(write(join(folder, 'full'), 'x'.repeat(256 * 1024)))).toHaveLength(256 * 1024);
  await expect(read(write(join(folder, 'over'), 'x'.repeat(256 * 1024 + 1)))).rejects.toEqual(refusal('DefinitionTooLarge'));
});
