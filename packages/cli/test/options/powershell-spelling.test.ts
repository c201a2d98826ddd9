import { describe, expect, test } from 'vitest';
import { COMMON } from '../../src/options/option-table.ts';
import { longNameOf } from '../../src/options/powershell-spelling.ts';
import { complaint } from '../complaint.ts';
import { sample, VERBS } from '../tables.ts';

const options = { ...COMMON, ...sample.options };
const nameOf = (shown: string) => longNameOf(shown, options);

test.each([
  ['its own case', '-DefinitionName', 'definition-name'],
  ['lower case', '-definitionname', 'definition-name'],
  ['upper case', '-DEFINITIONNAME', 'definition-name'],
  ['an unambiguous part', '-Argum', 'argument-list'],
  ['three letters', '-Arg', 'argument-list'],
  ['an alias', '-TimeoutSec', 'timeout'],
  ['an alias in lower case', '-timeoutsec', 'timeout'],
  ['an alias that is shorter than a part', '-args', 'argument-list'],
  ['a whole name that begins no other', '-Id', 'id'],
  ['a name of every verb', '-Verbose', 'verbose'],
  ['a question mark for help', '-?', 'help'],
  ['part of a name of every verb', '-Verb', 'verbose'],
])('a parameter may be written in %s: %s', (_, shown, name) => {
  expect(nameOf(shown)).toBe(name);
});

test.each([
  ['two letters', '-Na'],
  ['part of an alias', '-TimeoutS'],
  ['something else', '-Bogus'],
  ['a name with its hyphen', '-definition-name'],
  ['what every object has', '-constructor'],
  ['what every object has', '-__proto__'],
])('%s is no parameter: %s', (_, shown) => {
  expect(nameOf(shown)).toBeUndefined();
});

test('a part of several names is refused and names them all', () => {
  expect(complaint(() => nameOf('-Definition'))).toMatchObject({ code: 'AmbiguousParameter', message: '-Definition may be --definition-name or --definition-path' });
});

test('a whole name wins over longer ones that begin with it', () => {
  expect(longNameOf('-Name', { name: { kind: 'text', help: '' }, 'name-space': { kind: 'text', help: '' } })).toBe('name');
});

describe("what belongs to PowerShell's own host is refused with the means that we have", () => {
  test.each([
    'ErrorAction', 'WarningAction', 'InformationAction', 'ProgressAction', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'OutVariable', 'PipelineVariable', 'OutBuffer',
  ])('-%s', (parameter) => {
    const found = complaint(() => nameOf(`-${parameter}`));
    expect(found).toMatchObject({ code: 'ParameterNotSupported', message: `-${parameter} belongs to PowerShell's own host` });
    expect(found.hint).toMatch(/exit code|stderr|shell|terminal|held back/);
    expect(complaint(() => nameOf(`-${parameter.toLowerCase()}`)).code).toBe('ParameterNotSupported');
  });
});

test.each(VERBS.map(({ table }) => [table.name, table] as const))("no two parameters of %s are one in PowerShell's spelling", (_, { options: own }) => {
  const names = Object.entries({ ...COMMON, ...own }).flatMap(([name, { aliases = [] }]) => [name.replaceAll('-', ''), ...aliases.map((alias) => alias.toLowerCase())]);
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});
