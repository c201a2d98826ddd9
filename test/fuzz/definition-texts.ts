// Texts that resemble definitions: real ones, good and broken, with pieces cut out, doubled, moved and replaced.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { DEFINITION_KEYS, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS } from '@nightshift/definitions';
import { complete } from '../../packages/definitions/test/complete.ts';

const FOLDER = fileURLToPath(new URL('../../definitions', import.meta.url));

/** What the complete one has no room for. */
const FURTHER = `job: { command: [node, backup.mjs], secrets: { TOKEN: env:TOKEN } }
triggers:
  - { cron: "*/15 8-18 * * 1-5", dayMatch: or }
  - { every: 10m, id: 9 }
options: { outputLimit: 200MB }
`;
const INI = { job: { scriptBlock: 'echo hi\n', shell: 'bash', inputObject: ['a', ''], outputFormat: 'text', streamCommands: true }, enabled: false };

const files = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.yaml')).toSorted().map((name) => readFileSync(join(folder, name), 'utf8'));
const CORPUS: readonly string[] = [complete, FURTHER, JSON.stringify(INI), JSON.stringify(INI, undefined, '\t'), 'job: { command: [echo, hi] }\n', ...files(FOLDER), ...files(join(FOLDER, 'broken'))];

const KEYS = [...Object.keys({ ...DEFINITION_KEYS, ...OPTION_KEYS, ...TRIGGER_KEYS, ...TRIGGER_KINDS }), 'at', 'command', 'scriptBlock', 'filePath', 'environment', 'secrets', 'argumentList'];
const SYNTAX = [
  ':', ': ', '- ', '? ', '-', '|', '|-', '>+2', '>', '#', ' #', '&a ', '*a', '&a', '*', '!', '!!str ', '!!binary ', '!!set ', '!<x> ', '%YAML 1.1\n', '%TAG ! x\n', '---\n', '...\n', '<<: *a',
  '{', '}', '[', ']', ',', '"', "'", '\\', '""', "''", '{}', '[]', '{{ x }}', '@', '`', '\t', '\n', '\n\n', '\r\n', '\r', ' ', '  ', '    ', '\\x1b', '\\u0000', '\\ud800', '"\\e"', '~',
];
const VALUES = [
  'yes', 'no', 'on', 'y', 'null', 'true', 'false', '0', '-0', '-1', '1', '7', '007', '0o17', '0x1F', '1_000', '1.5', '1e3', '1e999', '.inf', '-.inf', '.nan', '9007199254740993', '12345678901234567890',
  '30', '30s', '1h30m', '-5m', 'PT5M', 'PT', '1y', '999999999999w', '03:00', '"24:00"', '2026-02-30', '2067-03-27T02:30', '10000-01-01T00:00', '2026-12-24T18:00+99:00',
  '"61 * * * *"', '"0 0 30 2 *"', '"0-999999999 * * * *"', '"*/0 * * * *"', '@daily', '"@reboot"', 'Europe/Berlin', 'EST', 'UTC+5', '../..', '/', '/dev/zero', '*', '"*{1..99999999}"', '"**/*"',
  '200MB', '-1MB', 'Monday', 'Freitag', 'IgnoreNew', 'None', 'env:X', 'file:../../etc/shadow', 'hunter2', '__proto__', 'constructor', 'toString', 'node backup.mjs', '"${{ secrets.X }}"',
];
const ODD = [
  '\u0000', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\u009b31m', '\u00a0', '\u00ad', '\u061c', '\u200b', '\u200d', '\u200e', '\u2028', '\u202e', '\u2066', '\ufeff', '\ufffd', '\ud83d\ude00', '\ud83d', '\ude00', 'e\u0301', '٣',
  'x'.repeat(300), 'k: '.repeat(80), '- '.repeat(60), '['.repeat(40), '{a: '.repeat(40), '*a '.repeat(30), '\n'.repeat(200), ' '.repeat(500), `"${'\\"'.repeat(200)}`, 'a,'.repeat(1_100),
];

/** fast-check's own texts of any character take a second to prepare. */
function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.oneof(fc.nat(0x2ff), fc.nat(0x10ffff)), { maxLength }).map((points) => String.fromCodePoint(...points));
}

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...SYNTAX) },
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: fc.constantFrom(...KEYS) },
  { weight: 2, arbitrary: fc.constantFrom(...KEYS).map((key) => `\n${key}: `) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: anyText(12) },
);
/** Where, as a part of the whole, so that it means something in every text. */
const place = fc.integer({ min: 0, max: 9_999 }).map((part) => part / 10_000);

type Change = (text: string) => string;
const inLine = (text: string, at: number, change: (line: string) => string): string => {
  const lines = text.split('\n');
  const index = Math.floor(at * lines.length);
  return lines.with(index, change(lines[index] as string)).join('\n');
};
const cut = (text: string, at: number): [string, string] => [text.slice(0, at * text.length), text.slice(at * text.length)];

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, piece).map(([at, what]): Change => (text) => cut(text, at).join(what)),
  fc.tuple(place, piece).map(([at, what]): Change => (text) => inLine(text, at, (line) => line.replace(/(:[ \t]+|- ).*$/, `$1${what.replaceAll('$', '$$$$')}`))),
  fc.tuple(place, fc.integer({ min: 1, max: 30 })).map(([at, length]): Change => (text) => {
    const [before, after] = cut(text, at);
    return before + after.slice(length);
  }),
  fc.tuple(place, fc.integer({ min: -4, max: 4 })).map(([at, by]): Change => (text) => inLine(text, at, (line) => (by < 0 ? line.slice(-by) : ' '.repeat(by) + line))),
  fc.tuple(place, fc.oneof({ weight: 30, arbitrary: fc.constantFrom(2, 3) }, { weight: 1, arbitrary: fc.constant(600) })).map(([at, times]): Change => (text) => inLine(text, at, (line) => Array.from({ length: times }, () => line).join('\n'))),
  fc.tuple(place, place).map(([from, to]): Change => (text) => {
    const lines = text.split('\n');
    const [moved] = lines.splice(Math.floor(from * lines.length), 1);
    lines.splice(Math.floor(to * lines.length), 0, moved as string);
    return lines.join('\n');
  }),
  fc.tuple(place, fc.constantFrom(...CORPUS), place).map(([at, other, from]): Change => (text) => cut(text, at)[0] + cut(other, from)[1]),
);

/** A definition after a few changes, sometimes none. Half a surrogate pair is no text that a file could hold. */
export const definitionTexts: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...CORPUS), fc.array(change, { maxLength: 5 }))
  .map(([text, changes]) => changes.reduce((sum, next) => next(sum), text).toWellFormed());

const changedBytes = fc.tuple(definitionTexts, fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 })).map(([text, changes]) => {
  const bytes = Buffer.from(text);
  for (const [at, byte] of changes) if (bytes.length > 0) bytes[Math.floor(at * bytes.length)] = byte;
  return bytes;
});

/** Bytes that nobody looked through: random ones, and definitions with a few of them. */
export const definitionBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  changedBytes,
  definitionTexts.map((text) => Buffer.from(text, 'utf16le')),
  anyText(400).map((text) => Buffer.from(text)),
);
