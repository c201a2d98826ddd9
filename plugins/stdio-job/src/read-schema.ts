import { JobError, type JsonSchema, type SpecResult } from '@nightshift/sdk';
import type { ManifestEntry } from './manifest.ts';
import type { ProgramPlugin } from './program-plugin.ts';
import { quote } from './quote.ts';

/** What a schema file may be long, in UTF-16 units. */
const LONGEST_SCHEMA = 65_536;

/**
 * The JSON Schema of an entry's spec, checked; undefined without one. Throws `PluginInvalid` with what is wrong with it.
 * Reading it runs no code of the plugin.
 */
export async function readSchema(entry: ManifestEntry, plugin: ProgramPlugin): Promise<JsonSchema | undefined> {
  return (await readSchemaFile(entry, plugin))?.schema;
}

/** The same with the function that checks a spec. */
export async function readSchemaFile(entry: ManifestEntry, plugin: ProgramPlugin): Promise<{ readonly schema: JsonSchema; validate(value: unknown): SpecResult<unknown> } | undefined> {
  if (entry.schema === undefined) return undefined;
  const { resolve } = process.getBuiltinModule('node:path');
  const file = resolve(plugin.folder, entry.schema);
  const invalid = (why: string, cause?: unknown): JobError => new JobError({ code: 'PluginInvalid', message: `plugin "${plugin.name}": the schema of ${entry.name} ${why}`, file }, { cause });
  const schema = parse(await read(file, plugin, invalid), invalid);
  const { compileSchema } = await import('./json-schema.ts');
  try {
    return { schema, validate: compileSchema(schema) };
  } catch (cause) {
    throw invalid(quote((cause as Error).message), cause);
  }
}

async function read(file: string, plugin: ProgramPlugin, invalid: (why: string, cause?: unknown) => JobError): Promise<string> {
  try {
    const text = await (plugin.readFile ?? ((path) => readInside(plugin.folder, path)))(file);
    if (text.length <= LONGEST_SCHEMA) return text;
  } catch (cause) {
    throw invalid(`cannot be read: ${quote((cause as Error).message)}`, cause);
  }
  throw invalid(`has more than ${LONGEST_SCHEMA} characters`);
}

/** A link must not lead out of the plugin's folder. */
async function readInside(folder: string, file: string): Promise<string> {
  const { open, realpath } = process.getBuiltinModule('node:fs/promises');
  const { relative, isAbsolute, sep } = process.getBuiltinModule('node:path');
  const { constants } = process.getBuiltinModule('node:fs');
  const path = await realpath(file);
  const below = relative(await realpath(folder), path);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) throw new Error('it lies outside of the plugin\'s folder');
  // A pipe must not make us wait.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw new Error('it is no file');
    if (facts.size > 4 * LONGEST_SCHEMA) throw new Error('it is too large');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function parse(text: string, invalid: (why: string, cause?: unknown) => JobError): JsonSchema {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalid(`is no JSON: ${quote((cause as Error).message)}`, cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonSchema;
  throw invalid('must be one object');
}
