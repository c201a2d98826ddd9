import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Settled } from '../../../src/umbrella/import/settle.ts';
import { refuseTaken, writeAll } from '../../../src/umbrella/import/write-all.ts';
import { complaint } from '../../complaint.ts';
import { newFolder } from './folder.ts';

const definition = (folder: string, name: string): Settled => ({ name, path: join(folder, `${name}.yaml`), text: name, enabled: true });
const replaceFile = async (path: string, text: string): Promise<void> => {
  if (text === 'c') throw new Error('the disk is full');
  writeFileSync(path, text, { flag: 'wx' });
};

/** As the host does it. */
const makeFolder = async (folder: string): Promise<readonly string[]> => {
  const first = mkdirSync(folder, { recursive: true });
  return first === undefined ? [] : [first, folder];
};
const authoring = { makeFolder, replaceFile };

describe('files', () => {
  test('are written into a folder that is made', async () => {
    const folder = join(newFolder(), 'a', 'b');
    await writeAll([definition(folder, 'a')], folder, authoring);
    expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('a');
  });

  test('are all written or none', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'old.yaml'), 'old');
    await expect(writeAll(['a', 'b', 'c', 'd'].map((name) => definition(folder, name)), folder, authoring)).rejects.toThrow('the disk is full');
    expect(readdirSync(folder)).toEqual(['old.yaml']);
  });
});

describe('a name', () => {
  test.each(['backup.yaml', 'BACKUP.yml', 'Backup.json'])('that %s has is refused', (file) => {
    const [folder, other] = [newFolder(), newFolder()];
    writeFileSync(join(other, file), '');
    expect(complaint(() => refuseTaken([definition(folder, 'backup')], [folder, other]))).toMatchObject({ code: 'CantRegisterScheduledJobDefinition', message: expect.stringContaining(file) });
  });

  test('that another kind of file has is free', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'backup.txt'), '');
    mkdirSync(join(folder, 'backup'));
    refuseTaken([definition(folder, 'backup')], [folder, join(folder, 'missing')]);
    expect(existsSync(join(folder, 'backup.yaml'))).toBe(false);
  });
});
