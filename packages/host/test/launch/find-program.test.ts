import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findProgram } from '../../src/launch/find-program.ts';
import { temporaryFolder, write } from '../folder.ts';

/** `bin` with an executable `tool`, a file `text`, a folder `folder`. */
function place() {
  const root = temporaryFolder();
  const bin = join(root, 'bin');
  write(join(bin, 'tool'), '#!/bin/sh\n', 0o755);
  write(join(bin, 'text'), 'no program');
  mkdirSync(join(bin, 'folder'));
  const find = (word: string, path: string | undefined = `${bin}:/usr/bin:/bin`) => findProgram(word, path === undefined ? {} : { PATH: path }, root, false);
  return { root, bin, find };
}

describe('a program is found', () => {
  test('in PATH, the first folder first', () => {
    const { root, bin, find } = place();
    const second = write(join(root, 'second', 'tool'), '#!/bin/sh\n', 0o755);
    expect(find('tool')).toEqual({ path: join(bin, 'tool') });
    expect(find('tool', `${root}/second:${bin}`)).toEqual({ path: second });
  });

  test('behind a file of its name that may not be executed, and behind a folder', () => {
    const { root, bin, find } = place();
    const [text, folder] = ['text', 'folder'].map((name) => write(join(root, 'second', name), '#!/bin/sh\n', 0o755));
    expect(find('text', `${bin}:${root}/second`)).toEqual({ path: text });
    expect(find('folder', `${bin}:${root}/second`)).toEqual({ path: folder });
  });

  test('in folders of PATH that are relative to the working directory, or empty', () => {
    const { root, bin } = place();
    expect(findProgram('tool', { PATH: 'bin' }, root, false)).toEqual({ path: join(bin, 'tool') });
    expect(findProgram('tool', { PATH: '/nowhere:' }, bin, false)).toEqual({ path: join(bin, 'tool') });
  });

  test('where the system looks when there is no PATH', () => {
    expect(findProgram('sh', {}, '/', false)).toHaveProperty('path');
  });

  test('by its path, from the working directory, without PATH', () => {
    const { root, bin, find } = place();
    expect(find('./bin/tool', '')).toEqual({ path: join(bin, 'tool') });
    expect(find(join(bin, 'tool'), '')).toEqual({ path: join(bin, 'tool') });
    expect(findProgram('../bin/tool', {}, join(root, 'bin'), false)).toEqual({ path: join(bin, 'tool') });
  });

  test('through a link', () => {
    const { bin, find } = place();
    symlinkSync('tool', join(bin, 'link'));
    expect(find('link')).toEqual({ path: join(bin, 'link') });
  });

  test('whatever bytes its name has', () => {
    const { bin, find } = place();
    const odd = write(join(bin, '-a b\n"c'), '#!/bin/sh\n', 0o755);
    expect(find('-a b\n"c')).toEqual({ path: odd });
  });
});

describe('a program that is not there is told with what was searched', () => {
  test('a word', () => {
    expect(place().find('bogus', '/nowhere:/bin')).toEqual({ failed: 'ProgramNotFound: no program is named "bogus" (PATH: /nowhere:/bin)' });
  });

  test('a path', () => {
    expect(place().find('./bogus')).toEqual({ failed: 'ProgramNotFound: no program is named "./bogus"' });
  });

  test('a path through a file', () => {
    expect(place().find('./bin/text/bogus')).toEqual({ failed: 'ProgramNotFound: no program is named "./bin/text/bogus"' });
  });

  test('an empty word', () => {
    expect(place().find('')).toMatchObject({ failed: expect.stringContaining('ProgramNotFound: ') });
  });

  test('a link that leads nowhere', () => {
    const { bin, find } = place();
    symlinkSync('bogus', join(bin, 'astray'));
    expect(find('astray')).toMatchObject({ failed: expect.stringContaining('ProgramNotFound: ') });
  });

  test('a link that leads to itself', () => {
    const { bin, find } = place();
    symlinkSync('loop', join(bin, 'loop'));
    expect(find('loop')).toMatchObject({ failed: expect.stringMatching(/^(ProgramNotFound|NotExecutable): /) });
  });

  test('a word that is longer than a file name can be', () => {
    expect(place().find('x'.repeat(300))).toMatchObject({ failed: expect.stringContaining('ProgramNotFound: ') });
  });

  test('an interpreter that we chose', () => {
    expect(findProgram('bogus', { PATH: '/bin' }, '/', true)).toEqual({ failed: 'InterpreterNotFound: no program is named "bogus" (PATH: /bin)' });
  });
});

