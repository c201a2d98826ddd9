import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { launchdPlist } from '../../src/service/launchd-plist.ts';
import { carriedVariables, commandOf, isOurs, type ServiceFacts } from '../../src/service/service-facts.ts';
import { systemdUnit } from '../../src/service/systemd-unit.ts';
import { temporaryFolder } from '../folder.ts';
import { readUnit } from './unit-words.ts';

const cases = fileURLToPath(new URL('cases', import.meta.url));
const names = globSync('*', { cwd: cases }).toSorted();
const factsIn = (name: string): ServiceFacts => JSON.parse(readFileSync(join(cases, name, 'facts.json'), 'utf8')) as ServiceFacts;
const plain = factsIn('plain');

describe.each(names)('the case %s', (name) => {
  test('is this unit of systemd', async () => {
    await expect(systemdUnit(factsIn(name))).toMatchFileSnapshot(join(cases, name, 'unit.service'));
  });

  test('is this agent of launchd', async () => {
    await expect(launchdPlist(factsIn(name), '/Users/ann')).toMatchFileSnapshot(join(cases, name, 'agent.plist'));
  });

  test('is known as ours, with whatever is changed below', () => {
    for (const text of [systemdUnit(factsIn(name)), launchdPlist(factsIn(name), '/Users/ann')]) expect([isOurs(text), isOurs(`${text}# more\n`)]).toEqual([true, true]);
  });
});

/** Whatever may stand in a path, and means something to systemd oftener than by chance. */
const path = array(oneof(constantFrom('%', '$', '\\', '"', "'", ' ', ';', '#', '%h', '${HOME}', '$$', '%%', '\\n', 'ä', '=', '`', '*'), string({ unit: 'binary' })), { maxLength: 12 })
  // oxlint-disable-next-line no-control-regex -- these are refused, below
  .map((parts) => `/${parts.join('').replaceAll(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/g, '')}x`);

describe('a unit', () => {
  test('says to systemd exactly what was meant, whatever the folders are called', () => {
    assert(property(path, path, array(path), path, path, (node, program, folders, workingDirectory, value) => {
      const facts = { ...plain, node, program, folders, workingDirectory, environment: { TZ: value } };
      const read = readUnit(systemdUnit(facts));
      const argv = read.argv[0] === '/bin/sh' && read.argv[1] === '-c' ? read.argv.slice(3) : read.argv;
      expect(argv).toEqual(commandOf(facts));
      expect(read).toMatchObject({ environment: { TZ: value }, workingDirectory });
    }));
  });

  test('runs a program that systemd itself could not name by a shell, with its arguments as they are', () => {
    const { argv: [file, ...words] } = readUnit(systemdUnit({ ...plain, node: `${dirname(process.execPath)}/it's "here"`, program: '-e' }));
    const folder = temporaryFolder();
    const odd = join(folder, `it's "here"`);
    symlinkSync(process.execPath, odd);
    const real = words.map((word) => (word.endsWith(`it's "here"`) ? odd : word === 'scheduler' ? 'console.log(JSON.stringify(process.argv.slice(1)))' : word));
    expect(spawnSync(file as string, real, { encoding: 'utf8' }).stdout).toBe('["run","--definition-path","/home/ann/shop/definitions"]\n');
  });

  test.each([['a line break', '/srv/a\nb'], ['an escape', '/srv/\u001b[2J'], ['a blank at its end', '/srv/a '], ['a backslash at its end', '/srv/a\\']])('is not made of a folder with %s', (_, workingDirectory) => {
    expect(() => systemdUnit({ ...plain, workingDirectory })).toThrow(expect.objectContaining({ code: 'ArgumentInvalid' }) as Error);
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  test.skipIf(!hasSystemd).each(['node', '50% $HOME; #1', `it's "here"\\`])('is accepted by systemd-analyze with a program in a folder called %s', (name) => {
    const folder = temporaryFolder();
    const node = join(folder, name, 'node');
    mkdirSync(dirname(node));
    writeFileSync(node, '#!/bin/sh\n');
    chmodSync(node, 0o755);
    const unit = join(folder, 'nightshift-shop.service');
    const judged = (text: string): string => {
      writeFileSync(unit, text);
      return spawnSync('systemd-analyze', ['--user', '--man=no', 'verify', unit], { encoding: 'utf8', env: { ...process.env, XDG_RUNTIME_DIR: folder } }).stderr;
    };
    const text = systemdUnit({ ...plain, node, folders: [`${folder}/100% $x "y"`], workingDirectory: folder });
    expect(judged(text)).not.toContain('nightshift-shop');
    // And would not be, were the program not there: it has been looked up under this very name.
    if (!/["'\\]/.test(name)) expect(judged(text.replace('/node"', '/nobody"'))).toContain('nightshift-shop');
  });
});

describe('the environment of a service', () => {
  test('is what decides about places, times, languages and programs, and nothing else', () => {
    const environment = { HOME: '/h', PATH: '/a:b::/c', TZ: 'UTC', LC_TIME: 'C', XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/run/user/7', NODE_OPTIONS: '--x', NIGHTSHIFT_TRUST: '1', SECRET: 'x', LANG: '' };
    expect(carriedVariables(environment, '/state')).toEqual({ LC_TIME: 'C', NIGHTSHIFT_STATE_DIR: '/state', PATH: '/a:/c', TZ: 'UTC', XDG_STATE_HOME: '/s' });
  });
});
