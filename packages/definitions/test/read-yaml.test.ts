import { describe, expect, test } from 'vitest';
import { brief, check, errorsOf, valid } from './folder.ts';

const job = 'job: { command: [true] }\n';
const bytes = (total: number): string => job.padEnd(total - 1, '#') + '\n';
const nested = (lists: number): string => `job: { command: ${'['.repeat(lists)}${']'.repeat(lists)} }\n`;
const nestedBlock = (lists: number): string => `job:\n  command:\n  ${'- '.repeat(lists)}x\n`;
const items = (count: number): string => `job: { command: [${'x, '.repeat(count)}] }\n`;
const keys = (count: number): string => `job:\n${Array.from({ length: count }, (_, index) => `  k${index}: 1\n`).join('')}`;
const aliases = (count: number): string => `job: { a: &a 1, list: [${Array.from({ length: count }, () => '*a').join(', ')}] }\n`;

describe('a limit of a definition file', () => {
  test.each([
    ['256 KiB', bytes(262_144), bytes(262_145), 'DefinitionTooLarge'],
    ['depth 32 in brackets', nested(30), nested(31), 'DefinitionSyntaxError'],
    ['depth 32 in lines', nestedBlock(30), nestedBlock(31), 'DefinitionSyntaxError'],
    ['2,000 nodes', items(1_995), items(1_996), 'DefinitionTooLarge'],
    ['500 keys', keys(500), keys(501), 'DefinitionTooLarge'],
    ['20 aliases', aliases(20), aliases(21), 'DefinitionSyntaxError'],
  ])('%s is accepted at the limit and refused one above', async (_, at, above, code) => {
    expect(await errorsOf(at)).toEqual([]);
    expect(await errorsOf(above)).toEqual([expect.objectContaining({ code, line: expect.any(Number), column: expect.any(Number) })]);
  });

  test.each([
    [bytes(300_000), '256 KiB'],
    [nested(40), '32'],
    [items(5_000), '2,000'],
    [keys(900), '500'],
    [aliases(30), '20'],
  ])('is named in the message (%#)', async (text, limit) => {
    expect((await errorsOf(text))[0]?.message).toContain(limit);
  });

  test.each(['[', '{', '- ', '? ', 'a: ['])('of depth is noticed before anything else in 256 KiB of %j', async (piece) => {
    expect(await errorsOf(piece.repeat(60_000))).toMatchObject([{ code: 'DefinitionSyntaxError', line: 1, message: expect.stringContaining('deeper than 32') }]);
  });

  test('counts nodes as often as aliases repeat them', async () => {
    const bomb = Array.from({ length: 9 }, (_, index) => `  a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`).join('');
    expect((await errorsOf(`job:\n  a0: &a0 [1, 2, 3, 4]\n${bomb}`)).map(brief)).toEqual(['DefinitionTooLarge 10:12']);
  });

  test('counts 256 KiB in bytes, not in characters', async () => {
    expect((await errorsOf(`${job}# ${'ä'.repeat(131_100)}\n`)).map(({ code }) => code)).toEqual(['DefinitionTooLarge']);
  });
});

