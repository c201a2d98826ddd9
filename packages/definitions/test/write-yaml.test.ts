import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitionText } from '../src/index.ts';
import { readYaml } from '../src/read-yaml.ts';
import { plainCopy } from '../src/tree.ts';

const valueOf = (text: string): unknown => {
  const { tree, complaints } = readYaml(text);
  if (tree === undefined) throw new Error(`${complaints[0]?.message}\n${text}`);
  return JSON.parse(JSON.stringify(plainCopy(tree)));
};

describe('a definition as text', () => {
  test('has a key a line, and what is short and flat on the line of its key', () => {
    const text = definitionText({
      type: 'ScheduledJob',
      job: { command: ['node', 'backup.mjs', '--keep', 7], environment: { KEEP: 7, DEBUG: false } },
      timeZone: 'Europe/Berlin',
      triggers: [{ daily: { at: '03:00', randomDelay: '15m' } }, { weekly: { at: '23:00', daysOfWeek: ['Monday', 'Friday'] } }, { cron: '*/15 8-18 * * 1-5', dayMatch: 'and' }, { every: '10m', enabled: false }],
      options: { catchUp: { policy: 'latest', window: '12h' }, timeout: '30m' },
      maxResultCount: 32,
    });
    expect(text).toBe(`type: ScheduledJob
job:
  command: [node, backup.mjs, --keep, 7]
  environment: { KEEP: 7, DEBUG: false }
timeZone: Europe/Berlin
triggers:
  - daily: { at: "03:00", randomDelay: 15m }
  - weekly: { at: "23:00", daysOfWeek: [Monday, Friday] }
  - cron: "*/15 8-18 * * 1-5"
    dayMatch: and
  - every: 10m
    enabled: false
options:
  catchUp: { policy: latest, window: 12h }
  timeout: 30m
maxResultCount: 32
`);
  });

  test('keeps a text of several lines as a block', () => {
    const job = { scriptBlock: 'set -e\n\necho "hi"\n', command: ['sh', '-c', 'one\ntwo'], initializationScript: '  indented\nnot' };
    expect(definitionText({ job })).toBe(`job:
  scriptBlock: |
    set -e

    echo "hi"
  command:
    - sh
    - -c
    - |-
      one
      two
  initializationScript: |2-
      indented
    not
`);
  });

  test('has comments where they were asked for, and no other line of a comment means anything', () => {
    const text = definitionText(
      { job: { command: ['true'] }, triggers: [{ cron: '0 3 * * *' }, { every: '1h' }] },
      { header: ['Taken over from crontab, line 3:', '', 'x\r0 3 * * *\njob: evil'], before: { 'job.command': ['The program.'], 'triggers.0': ['At night.'], 'triggers.1.every': ['Hourly.'], 'options.timeout': ['not there'] } },
    );
    expect(text).toBe(`# Taken over from crontab, line 3:
#
# x\ufffd0 3 * * *
# job: evil
job:
  # The program.
  command: ["true"]
triggers:
  # At night.
  - cron: "0 3 * * *"
  # Hourly.
  - every: 1h
`);
  });

  test('a detail with a comment in it is written out', () => {
    expect(definitionText({ options: { retry: { limit: 2, delay: '1m' } } }, { before: { 'options.retry.delay': ['Long enough.'] } })).toBe('options:\n  retry:\n    limit: 2\n    # Long enough.\n    delay: 1m\n');
  });

  test.each([
    ['7', '"7"'],
    ['007', '"007"'],
    ['1_000', '"1_000"'],
    ['0x1F', '"0x1F"'],
    ['1e5', '"1e5"'],
    ['2026-12-24', '"2026-12-24"'],
    ['03:00', '"03:00"'],
    ['true', '"true"'],
    ['No', '"No"'],
    ['on', '"on"'],
    ['y', '"y"'],
    ['null', '"null"'],
    ['~', '"~"'],
    ['', '""'],
    [' a', '" a"'],
    ['a ', '"a "'],
    ['a: b', '"a: b"'],
    ['a #b', '"a #b"'],
    ['a#b', '"a#b"'],
    ['*', '"*"'],
    ['0 3 * * 1', '"0 3 * * 1"'],
    ['@daily', '"@daily"'],
    ['- a', '"- a"'],
    ['-', '"-"'],
    ['---', '"---"'],
    ['{a}', '"{a}"'],
    ['a, b', '"a, b"'],
    ['%a', '"%a"'],
    ['a"b', '"a\\"b"'],
    ['a\tb', '"a\\tb"'],
    ['..', '..'],
    ['../a b', '../a b'],
    ['--keep', '--keep'],
    ['$HOME/x', '$HOME/x'],
    ['15m', '15m'],
    ['2026-12-24T18:00', '2026-12-24T18:00'],
    ['Europe/Berlin', 'Europe/Berlin'],
    ['env:TOKEN', 'env:TOKEN'],
    ['https://example.org/?a=b', 'https://example.org/?a=b'],
    ["it's", "it's"],
    ['Größe', 'Größe'],
  ])('the text %j is written %s', (value, written) => {
    expect(definitionText({ description: value })).toBe(`description: ${written}\n`);
  });

  test('what is undefined is left out, and what is empty has brackets', () => {
    expect(definitionText({ job: { command: undefined, environment: {}, argumentList: [] }, options: {} })).toBe('job:\n  environment: {}\n  argumentList: []\noptions: {}\n');
  });

  test('a list too long for a line has an item a line', () => {
    const argumentList = Array.from({ length: 12 }, (_, index) => `--argument-${index}`);
    expect(definitionText({ job: { argumentList } })).toBe(`job:\n  argumentList:\n${argumentList.map((word) => `    - ${word}\n`).join('')}`);
  });

  test.each([[new Date(0)], [() => 1], [1n], [Symbol('x')], [new Map()]])('%o is no value of a definition', (value) => {
    expect(() => definitionText({ job: { value } })).toThrow(expect.objectContaining({ code: 'CannotSerializeData' }));
  });

  test('a value inside itself is refused', () => {
    const job: Record<string, unknown> = {};
    job['job'] = job;
    expect(() => definitionText({ job })).toThrow(expect.objectContaining({ code: 'CannotSerializeData' }));
  });

  test('a key that no definition may have is refused', () => {
    expect(() => definitionText({ job: { 'a\u001bb': 1 } })).toThrow(expect.objectContaining({ code: 'CannotSerializeData', message: expect.stringContaining('U+001B') }));
  });

  test('is read as the value that it was, whatever that is', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', ' ', '\n', '#', ':', '-', '"', "'", '{', ',', '\t', '|', '0') }), fc.constantFrom('a\n', '\na', 'a\n\n', ' a\n b', '\n', 'null', '1e3', '- a', '? a'));
    const key = text.filter((name) => name.isWellFormed() && !/(?![\t\n])\p{Cc}/u.test(name) && !['__proto__', 'constructor', 'prototype'].includes(name));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true })),
    }));
    fc.assert(fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), (map) => {
      expect(valueOf(definitionText(map))).toEqual(JSON.parse(JSON.stringify(map)));
    }), { numRuns: 200 });
  });
});
