import type { JsonSchema } from '@nightshift/sdk';
import type { ManifestEntry } from './manifest.ts';
import type { ProgramPlugin } from './program-plugin.ts';

/**
 * The JSON Schema of an entry's spec, checked; undefined without one. Throws `PluginInvalid` with what is wrong with it.
 * Reading it runs no code of the plugin.
 */
export async function readSchema(entry: ManifestEntry, plugin: ProgramPlugin): Promise<JsonSchema | undefined> {
  throw new Error(`${entry.name} of ${plugin.name}: to be written`);
}
