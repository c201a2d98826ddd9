import { createRegistry } from '@nightshift/core';
import { JobError, type AnyJobType, type BrokenDefinition, type Definition, type DefinitionSource, type SourceFiles } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { withSources } from '../../src/scheduler/with-sources.ts';

const definition = (name: string, more: Partial<Definition> = {}): Definition => ({ key: `space/${name.toLowerCase()}`, name, type: 'T', location: `of ${name}`, spec: {}, ...more });
const broken = (name: string): BrokenDefinition => ({ name, location: `of ${name}`, errors: [{ code: 'DefinitionValueInvalid', message: 'm' }] });

function sourceOf(held: () => readonly (Definition | BrokenDefinition)[]): DefinitionSource {
  return {
    find: async () => [],
    async *list() {
      yield* held();
    },
  };
}

const typeOf = (name: string, definitions: DefinitionSource, triggers = true) =>
  ({ name, description: 'T.', runs: 'delegate', capabilities: { triggers, persist: true }, spec: { '~standard': { version: 1, vendor: 't', validate: (value: unknown) => ({ value }) } }, delegate: () => ({ type: 'X', spec: {} }), definitions }) as AnyJobType;

async function namesIn(found: AsyncIterable<{ readonly name: string }>): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of found) names.push(name);
  return names;
}

const FILES: SourceFiles = { read: () => Promise.reject(new Error('nobody reads')) };

/** `ticks`: how many times the clock lets somebody look again. */
function place(types: readonly AnyJobType[], files: readonly Definition[] = [], ticks = 0) {
  const warnings: JobError[] = [];
  let left = ticks;
  const ending = new AbortController();
  const clock = {
    now: () => new Date(0),
    monotonic: () => 0,
    async sleep() {
      left -= 1;
      if (left < 0) ending.abort();
    },
  };
  const yaml: DefinitionSource = { ...sourceOf(() => files), async *watch() {} };
  const many = withSources(yaml, { types: createRegistry([{ name: 'p', version: '1.0.0', jobTypes: types }]), namespaces: ['space'], files: FILES, clock, warn: (warning) => warnings.push(warning) });
  return {
    many, warnings,
    names: async (...wanted: readonly string[]) => namesIn(many.list(undefined, ...(wanted.length === 0 ? [] : [{ names: wanted }]))),
    changes: async () => namesIn(many.watch?.(undefined, ending.signal) ?? yaml.list(undefined, FILES)),
  };
}

describe('definitions that job types bring', () => {
  test('come after the files, broken ones included, where the type may have triggers', async () => {
    const { names, warnings } = place([typeOf('A', sourceOf(() => [definition('One'), broken('Two')])), typeOf('B', sourceOf(() => [definition('Three')]), false)], [definition('File')]);
    expect(await names()).toEqual(['File', 'One', 'Two']);
    expect(await names('TWO', 'none')).toEqual(['File', 'Two']);
    expect(warnings).toEqual([]);
  });

  test('are left out of another namespace, which somebody else looks after', async () => {
    const { names } = place([typeOf('A', sourceOf(() => [definition('One', { key: 'other/one' })]))]);
    expect(await names()).toEqual([]);
  });

  test('yield to a file of the same name, and to a source before them, told once', async () => {
    const { names, warnings } = place([typeOf('A', sourceOf(() => [definition('FILE'), definition('One')])), typeOf('B', sourceOf(() => [definition('one')]))], [definition('File')]);
    expect(await names()).toEqual(['File', 'One']);
    await names();
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['DefinitionNameConflict', 'the definition "FILE" of the job type A is left out: there is another one of this name'],
      ['DefinitionNameConflict', 'the definition "one" of the job type B is left out: there is another one of this name'],
    ]);
  });

  test('stay where their source cannot be asked: a warning that names it, and nothing is gone', async () => {
    let isDown = false;
    const { names, many, warnings } = place([typeOf('A', sourceOf(() => {
      if (isDown) throw new JobError({ code: 'PluginTimedOut', message: 'it took too long' });
      return [definition('One')];
    })), typeOf('B', sourceOf(() => [definition('Two')]))]);
    expect([await names(), many.lacks()]).toEqual([['One', 'Two'], false]);
    isDown = true;
    expect([await names(), await names(), many.lacks()]).toEqual([['One', 'Two'], ['One', 'Two'], true]);
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([['PluginLoadFailed', 'the job type A could not list its definitions: PluginTimedOut: it took too long']]);
    isDown = false;
    await names();
    expect(many.lacks()).toBe(false);
  });

  test('are looked at again and again: what appeared, changed and went is told by name', async () => {
    const rounds = [[definition('One'), definition('Two'), definition('Three')], [definition('One'), definition('Two', { spec: { a: 1 } }), definition('Four')], [definition('One'), definition('Two', { spec: { a: 1 } }), definition('Four')]];
    const { names, changes } = place([typeOf('A', sourceOf(() => rounds.shift() ?? []))], [], 2);
    await names();
    expect((await changes()).toSorted()).toEqual(['four', 'three', 'two']);
  });

  test('are looked at as soon as their source tells of a change; one that cannot is looked at now and then', async () => {
    const rounds = [[definition('One')], [definition('One', { spec: { a: 1 } })]];
    const watched: DefinitionSource = { ...sourceOf(() => rounds.shift() ?? [definition('One', { spec: { a: 1 } })]), async *watch() { yield { name: 'whatever' }; } };
    const deaf: DefinitionSource = { ...sourceOf(() => []), watch: () => { throw new JobError({ code: 'PluginCrashed', message: 'gone' }); } };
    const { names, changes, warnings } = place([typeOf('A', watched), typeOf('B', deaf)], [], 1);
    await names();
    expect([...new Set(await changes())]).toEqual(['one']);
    expect(warnings.map(({ message }) => message)).toEqual(['the job type B could not watch its definitions, which are looked at every 30 s: PluginCrashed: gone']);
  });
});
