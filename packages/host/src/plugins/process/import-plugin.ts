import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { API_VERSION, isJobError, JobError, pluginFaults, type JobTypePlugin } from '@nightshift/sdk';
import type { PluginPlace } from '../messages.ts';
import { entryFile } from './entry-file.ts';
import { lendSdk } from './lend-sdk.ts';

/**
 * Imports a plugin from the folder that was trusted, and no other version of it than that. Throws `PluginLoadFailed` with what
 * it has thrown, and `PluginInvalid` with everything that keeps its default export from being a plugin.
 */
export async function importPlugin({ path, version }: PluginPlace): Promise<JobTypePlugin> {
  const { version: now } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { readonly version?: unknown };
  if (now !== version) throw new JobError({ code: 'PluginNotTrusted', message: `it is version ${String(now)} now, and ${version} was trusted` });
  lendSdk();
  const plugin = await exportOf(entryFile(path));
  const spoken = (plugin as { readonly apiVersion?: unknown } | null | undefined)?.apiVersion;
  if (typeof spoken === 'number' && spoken !== API_VERSION) throw otherVersion(spoken);
  const faults = pluginFaults(plugin);
  if (faults.length > 0) throw new JobError({ code: 'PluginInvalid', message: faults.join('; ') });
  return plugin as JobTypePlugin;
}

function otherVersion(spoken: number): JobError {
  const hint = spoken > API_VERSION ? 'install a newer Nightshift, or an older version of the plugin' : 'install a newer version of the plugin';
  return new JobError({ code: 'PluginInvalid', message: `speaks contract version ${spoken}; this Nightshift speaks ${API_VERSION}`, hint });
}

async function exportOf(file: string): Promise<unknown> {
  try {
    const { default: exported } = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    // A CommonJS file that a compiler made of an ES module has its default export one level below.
    const inner = (exported as { readonly __esModule?: unknown; readonly default?: unknown } | null | undefined);
    return inner?.__esModule === true ? inner.default : exported;
  } catch (cause) {
    throw isJobError(cause) ? cause : new JobError({ code: 'PluginLoadFailed', message: `importing it threw ${thrown(cause)}` }, { cause });
  }
}

/** What was thrown, in a line: anything can be. */
export function thrown(cause: unknown): string {
  try {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  } catch {
    return 'something that cannot be shown';
  }
}
