import * as fc from 'fast-check';
import type { Edit } from '../../src/index.ts';

/** A text of three parts, and an edit somewhere in its middle one, a key at the top. */
interface EditedText {
  readonly before: string;
  readonly inside: string;
  readonly after: string;
  readonly edit: Edit;
}

/** Answers to "which way?", drawn from one random list: so a shape shrinks to its simplest form. */
type Choose = <const T>(ways: readonly T[]) => T;

interface Written {
  readonly lines: readonly string[];
  readonly paths: readonly (readonly (string | number)[])[];
}

const WORDS = ['a', 'x y', '7', 'yes', "it's", '# no', 'a: b', '', 'ä'] as const;

/** One key and its value in one of the ways in which people write them. */
function entry(choose: Choose, name: string, depth: number, indent: string): Written {
  const key = choose([name, name, `"${name}"`, `'${name}'`]);
  const note = choose(['', '', ' # note', '   # a: b']);
  const own = choose([[], [], [`${indent}# about ${name}`], ['', `${indent}# two`, `${indent}# lines`], ['']]);
  const kinds = ['scalar', 'flow map', 'flow list', 'text', 'empty', ...(depth < 3 ? ['map', 'list', 'map', 'list'] : [])];
  const head = `${indent}${key}:`;
  switch (choose(kinds)) {
    case 'map': {
      const below = members(choose, depth + 1, indent + choose(['  ', '    ', ' ']));
      return { lines: [...own, `${head}${note}`, ...below.lines], paths: [[name], ...below.paths.map((path) => [name, ...path])] };
    }
    case 'list': {
      const below = items(choose, depth + 1, indent + choose(['', '  ']));
      return { lines: [...own, `${head}${note}`, ...below.lines], paths: [[name], ...below.paths.map((path) => [name, ...path])] };
    }
    case 'flow map':
      return { lines: [...own, `${head} ${choose(['{ p: 1, q: x }', '{p: 1}', '{ p: "1", q: [a, b] }', `{\n${indent}  p: 1, # one\n${indent}  q: x\n${indent} }`])}${note}`], paths: [[name], [name, 'p'], [name, 'new']] };
    case 'flow list':
      return { lines: [...own, `${head} ${choose(['[a, b]', '[ "a" ]', '[a,\n   b]'].map((text) => text.replace('\n', `\n${indent}`)))}${note}`], paths: [[name], [name, 0], [name, 9]] };
    case 'text':
      return { lines: [...own, `${head} ${choose(['|', '|-', '>', '|+'])}${note}`, `${indent}  first`, '', `${indent}  # second`], paths: [[name]] };
    case 'empty':
      return { lines: [...own, `${head}${note}`], paths: [[name]] };
    default:
      return { lines: [...own, `${head} ${choose(['1', 'plain text', '"quoted: yes"', "'single'", 'true', '~'])}${note}`], paths: [[name]] };
  }
}

function members(choose: Choose, depth: number, indent: string): Written {
  const all = ['k', 'l', 'm'].slice(0, choose([1, 2, 3])).map((name) => entry(choose, name, depth, indent));
  return { lines: all.flatMap(({ lines }) => lines), paths: [...all.flatMap(({ paths }) => paths), ['new']] };
}

function items(choose: Choose, depth: number, indent: string): Written {
  const all = [0, 1, 2].slice(0, choose([1, 2, 3])).map((index): Written => {
    const below = choose(['scalar', 'map']) === 'map' ? members(choose, depth + 1, `${indent}  `) : undefined;
    const comment = choose([[], [], [`${indent}# item`]]);
    if (below === undefined) return { lines: [...comment, `${indent}- ${choose(['1', 'word', '"a, b"', '[a, b]', '{ p: 1 }'])}${choose(['', ' # tail'])}`], paths: [[index]] };
    const first = below.lines.findIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
    const lines = [...below.lines.slice(0, first), `${indent}- ${(below.lines[first] as string).slice(indent.length + 2)}`, ...below.lines.slice(first + 1)];
    return { lines: [...comment, ...lines], paths: [[index], ...below.paths.map((path) => [index, ...path])] };
  });
  return { lines: all.flatMap(({ lines }) => lines), paths: [...all.flatMap(({ paths }) => paths), [9]] };
}

const value = fc.oneof(
  fc.constantFrom(...WORDS, 1, true, null, undefined, undefined, 'one\ntwo\n', ' lead\nline', 'end\n\n'),
  fc.constantFrom<unknown>([], {}, ['a', 'b: c'], { p: 2 }, { p: { r: [1, { s: 't\nu' }] } }, [{ cron: '* * * * *', enabled: false }], ['sh', '-c', 'x\ny\n']),
);

export const editedText: fc.Arbitrary<EditedText> = fc
  .record({ tape: fc.array(fc.nat(999), { minLength: 60, maxLength: 120 }), value, at: fc.nat(999), eol: fc.constantFrom('\n', '\n', '\n', '\r\n') })
  .map(({ tape, value: wanted, at, eol }) => {
    let position = 0;
    const choose: Choose = (ways) => ways[(tape[position++ % tape.length] as number) % ways.length] as (typeof ways)[number];
    const part = (name: string): Written => entry(choose, name, 0, '');
    const text = ({ lines }: Written): string => lines.map((line) => `${line}\n`).join('').replaceAll('\n', eol);
    const [first, middle, last] = [part('first'), part('middle'), part('last')];
    // What stands before a key, and what follows a block that keeps its blank lines, is not the key's.
    const start = text(middle).search(/^["']?middle/m);
    return {
      before: text(first) + text(middle).slice(0, start),
      inside: text(middle).slice(start),
      after: `# between${eol}${text(last)}`,
      edit: { path: middle.paths[at % middle.paths.length] as Edit['path'], value: wanted },
    };
  });
