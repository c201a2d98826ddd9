import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SpecResult } from '@nightshift/sdk';
import { type ManifestEntry, readSchema, stdioJobType } from '../src/index.ts';
import { newFolder } from './desk.ts';

const ENTRY: ManifestEntry = { name: 'NoteJob', aliases: [], description: 'd', capabilities: {}, argv: ['sh'], schema: './s.json' };

function pluginWith(schema: unknown): { name: string; version: string; folder: string } {
  const folder = newFolder();
  writeFileSync(join(folder, 's.json'), typeof schema === 'string' ? schema : JSON.stringify(schema));
  return { name: 'notes', version: '1.0.0', folder };
}

async function check(schema: unknown, spec: unknown): Promise<SpecResult<unknown>> {
  return stdioJobType(ENTRY, pluginWith(schema)).spec['~standard'].validate(spec);
}

const whyNot = (schema: unknown): Promise<string> => readSchema(ENTRY, pluginWith(schema)).then(() => 'it is taken', (error: { code: string; message: string }) => `${error.code}: ${error.message}`);

describe('a schema', () => {
  test('is read as it stands', async () => {
    expect(await readSchema(ENTRY, pluginWith({ type: 'object', title: 'T' }))).toEqual({ type: 'object', title: 'T' });
  });

  test('there need be none: then a spec is any map', async () => {
    const { schema: _schema, ...bare } = ENTRY;
    const { spec } = stdioJobType(bare, pluginWith({}));
    expect(await readSchema(bare, pluginWith({}))).toBeUndefined();
    expect(await spec['~standard'].validate({ any: 1 })).toEqual({ value: { any: 1 } });
    expect(await spec['~standard'].validate([])).toMatchObject({ issues: [{ message: '"job" must be a map of keys' }] });
  });

  test('is what an editor is shown once it has been read, and any map before', async () => {
    const { spec } = stdioJobType(ENTRY, pluginWith({ type: 'object', title: 'T' }));
    const shown = (): unknown => spec['~standard'].jsonSchema?.input({ target: 'draft-07' });
    expect(shown()).toEqual({ type: 'object' });
    await spec['~standard'].validate({});
    expect(shown()).toEqual({ type: 'object', title: 'T' });
  });

  test.each([
    ['no JSON', '{', 'is no JSON: '],
    ['no object', '[]', 'must be one object'],
    ['too long', JSON.stringify({ title: 'x'.repeat(70_000) }), 'has more than 65536 characters'],
    ['a wrong keyword', { type: 'objekt' }, '#/type: must be equal to one of the allowed values'],
    ['a misspelt keyword', { type: 'object', requird: ['a'] }, '#/requird: this keyword is not known. Did you mean "required"?'],
    ['a misspelt keyword deep down', { properties: { a: { items: { minimun: 1 } } } }, '#/properties/a/items/minimun: this keyword is not known. Did you mean "minimum"?'],
    ['a regular expression', { properties: { a: { type: 'string', pattern: '^(a+)+$' } } }, '#/properties/a/pattern: regular expressions are not run on specs'],
    ['regular expressions for keys', { patternProperties: { '^x': {} } }, '#/patternProperties: regular expressions are not run on specs'],
    ['a reference to the net', { $ref: 'https://example.org/schema.json' }, '#/$ref: "https://example.org/schema.json" is not "#", "#/$defs/NAME" or "#/definitions/NAME"'],
    ['a reference to a file', { $ref: 'file:///etc/passwd' }, '#/$ref: "file:///etc/passwd" is not'],
    ['a reference to data', { default: { pattern: 'x' }, $ref: '#/default' }, '#/$ref: "#/default" is not'],
    ['a reference to nothing', { $ref: '#/$defs/none' }, "can't resolve reference #/$defs/none"],
    ['data as a schema', { const: { $data: '1/x' }, minimum: { $data: '1/y' } }, '#/minimum: must be number'],
    ['another draft', { $schema: 'http://json-schema.org/draft-04/schema#' }, '#/$schema: "http://json-schema.org/draft-04/schema#" is not one of'],
    ['a name that means something to objects', '{"properties":{"__proto__":{"type":"string"}}}', '#/properties/__proto__: this name is reserved'],
    ['nests too deep', JSON.parse(`${'{"not":'.repeat(200)}{}${'}'.repeat(200)}`), 'it is nested more than 64 deep'],
  ])('that is or has %s is invalid', async (_what, schema, why) => {
    expect(await whyNot(schema)).toContain(`PluginInvalid: plugin "notes": the schema of NoteJob ${why.startsWith('can') || why.startsWith('it is nested') ? '' : why}`);
    expect(await whyNot(schema)).toContain(why);
  });

  test('that is not there, a folder, or a link out of its plugin, is invalid', async () => {
    const elsewhere = pluginWith({});
    const plugin = { name: 'notes', version: '1.0.0', folder: newFolder() };
    await expect(readSchema(ENTRY, plugin)).rejects.toMatchObject({ code: 'PluginInvalid', file: join(plugin.folder, 's.json') });
    await expect(readSchema({ ...ENTRY, schema: '.' }, plugin)).rejects.toMatchObject({ code: 'PluginInvalid', message: expect.stringContaining('it is no file') });
    symlinkSync(join(elsewhere.folder, 's.json'), join(plugin.folder, 's.json'));
    await expect(readSchema(ENTRY, plugin)).rejects.toMatchObject({ code: 'PluginInvalid', message: expect.stringContaining("outside of the plugin's folder") });
  });

  test('is read by the host where the host hands in a reader', async () => {
    const read: string[] = [];
    const plugin = { name: 'notes', version: '1.0.0', folder: '/nowhere', readFile: async (path: string) => (read.push(path), '{"type":"object"}') };
    expect(await readSchema(ENTRY, plugin)).toEqual({ type: 'object' });
    expect(read).toEqual(['/nowhere/s.json']);
  });

  test('that was mended is read again', async () => {
    const plugin = pluginWith('{');
    const { spec } = stdioJobType(ENTRY, plugin);
    await expect(spec['~standard'].validate({})).rejects.toMatchObject({ code: 'PluginInvalid' });
    writeFileSync(join(plugin.folder, 's.json'), '{}');
    expect(await spec['~standard'].validate({})).toEqual({ value: {} });
  });
});