describe('what YAML allows and a definition does not', () => {
  test.each([
    ['two documents', `${job}---\n${job}`, 'DefinitionSyntaxError 2:1'],
    ['a second, empty document', `${job}---\n`, 'DefinitionSyntaxError 2:1'],
    ['a tag that names code', 'job: !!js/function x\n', 'DefinitionSyntaxError 1:6'],
    ['a tag of its own', 'job: { a: !Foo x }\n', 'DefinitionSyntaxError 1:11'],
    ['a tag of YAML 1.1', 'job: { a: !!set { x } }\n', 'DefinitionSyntaxError 1:11'],
    ['a tag without a name', 'job: { a: ! x }\n', 'DefinitionSyntaxError 1:13'],
    ['a tag without a name and a value', 'job: { a: 1 }\ntimeZone: !\n', 'DefinitionSyntaxError 2:12'],
    ['a core tag that does not fit', 'job: { a: !!int x }\n', 'DefinitionSyntaxError 1:11'],
    ['%YAML', `%YAML 1.1\n---\n${job}`, 'DefinitionSyntaxError 1:1'],
    ['%TAG', `%TAG ! tag:example,2000:\n---\n${job}`, 'DefinitionSyntaxError 1:1'],
    ['a merge key', 'job: &j { command: [true] }\ntriggers: [{ <<: *j }]\n', 'DefinitionSyntaxError 2:14'],
    ['a list that holds itself', 'job: { a: &a [*a] }\n', 'DefinitionSyntaxError 1:15'],
    ['an alias without anchor', 'job: { a: *b }\n', 'DefinitionSyntaxError 1:11'],
    ['an alias before its anchor', 'job: { a: *b, b: &b 1 }\n', 'DefinitionSyntaxError 1:11'],
    ['a list as key', 'job: { [a]: b }\n', 'DefinitionSyntaxError 1:8'],
    ['an alias as key', 'job: { a: &a x, *a : b }\n', 'DefinitionSyntaxError 1:17'],
    ['a key twice', `${job}job: { command: [false] }\n`, 'DefinitionSyntaxError 2:1'],
    ['a key twice in different spellings', `${job}"\\x6aob": {}\n`, 'DefinitionSyntaxError 2:1'],
    ['a key twice deep inside', 'job: { environment: { A: 1, A: 2 } }\n', 'DefinitionSyntaxError 1:29'],
    ['__proto__ as key', `__proto__: { enabled: true }\n${job}`, 'DefinitionKeyForbidden 1:1'],
    ['constructor deep inside', 'job: { a: [{ constructor: 1 }] }\n', 'DefinitionKeyForbidden 1:14'],
    ['prototype in quotes', 'job: { "prototype": 1 }\n', 'DefinitionKeyForbidden 1:8'],
    ['__proto__ by escapes', 'job: { "\\x5f_proto__": 1 }\n', 'DefinitionKeyForbidden 1:8'],
  ])('%s is refused with its place', async (_, text, expected) => {
    expect((await errorsOf(text)).map(brief)).toContain(expected);
  });

  test('a list that holds itself is not taken for a deep one', async () => {
    expect((await errorsOf('job: { a: &a [*a] }\n'))[0]?.message).toContain('its own anchor');
  });

  test('a mistake behind an anchor is reported once, however often it is repeated', async () => {
    expect((await errorsOf('job: { a: &a { b: 0755, b: 1 }, c: *a, d: *a }\n')).map(brief)).toEqual(['DefinitionValueInvalid 1:19', 'DefinitionSyntaxError 1:25']);
  });

  test('a duplicate key is reported with the line of the first', async () => {
    expect((await errorsOf(`# note\n${job}job: {}\n`))[0]?.message).toBe('the key "job" is given twice; the first stands in line 2');
  });

  test.each([
    ['yes, no, on and off', 'job: { a: yes, b: no, c: on, d: off }', { a: 'yes', b: 'no', c: 'on', d: 'off' }],
    ['core tags', 'job: { a: !!str 5, b: !!int "5", c: !!seq [1] }', { a: '5', b: 5, c: [1] }],
    ['anchors and aliases', 'job: { a: &x { b: 1 }, c: *x }', { a: { b: 1 }, c: { b: 1 } }],
    ['aliases of a name given twice', 'job: { a: &x [&y 1], b: &y 2, c: *x, d: *y }', { a: [1], b: 2, c: [1], d: 2 }],
    ['aliases inside an anchor', 'job: { b: &y 1, a: &x [*y], c: &y 2, d: *x }', { b: 1, a: [1], c: 2, d: [1] }],
    ['quotes around "<<"', 'job: { "<<": 1 }', { '<<': 1 }],
    ['keys that look like numbers', 'job: { 1: a, 2.5: b, null: c }', { 1: 'a', 2.5: 'b', null: 'c' }],
    ['marks of the document start and end', '---\njob: { a: 1 }\n...\n', { a: 1 }],
    ['hexadecimal and octal numbers', 'job: { a: 0x1F, b: 0o17 }', { a: 31, b: 15 }],
    ['zero and fractions', 'job: { a: 0, b: 0.5, c: -0.5 }', { a: 0, b: 0.5, c: -0.5 }],
    ['times without quotes', 'job: { a: 03:00, b: 2026-12-24T18:00 }', { a: '03:00', b: '2026-12-24T18:00' }],
    ['blocks of text', 'job:\n  a: |\n    x\n    y\n', { a: 'x\ny\n' }],
    ['line ends of Windows', 'job:\r\n  a: |\r\n    x\r\n    y\r\n', { a: 'x\ny\n' }],
  ])('%s mean what YAML 1.2 says', async (_, text, spec) => {
    expect((await valid(text)).spec).toEqual(spec);
  });
});

