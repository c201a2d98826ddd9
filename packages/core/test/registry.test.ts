import { describe, expect, test } from 'vitest';
import type { AnyJobType } from '@nightshift/sdk';
import { createRegistry } from '../src/index.ts';
import { briefJob, jobError, pluginOf, shellJob, timedJob } from './workbench.ts';

const named = (name: string, ...aliases: readonly string[]): AnyJobType => ({ ...shellJob, name, aliases }) as AnyJobType;

describe('the registry', () => {
  const registry = createRegistry([pluginOf('plugin-a', shellJob, timedJob), pluginOf('plugin-b', briefJob), { name: 'empty', version: '1.0.0', apiVersion: 1 }]);

  test.each([
    ['its name', 'ShellJob', 'ShellJob'],
    ['its name in any case', 'SHELLJOB', 'ShellJob'],
    ['an alias', 'PSTimed', 'TimedJob'],
    ['an alias in any case', 'pstimed', 'TimedJob'],
  ])('finds a type by %s', (_how, wanted, found) => {
    expect(registry.find(wanted)?.type.name).toBe(found);
  });

  test.each(['Shell', 'ShellJobs', 'Shell*', '', 'constructor', '__proto__'])('finds nothing under %j', (name) => {
    expect(registry.find(name)).toBeUndefined();
  });

  test('says which plugin a type comes from', () => {
    expect(registry.find('BriefJob')?.plugin).toMatchObject({ name: 'plugin-b', version: '1.0.0' });
  });

  test.each([
    ['*', ['ShellJob', 'TimedJob', 'BriefJob']],
    ['*job', ['ShellJob', 'TimedJob', 'BriefJob']],
    ['ps*', ['ShellJob', 'TimedJob']],
    ['[bt]*', ['TimedJob', 'BriefJob']],
    ['?rief*', ['BriefJob']],
    ['shelljob', ['ShellJob']],
    ['none*', []],
  ])('matches %j against names and aliases, each type once', (pattern, names) => {
    expect(registry.matching(pattern).map(({ type }) => type.name)).toEqual(names);
  });

  test.each([
    ['two types of one name', named('ShellJob'), named('ShellJob')],
    ['two types whose names differ in case only', named('ShellJob'), named('SHELLJOB')],
    ['an alias that is another type’s name', named('ShellJob'), named('OtherJob', 'shelljob')],
    ['a name that is another type’s alias', named('ShellJob', 'OtherJob'), named('OtherJob')],
    ['one alias of two types', named('OneJob', 'PSJob'), named('TwoJob', 'psjob')],
  ])('refuses %s and names both packages', (_what, first, second) => {
    const act = (): unknown => createRegistry([pluginOf('plugin-a', first), pluginOf('plugin-b', second)]);
    expect(act).toThrow(jobError('JobTypeConflict', 'plugin-a'));
    expect(act).toThrow(jobError('JobTypeConflict', 'plugin-b'));
  });

  test('takes a type whose alias repeats its own name', () => {
    expect(createRegistry([pluginOf('plugin-a', named('ShellJob', 'SHELLJOB'))]).all).toHaveLength(1);
  });
});
