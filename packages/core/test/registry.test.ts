import { describe, expect, test } from 'vitest';
import type { AnyJobType } from '@nightshift/sdk';
import { createRegistry, type SourcedPlugin, type OpenRegistry, type Registry } from '../src/index.ts';
import { briefJob, jobError, pluginOf, shellJob, timedJob } from './workbench.ts';

const named = (name: string, ...aliases: readonly string[]): AnyJobType => ({ ...shellJob, name, aliases }) as AnyJobType;

describe('the registry', () => {
  const registry = createRegistry([pluginOf('plugin-a', shellJob, timedJob), pluginOf('plugin-b', briefJob), { name: 'empty', version: '1.0.0' }]);

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

describe('a registry that takes plugins in', () => {
  const from = (path: string, ...jobTypes: readonly AnyJobType[]): SourcedPlugin => ({ name: `of ${path}`, version: '1.0.0', path, named: `./${path}`, jobTypes });
  const names = (registry: Registry): readonly string[] => registry.all.map(({ type }) => type.name);
  const open = (): OpenRegistry => createRegistry([pluginOf('built-in', shellJob)]);

  test('offers their types beside the built-in ones, with the place they come from', () => {
    const registry = open();
    expect(registry.admit([from('a', named('OneJob'))], [{ named: 'b', offered: [] }])).toEqual([]);
    expect(names(registry)).toEqual(['ShellJob', 'OneJob']);
    expect(registry.find('onejob')?.plugin).toEqual({ name: 'of a', version: '1.0.0', path: 'a', named: './a' });
    expect(registry.unknown).toEqual([{ named: 'b', offered: [] }]);
  });

  test('keeps only those that were admitted last', () => {
    const registry = open();
    registry.admit([from('a', named('OneJob'))], [{ named: 'b', offered: [] }]);
    registry.admit([from('b', named('TwoJob'))]);
    expect([names(registry), registry.unknown]).toEqual([['ShellJob', 'TwoJob'], []]);
  });

  test('takes neither of two types of one name, in any case, and says which packages they are and what to do', () => {
    const registry = open();
    const [conflict, ...others] = registry.admit([from('a', named('OneJob'), named('AloneJob')), from('b', named('ONEJOB'), named('BesideJob'))]);
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({ code: 'JobTypeConflict', message: 'the job type ONEJOB comes from two plugins, of a@1.0.0 (a) and of b@1.0.0 (b): neither is used', hint: 'take ./a or ./b out of "plugins" in the configuration' });
    expect(names(registry)).toEqual(['ShellJob', 'AloneJob', 'BesideJob']);
    expect(registry.refusalOf?.('onejob')).toBe(conflict);
    expect(registry.refusalOf?.('AloneJob')).toBeUndefined();
  });

  test.each([
    ['name', named('shelljob', 'MineJob')],
    ['alias', named('MineJob', 'PSSHELL')],
  ])('lets nobody take the %s of a built-in type', (_what, type) => {
    const registry = createRegistry([pluginOf('built-in', named('ShellJob', 'PSShell'))]);
    const [conflict] = registry.admit([from('a', type)]);
    expect(conflict).toMatchObject({ code: 'JobTypeConflict', message: expect.stringContaining('which is built in (built-in)'), hint: 'take ./a out of "plugins" in the configuration' });
    expect(names(registry)).toEqual(['ShellJob']);
    expect(registry.refusalOf?.('MineJob')).toBe(conflict);
  });

  test('takes a plugin that it was made with for the same one', () => {
    const registry = createRegistry([pluginOf('built-in', shellJob), from('a', named('OneJob'))]);
    expect(registry.admit([from('a', named('OneJob')), from('b', named('TwoJob'))])).toEqual([]);
    expect(names(registry)).toEqual(['ShellJob', 'OneJob', 'TwoJob']);
  });

  test('drops the pretenders to one name, however many', () => {
    const registry = open();
    expect(registry.admit(['a', 'b', 'c'].map((path) => from(path, named('OneJob'))))).toHaveLength(2);
    expect(names(registry)).toEqual(['ShellJob']);
  });
});
