import { dirname } from 'node:path';
import { asciiLower, isJobError, type JobError, suggest, type AnyEngineType } from '@nightshift/sdk';
import type { ConfigFile } from '../config/read-config-file.ts';
import { isProgramPlugin } from '../plugins/is-program-plugin.ts';
import { importPlugin } from '../plugins/process/import-plugin.ts';
import { findPlugin, isLost, type Plugin } from '../trust/find-plugin.ts';

/**
 * The engine of a name, from a plugin that the same file names. It works in this process: the plugins are imported one after the
 * other until one brings it, those first whose own names speak of it, so that as a rule no other is. Throws `EngineNotFound`,
 * `PluginLoadFailed`, `PluginInvalid`.
 */
export async function engineTypeOf(name: string, file: ConfigFile): Promise<AnyEngineType> {
  const places = await placesOf(file);
  const known: string[] = [];
  for (const place of places.toSorted((a, b) => likeness(b, name) - likeness(a, name))) {
    const engines = await enginesOf(place, file);
    const engine = engines.find((one) => asciiLower(one.name) === asciiLower(name));
    if (engine !== undefined) return engine;
    known.push(...engines.map((one) => one.name));
  }
  throw notFound(name, file, known);
}

/** In the order of the file. Throws where one of them is not there: it may be the one. */
async function placesOf(file: ConfigFile): Promise<readonly Plugin[]> {
  const found = await Promise.all((file.values.plugins ?? []).map((plugin) => findPlugin(plugin, dirname(file.path))));
  const lost = found.find(isLost);
  if (lost !== undefined) throw file.complain('plugins', { code: 'PluginLoadFailed', message: `the plugin ${lost.name} is not there: ${lost.fault}`, ...(lost.hint === undefined ? {} : { hint: lost.hint }) });
  return found.filter((one): one is Plugin => !isLost(one)).filter((one) => !isProgramPlugin(one));
}

function likeness({ name }: Plugin, engine: string): number {
  return (asciiLower(name).includes(asciiLower(engine)) ? 2 : 0) + (asciiLower(name).includes('engine') ? 1 : 0);
}

async function enginesOf({ name, path, version }: Plugin, file: ConfigFile): Promise<readonly AnyEngineType[]> {
  try {
    return (await importPlugin({ named: name, path, version })).engines ?? [];
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    throw file.complain('plugins', { code: cause.code, message: `the plugin ${name} cannot be loaded: ${cause.message}`, ...(cause.hint === undefined ? {} : { hint: cause.hint }) });
  }
}

function notFound(name: string, file: ConfigFile, known: readonly string[]): JobError {
  const near = suggest(name, known);
  const hint = near === undefined ? 'name its package under "plugins" of the same file, such as @nightshift/engine-pgboss' : `did you mean ${near}?`;
  return file.complain(['engine', 'name'], { code: 'EngineNotFound', message: `none of the plugins brings an engine "${name}"${known.length === 0 ? '' : ` (they bring ${known.join(', ')})`}`, hint });
}