describe('what is there and cannot be executed is told', () => {
  test.each([
    ['a file in PATH', 'text', 'may not be executed'],
    ['a file by its path', './bin/text', 'may not be executed'],
    ['a folder in PATH', 'folder', 'is a folder'],
    ['a folder by its path', './bin/folder', 'is a folder'],
  ])('%s', (_, word, why) => {
    const { bin, find } = place();
    expect(find(word, bin)).toEqual({ failed: `NotExecutable: "${join(bin, word.split('/').at(-1) as string)}" ${why}` });
  });
});

describe('the first line of a script', () => {
  test.each([
    ['names an interpreter', '#!/bin/sh\n'],
    ['names an interpreter behind a blank', '#! /bin/sh -e\n'],
    ['names an interpreter with an argument', '#!/bin/sh -eu'],
    ['names a program of PATH', '#!/usr/bin/env sh\n'],
    ['names a program of PATH with arguments', '#!/usr/bin/env -S sh -e\n'],
    ['names a program of PATH with a variable', '#!/usr/bin/env -S A=b sh\n'],
    ['is none', 'echo hello\n'],
    ['is empty', ''],
    ['is bytes', '\u007fELF\u0000\u0001'],
  ])('%s: it can be started', (_, text) => {
    const { bin, find } = place();
    expect(find(write(join(bin, 'script'), text, 0o755))).toEqual({ path: join(bin, 'script') });
  });

  test.each([
    ['is not there', '#!/nowhere/bogus\n', '/nowhere/bogus'],
    ['is not in PATH', '#!/usr/bin/env bogus\n', 'bogus'],
    ['is not in PATH, with arguments', '#!/usr/bin/env -S bogus -x\n', 'bogus'],
    ['is a folder', '#!/usr\n', '/usr'],
    ['has a carriage return in its name', '#!/bin/sh\r\necho\r\n', '/bin/sh\\r'],
    ['has a carriage return in its name in PATH', '#!/usr/bin/env sh\r\n', 'sh\\r'],
  ])('names an interpreter that %s: the interpreter is told, not the script', (_, text, named) => {
    const { bin, find } = place();
    const script = write(join(bin, 'script'), text, 0o755);
    expect(find('script')).toEqual({ failed: `InterpreterNotFound: the first line of "${script}" names "${named}", which is not there` });
  });

  test("goes by the job's own PATH", () => {
    const { bin, find } = place();
    write(join(bin, 'script'), '#!/usr/bin/env tool\n', 0o755);
    expect(find('script', bin)).toHaveProperty('path');
    expect(find('./bin/script', '/bin')).toHaveProperty('failed');
  });
});

test.skipIf(process.getuid?.() !== 0)('a folder of PATH that may not be looked into is passed over', () => {
  const { root, bin } = place();
  chmodSync(root, 0o755);
  const closed = join(root, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  chmodSync(bin, 0o755);
  const script = `
    const { findProgram } = await import(${JSON.stringify(new URL('../../src/launch/find-program.ts', import.meta.url).href)});
    process.setgroups([]); process.setgid(65534); process.setuid(65534);
    try { console.log(JSON.stringify(findProgram('tool', { PATH: ${JSON.stringify(`${closed}:${bin}`)} }, '/', false))); } catch (error) { console.log(error.code); }`;
  expect(spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], { encoding: 'utf8' }).stdout.trim()).toBe(JSON.stringify({ path: join(bin, 'tool') }));
});
