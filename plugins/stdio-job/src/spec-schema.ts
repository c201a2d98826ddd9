import type { JsonSchema, SpecResult, SpecSchema } from '@nightshift/sdk';
import type { ManifestEntry } from './manifest.ts';
import type { ProgramPlugin } from './program-plugin.ts';
import { readSchemaFile } from './read-schema.ts';

type Validate = (value: unknown) => SpecResult<unknown>;

/** The spec of an entry: any map, or what the JSON Schema of the entry says. The schema is read at the first spec. */
export function specSchema(entry: ManifestEntry, plugin: ProgramPlugin): SpecSchema<unknown> {
  let checking: Promise<Validate> | undefined;
  let known: JsonSchema = { type: 'object' };
  const load = async (): Promise<Validate> => {
    const found = await readSchemaFile(entry, plugin);
    if (found === undefined) return anyMap;
    known = found.schema;
    return found.validate;
  };
  const validate = async (value: unknown): Promise<SpecResult<unknown>> => {
    checking ??= load();
    try {
      return (await checking)(value);
    } catch (error) {
      // The file may be mended while the host lives.
      checking = undefined;
      throw error;
    }
  };
  return { '~standard': { version: 1, vendor: 'nightshift', validate, jsonSchema: { input: () => known } } };
}

function anyMap(value: unknown): SpecResult<unknown> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? { value } : { issues: [{ message: '"job" must be a map of keys' }] };
}
