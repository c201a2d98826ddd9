import { isBroken } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { check } from './folder.ts';

const size = 256 * 1024;
const filled = (piece: string): string => piece.repeat(Math.floor(size / Buffer.byteLength(piece)));
const numbered = (line: (index: number) => string): string => Array.from({ length: 30_000 }, (_, index) => line(index)).join('').slice(0, size);

describe('256 KiB of anything', () => {
  // Without the guards of read-yaml.ts several of these take minutes or overflow the stack.
  test.each([
    ['keys', numbered((index) => `k${index}: 1\n`)],
    ['keys in braces', `{${numbered((index) => `k${index}: 1, `)}`],
    ['equal keys', filled('k: 1\n')],
    ['items', filled('- x\n')],
    ['items in brackets', `[${filled('x,').slice(2)}`],
    ['nested lists', filled('- ')],
    ['nested brackets', filled('[')],
    ['nested braces', filled('{')],
    ['nested maps', Array.from({ length: 700 }, (_, index) => `${' '.repeat(index)}a:\n`).join('')],
    ['nested explicit keys', filled('? ')],
    ['anchors', numbered((index) => `- &a${index} x\n`)],
    ['aliases', `- &a x\n${filled('- *a\n').slice(10)}`],
    ['a chain of aliases', `job:\n  a0: &a0 x\n${Array.from({ length: 19 }, (_, index) => `  a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(1)}*a${index}]\n`).join('')}`],
    ['tags', filled('!!str ')],
    ['documents', filled('---\n')],
    ['directives', filled('%YAML 1.2\n')],
    ['comments', filled('#\n')],
    ['blank lines', filled('\n')],
    ['blank lines in a block', `a: |\n${filled('\n').slice(6)}`],
    ['comments in a bracket', `[${filled(' #\n').slice(3)}`],
    ['closing brackets', filled(']')],
    ['commas', `[${filled(',').slice(1)}`],
    ['quotes', filled('"')],
    ['one endless quote', `"${filled('a\n').slice(2)}`],
    ['one endless key', `${filled('k').slice(2)}: `],
    ['escapes', `"${filled('\\x00').slice(4)}"`],
    ['tabs', filled('\t')],
    ['blanks behind a cron', `cron: *${filled(' ').slice(7)}`],
    ['secrets', filled('secret')],
    ['secrets in lines', filled('secret:\n')],
    ['indented lines that go back', Array.from({ length: 700 }, (_, index) => `${' '.repeat(700 - index)}a:\n`).join('')],
  ])('is refused, not obeyed: %s', async (_, text) => {
    const found = await check(text);
    expect(isBroken(found) && found.errors.length).toBeGreaterThan(0);
  });

  test('may be a valid definition', async () => {
    expect(isBroken(await check('job: {}\n'.padEnd(size, '\n')))).toBe(false);
    expect(isBroken(await check(`job:\n  scriptBlock: |\n${filled('    echo\n').slice(54)}`))).toBe(false);
  });
});

test('no text makes the reader throw, and every complaint has a place', async () => {
  const pieces = ['job', ':', ' ', '\n', '  ', '- ', '"', "'", '{', '}', '[', ']', ',', '#', '&a ', '*a', '!x ', '|\n', '>', '\t', '%', '@', '---\n', '...\n', '?', '\\', '0', 'é', '😀', 'triggers', 'cron', '\r\n'];
  let seed = 42;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: next(40) }, () => pieces[next(pieces.length)]).join('');
    const found = await check(text);
    if (!isBroken(found)) continue;
    for (const error of found.errors) expect([text, error]).toEqual([text, expect.objectContaining({ line: expect.any(Number), column: expect.any(Number), code: expect.stringMatching(/^(?:Definition|Trigger|Duration|TimeZone|Cron)/) })]);
  }
});
