import { describe, expect, test } from 'vitest';
import { pluginWords } from '../../src/new-plugin/plugin-words.ts';

describe('one name', () => {
  test.each([
    ['DiskSpace', 'DiskSpaceJob', 'disk-space'],
    ['disk-space', 'DiskSpaceJob', 'disk-space'],
    ['disk_space.v2', 'DiskSpaceV2Job', 'disk-space-v2'],
    ['HTTPCheck', 'HTTPCheckJob', 'http-check'],
    ['Backup2Tape', 'Backup2TapeJob', 'backup2-tape'],
    ['NoteJob', 'NoteJob', 'note-job'],
    ['x', 'XJob', 'x'],
  ])('%s makes the type %s and the file %s', (name, type, file) => {
    expect(pluginWords(name)).toEqual({ name, type, file, package: `nightshift-plugin-${file}` });
  });

  test('of the longest kind makes a type that is a name as well', () => {
    const name = 'A'.repeat(64);
    expect(pluginWords(name).type).toHaveLength(64);
  });

  test.each(['../up', 'a b', '9lives', '', 'con', 'a..b'])('that is none is refused: %j', (name) => {
    expect(() => pluginWords(name)).toThrow(expect.objectContaining({ code: 'InvalidDefinitionName' }));
  });
});
