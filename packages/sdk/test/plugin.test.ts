import { describe, expect, test } from 'vitest';
import { API_VERSION, type AnyJobType, type JobTypePlugin, definePlugin } from '@nightshift/sdk';

const spec = { '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) } };
const command = { name: 'MakeJob', description: 'Builds.', runs: 'command' as const, capabilities: {}, spec, command: () => ({ argv: ['make'] as [string] }) };
const code = { name: 'NoteJob', description: 'Notes.', runs: 'code' as const, capabilities: {}, spec, prepare: () => Promise.reject(new Error('not run')) };
const delegate = { name: 'NightlyJob', description: 'Delegates.', runs: 'delegate' as const, capabilities: {}, spec, delegate: () => ({ type: 'MakeJob', spec: {} }) };
const engine = { name: 'pgboss', description: 'Keeps jobs.', options: spec, open: () => ({}) };

const pluginOf = (...jobTypes: object[]): JobTypePlugin => ({ name: 'nightshift-plugin-x', version: '1.0.0', apiVersion: API_VERSION, jobTypes: jobTypes as AnyJobType[] });
const without = (type: object, member: string) => Object.fromEntries(Object.entries(type).filter(([name]) => name !== member));
const invalid = (message: string) => expect.objectContaining({ code: 'PluginInvalid', message: expect.stringContaining(message) });

describe('a plugin', () => {
  test.each([
    ['of a command type', [command]],
    ['of a code type', [code]],
    ['of a delegate type', [delegate]],
    ['of several types', [command, code, delegate]],
    ['of a type with aliases', [{ ...command, aliases: ['PSMakeJob'] }]],
    ['of a type that reattaches and can', [{ ...code, capabilities: { reattach: true }, reattach: code.prepare }]],
    ['of no type', []],
  ])('%s is returned as it is', (_what, types) => {
    const plugin = pluginOf(...types);
    expect(definePlugin(plugin)).toBe(plugin);
  });

  test('without a list of types is returned as it is', () => {
    expect(definePlugin({ name: 'empty', version: '1.0.0', apiVersion: API_VERSION })).toEqual({ name: 'empty', version: '1.0.0', apiVersion: 1 });
  });

  test('of an engine is returned as it is', () => {
    const plugin = { name: 'nightshift-plugin-x', version: '1.0.0', apiVersion: API_VERSION, engines: [engine] } as unknown as JobTypePlugin;
    expect(definePlugin(plugin)).toBe(plugin);
  });

  test.each([
    ['engines that are no list', { pgboss: engine }, 'has "engines" that are no list'],
    ['a text in place of an engine', ['pgboss'], 'has a string as engine 1'],
    ['an engine without a name', [without(engine, 'name')], 'engine 1 has no "name"'],
    ['an engine whose name nobody could write down', [{ ...engine, name: 'PG boss' }], 'engine 1 has no "name" of lower-case letters'],
    ['an engine without description', [without(engine, 'description')], 'engine pgboss has no "description"'],
    ['an engine whose options have no schema', [{ ...engine, options: {} }], 'engine pgboss has no Standard Schema in "options"'],
    ['an engine that cannot be opened', [without(engine, 'open')], 'engine pgboss has no method open'],
    ['two engines of one name', [engine, engine], 'offers two engines of the name pgboss'],
  ])('with %s is refused by name', (_what, engines, message) => {
    expect(() => definePlugin({ ...pluginOf(), engines } as unknown as JobTypePlugin)).toThrow(invalid(message));
  });

  test.each([2, 0, '1', undefined])('of contract version %j is refused, and both versions are named', (apiVersion) => {
    const foreign = { ...pluginOf(command), apiVersion } as unknown as JobTypePlugin;
    expect(() => definePlugin(foreign)).toThrow(invalid(`"nightshift-plugin-x" speaks contract version ${String(apiVersion)}; this SDK speaks 1`));
  });

  test.each([
    ['a name with a slash', { ...command, name: 'a/b' }, 'impossible name'],
    ['a name that means something to objects', { ...command, name: 'constructor' }, 'impossible name'],
    ['an alias that is no name', { ...command, aliases: ['MakeJob2', '2Job'] }, 'impossible name'],
    ['an unknown form', { ...command, runs: 'daemon' }, '"runs" must be command, code or delegate'],
    ['a command type without command', without(command, 'command'), 'MakeJob runs command but has no method command'],
    ['a code type without prepare', without(code, 'prepare'), 'NoteJob runs code but has no method prepare'],
    ['a delegate type without delegate', without(delegate, 'delegate'), 'NightlyJob runs delegate but has no method delegate'],
    ['a type without spec', without(command, 'spec'), 'no Standard Schema'],
    ['a type whose spec is no Standard Schema', { ...command, spec: { parse: () => 1 } }, 'no Standard Schema'],
    ['reattach claimed and not there', { ...code, capabilities: { reattach: true } }, 'declares the capability reattach'],
  ])('with %s is refused by name', (_what, type, message) => {
    expect(() => definePlugin(pluginOf(delegate, type))).toThrow(invalid(message));
    expect(() => definePlugin(pluginOf(type))).toThrow(invalid('plugin "nightshift-plugin-x"'));
  });
});
