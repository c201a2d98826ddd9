// Words of a command line: options of the verb, well and badly written, values of every kind, and what nobody would type.

import * as fc from 'fast-check';
import { COMMON, type VerbTable } from '../../packages/cli/src/options/option-table.ts';

const VALUES = [
  '', ' ', '-', '--', '-1', '0', '1', '007', '1e3', '9007199254740993', '9'.repeat(300), 'abc', 'true', 'false', '$true', 'TRUE', '*', '[', '[a', '?', 'a,b', ',', ',,', '1,2,x', 'K=V', '=', 'K=', '=V', 'A B=C', 'x'.repeat(5_000),
  '30s', '-5s', '90', 'PT', 'yesterday', '2026-02-30', 'json', 'JSON', 'xml', 'Running', 'running,failed', 'sh', 'zsh', '../x', '/dev/zero', 'https://x', '{a,b}', '$(id)', '`id`', '%s%n', '@file', '~', 'a\nb', 'a\u0000b',
  '\u001b[31m', '\u009b31m', '\u202e', '\u2028', '\ud800', '\udc00x', '\ufeff', '😀', '__proto__', 'constructor', 'toString', 'CON', 'N..M',
];
const FOREIGN = [
  '--nope', '--', '---', '--=', '--=x', '-=', '-', '-x', '-zzz', '-__proto__', '--__proto__', '--constructor', '-constructor', '-toString', '--toString=1', '-ErrorAction', '-erroraction:Stop', '-OutVariable', '-Verbose', '-Deb', '-ojson', '-o=json', '-o:json', '-?', '--\u001b[31m', '--\u009b', '-\u202e', `--${'x'.repeat(5_000)}`, '-1', '-1x', '--no-keep', '--KEEP', '/keep',
];

/** The ways to write an option: PowerShell's, cut short, in another case, with a value at once, with a letter too many. */
function spellings(name: string): readonly string[] {
  const pascal = name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  return [`--${name}`, `--${name}=`, `--${name}=x`, `-${pascal}`, `-${pascal.toLowerCase()}`, `-${pascal.slice(0, 4)}`, `-${pascal}:x`, `-${pascal}:`, `-${pascal}:$false`, `--${name.slice(0, -1)}`, `--${name}s`, `--${name.toUpperCase()}`];
}

/** Lists of words for a verb. `values`: those that an option or a position may get. */
export function argumentsFor(table: VerbTable, values: readonly string[] = VALUES): fc.Arbitrary<readonly string[]> {
  const options = Object.entries({ ...COMMON, ...table.options });
  const names = options.flatMap(([name, { short, aliases = [] }]) => [...spellings(name), ...(short === undefined ? [] : [`-${short}`]), ...aliases.map((alias) => `-${alias}`)]);
  const pairs = fc.tuple(fc.constantFrom(...options.map(([name]) => `--${name}`)), fc.constantFrom(...values));
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: pairs.map((pair): readonly string[] => pair) }, { weight: 3, arbitrary: fc.constantFrom(...names).map((name) => [name]) }, { weight: 3, arbitrary: fc.constantFrom(...values).map((value) => [value]) }, { weight: 1, arbitrary: fc.constantFrom(...FOREIGN).map((word) => [word]) }), { maxLength: 8 })
    .map((words) => words.flat());
}