describe('numbers that a reader would change', () => {
  test.each(['0755', '-01', '007.5', '00'])('%s must be quoted', async (number) => {
    const [error] = await errorsOf(`job: { environment: { MODE: ${number} } }\n`);
    expect(error).toMatchObject({ code: 'DefinitionValueInvalid', line: 1, column: 29, hint: 'quote it', message: expect.stringContaining('"MODE"') });
    await expect(valid(`job: { environment: { MODE: "${number}" } }\n`)).resolves.toMatchObject({ spec: { environment: { MODE: number } } });
  });

  test.each(['9007199254740993', '-9007199254740993', '0xFFFFFFFFFFFFFFFF'])('%s is too large to be kept exactly', async (number) => {
    expect((await errorsOf(`job: { a: ${number} }\n`)).map(brief)).toEqual(['DefinitionValueInvalid 1:11']);
  });

  test('9007199254740991 is kept', async () => {
    expect((await valid('job: { a: 9007199254740991 }')).spec).toEqual({ a: 9007199254740991 });
  });
});

describe('JSON files', () => {
  test('are read by the same reader', async () => {
    const text = JSON.stringify({ job: { command: ['true'], environment: { A: '0755' } }, triggers: [{ every: '5m' }] }, null, '\t');
    expect(await valid(text, { fileName: 'Nightly.json' })).toMatchObject({ spec: { command: ['true'], environment: { A: '0755' } }, triggers: [{ every: '5m' }] });
  });

  test('have the same limits and places', async () => {
    const errors = await errorsOf('{\n\t"job": {\n\t\t"__proto__": 1\n\t}\n}\n', { fileName: 'Nightly.json' });
    expect(errors.map(brief)).toEqual(['DefinitionKeyForbidden 3:3']);
  });
});

test('a thousand lines of comments between two keys move nothing', async () => {
  const definition = await valid(`job:\n  a: 1\n${'  # note\n\n'.repeat(500)}  b: 2\n`);
  expect(definition.spec).toEqual({ a: 1, b: 2 });
  expect(definition.place?.(['job', 'b'])).toMatchObject({ line: 1_003, column: 6, excerpt: { text: '  b: 2', length: 1 } });
});

test('yaml prints nothing, whatever the environment asks for', async () => {
  process.env['LOG_STREAM'] = '1';
  process.env['LOG_TOKENS'] = '1';
  const log: unknown[] = [];
  const { dir, log: print } = console;
  console.dir = console.log = (...words: unknown[]) => void log.push(words);
  try {
    await check(job);
  } finally {
    Object.assign(console, { dir, log: print });
    expect(process.env['LOG_STREAM']).toBe('1');
    delete process.env['LOG_STREAM'];
    delete process.env['LOG_TOKENS'];
  }
  expect(log).toEqual([]);
});