describe('a spec', () => {
  test('has the defaults of its schema, and is not changed itself', async () => {
    const spec = Object.freeze({ a: 1 });
    expect(await check({ type: 'object', properties: { a: {}, b: { default: 2 } } }, spec)).toEqual({ value: { a: 1, b: 2 } });
    expect(spec).toEqual({ a: 1 });
  });

  test.each([
    ['a key is missing', { required: ['seconds'] }, {}, { code: 'DefinitionKeyMissing', message: '"job" needs the key "seconds"', path: [] }],
    ['a key is inherited only', { required: ['toString'] }, {}, { message: '"job" needs the key "toString"' }],
    ['a key is unknown', { properties: { seconds: {} }, additionalProperties: false }, { second: 1 }, { code: 'DefinitionKeyUnknown', message: 'unknown key "second"', hint: 'did you mean "seconds"?', path: ['second'], at: 'key' }],
    ['a value is of another kind', { properties: { n: { type: 'integer' } } }, { n: 'seven' }, { message: '"job.n" must be a whole number; it is "seven"', path: ['n'] }],
    ['it may be of several kinds', { properties: { n: { type: ['string', 'null'] } } }, { n: 1 }, { message: '"job.n" must be a text or empty; it is 1' }],
    ['it is none of the words', { properties: { w: { enum: ['a', 'b', 3] } } }, { w: 'c' }, { message: '"job.w" must be one of "a", "b", 3; it is "c"' }],
    ['it is not the value', { properties: { w: { const: 'a' } } }, { w: 'c' }, { message: '"job.w" must be "a"; it is "c"' }],
    ['a number is too small', { properties: { n: { minimum: 1 } } }, { n: 0 }, { message: '"job.n" must be at least 1; it is 0' }],
    ['a number is too large', { properties: { n: { exclusiveMaximum: 9 } } }, { n: 9 }, { message: '"job.n" must be less than 9; it is 9' }],
    ['a number is no multiple', { properties: { n: { multipleOf: 5 } } }, { n: 7 }, { message: '"job.n" must be a multiple of 5; it is 7' }],
    ['a text is too short', { properties: { t: { minLength: 1 } } }, { t: '' }, { message: '"job.t" must have at least 1 character' }],
    ['a list is too long', { properties: { l: { maxItems: 2 } } }, { l: [1, 2, 3] }, { message: '"job.l" must hold at most 2 values' }],
    ['a list says something twice', { properties: { l: { uniqueItems: true } } }, { l: [{ a: 1, b: 2 }, { b: 2, a: 1 }] }, { message: '"job.l" holds the same value twice', path: ['l'] }],
    ['it is deep inside', { properties: { l: { items: { properties: { x: { type: 'boolean' } } } } } }, { l: [{}, { x: 1 }] }, { message: '"job.l[1].x" must be true or false; it is 1', path: ['l', 1, 'x'] }],
    ['a name of a key is wrong', { propertyNames: { maxLength: 2 } }, { abc: 1 }, { path: ['abc'], at: 'key' }],
    ['it is forbidden', { not: { required: ['x'] } }, { x: 1 }, { message: '"job" has none of the forms that its type allows, or more than one' }],
    ['a text would be obeyed by a terminal', { properties: { w: { const: 'a' } } }, { w: '\u001b[2J' }, { message: '"job.w" must be "a"; it is "\\u001b[2J"' }],
  ])('is complained about where %s', async (_what, schema, spec, issue) => {
    const { issues = [] } = await check(schema, spec);
    expect(issues).toContainEqual(expect.objectContaining(issue));
  });

  test('is complained about for every mistake, but not without end', async () => {
    const { issues } = await check({ items: { type: 'string' } }, Array.from({ length: 500 }, (_, index) => index));
    expect(issues).toHaveLength(20);
  });

  test('of draft 7 may have what 2020-12 calls otherwise', async () => {
    const schema = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }], additionalItems: false, definitions: {} };
    expect(await check(schema, ['a'])).toEqual({ value: ['a'] });
    expect(await check(schema, ['a', 'b'])).toMatchObject({ issues: [{}] });
  });

  test('may have keys of any name, which pollute nothing', async () => {
    const spec = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}') as object;
    expect(await check({ type: 'object', additionalProperties: { default: 1 } }, spec)).toMatchObject({ value: {} });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test.each([
    ['by choices of choices', { $defs: Object.fromEntries(Array.from({ length: 40 }, (_, level) => [`l${level}`, { anyOf: [{ $ref: `#/$defs/l${level + 1}` }, { $ref: `#/$defs/l${level + 1}` }] }]).concat([['l40', false as never]])), $ref: '#/$defs/l0' }, {}],
    ['by itself', { $ref: '#' }, {}],
    ['by two ways into every list', { $defs: { n: { type: 'array', items: { anyOf: [{ $ref: '#/$defs/n' }, { $ref: '#/$defs/n' }] } } }, $ref: '#/$defs/n' }, JSON.parse(`${'['.repeat(60)}1${']'.repeat(60)}`)],
    ['by one key that holds everything', { properties: { a: { enum: Array.from({ length: 6_000 }, (_, index) => index) } }, uniqueItems: true }, Array.from({ length: 150_000 }, (_, index) => ({ a: index }))],
  ])('makes nobody wait for ever, even where its schema asks for it %s', { timeout: 10_000 }, async (_how, schema, spec) => {
    const begun = performance.now();
    await check(schema, spec).catch(() => {});
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('that no line could hold, or no JSON, is refused', async () => {
    expect(await check({}, { text: 'x'.repeat(1_100_000) })).toMatchObject({ issues: [{ message: expect.stringContaining('is longer than 1048576 characters') }] });
    expect(await check({}, { big: 1n })).toMatchObject({ issues: [{ message: '"job" holds what JSON has no form for' }] });
  });
});
