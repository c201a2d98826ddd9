import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine, Definition, DefinitionPlace } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { notPossibleHere, type Machine } from '../src/not-possible-here.ts';
import { temporaryFolder, write } from './folder.ts';

/** Says which place was asked for. */
const place = (path: readonly PropertyKey[], at = 'value'): DefinitionPlace => ({ file: `${path.join('.')} ${at}` });
const definitionOf = (facts: Partial<Definition>): Definition => ({ key: 'x/a', name: 'A', type: 'ScheduledJob', location: 'A.yaml', spec: {}, place, ...facts });
const linux: Machine = { environment: { PATH: '/nowhere' }, platform: 'linux', sessionFiles: ['/'], system: '/nowhere' };

/** "CODE path of the place" */
function found(machine: Machine, facts: Partial<Definition>, command?: CommandLine): readonly string[] {
  return notPossibleHere(machine, definitionOf(facts), command).map(({ code, file }) => `${code} ${file}`);
}

describe('a trigger at log-on', () => {
  const triggers = [{ every: '5m' }, { atLogOn: {} }, { cron: '@daily' }, { atLogOn: { user: 'me' } }];
  const warnings = ['TriggerInvalid triggers.1.atLogOn key', 'TriggerInvalid triggers.3.atLogOn key'];

  test('is no matter where log-ins can be seen', () => {
    expect(found(linux, { triggers })).toEqual([]);
  });

  test('is doubted on a Linux machine that lists no log-ins', () => {
    expect(found({ ...linux, sessionFiles: [join(temporaryFolder(), 'none')] }, { triggers })).toEqual(warnings);
  });

  test('is doubted on every other system', () => {
    for (const platform of ['darwin', 'win32'] as const) expect(found({ ...linux, platform }, { triggers })).toEqual(warnings);
  });
});

test.each([
  [{ wakeToRun: true }, ['DefinitionValueInvalid options.wakeToRun value']],
  [{ wakeToRun: false }, []],
  [{}, []],
])('waking the machine is doubted where it is asked for: %j', (options, warnings) => {
  expect(found(linux, { options })).toEqual(warnings);
});

test('waking the machine is no matter where its alarm may be set, of Linux only', () => {
  const system = temporaryFolder();
  write(join(system, 'sys/class/rtc/rtc0/wakealarm'), '');
  expect(found({ ...linux, system }, { options: { wakeToRun: true } })).toEqual([]);
  expect(found({ ...linux, system, platform: 'darwin' }, { options: { wakeToRun: true } })).toHaveLength(1);
});

describe('the program that runs a script', () => {
  const tools = (): Machine => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'bin'));
    chmodSync(write(join(folder, 'bin', 'tool'), '#!/bin/sh\n'), 0o755);
    return { ...linux, environment: { PATH: join(folder, 'bin') } };
  };

  test.each<[string, unknown, CommandLine | undefined, readonly string[]]>([
    ['a shell that is there', { shell: 'tool' }, { argv: ['tool', '-c', 'x'], commandText: 'x' }, []],
    ['a shell that is missing', { shell: 'other' }, { argv: ['other', '-c', 'x'], commandText: 'x' }, ['RuntimeNotFound job.shell value']],
    ['the shell of a text that names none', { scriptBlock: 'x' }, { argv: ['other', '-c', 'x'], commandText: 'x' }, ['RuntimeNotFound job.scriptBlock value']],
    ['what the extension asks for', { filePath: 'a.py' }, { argv: ['other', '/x/a.py'], scriptFile: '/x/a.py' }, ['RuntimeNotFound job.filePath value']],
    ['a path of its own', { filePath: 'a.mjs' }, { argv: [process.execPath, '/x/a.mjs'], scriptFile: '/x/a.mjs' }, []],
    ['a runtime that is there', { runtime: 'tool@7' }, undefined, []],
    ['a runtime that is missing', { runtime: 'other@7' }, undefined, ['RuntimeNotFound job.runtime value']],
    ['a PATH of the job itself', { shell: 'tool' }, { argv: ['tool', '-c', 'x'], commandText: 'x', environment: { PATH: '/nowhere' } }, ['RuntimeNotFound job.shell value']],
    ['a program, which may be somewhere else at its time', { command: ['other'] }, { argv: ['other'] }, []],
  ])('is looked for in PATH: %s', (_, spec, command, warnings) => {
    expect(found(tools(), { spec }, command)).toEqual(warnings);
  });

  test('is named without the whole PATH', () => {
    const [warning] = notPossibleHere(linux, definitionOf({ spec: { shell: 'pwsh' } }), { argv: ['pwsh', '-Command', 'x'], commandText: 'x' });
    expect(warning?.message).toBe('no program is named "pwsh" in PATH');
  });

  test('is also what the first line of a script names', () => {
    const script = write(join(temporaryFolder(), 'a'), '#!/usr/bin/env no-such-program\n', 0o755);
    expect(found(linux, { spec: { filePath: 'a' } }, { argv: [script], scriptFile: script })).toEqual(['RuntimeNotFound job.filePath value']);
  });
});
