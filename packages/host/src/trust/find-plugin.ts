import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readCheckedMap, type Keys } from '@nightshift/definitions';
import { isJobError } from '@nightshift/sdk';
import { isFolderName } from './plugin-name.ts';

/** A plugin as it lies on the disk. */
export interface Plugin {
  /** As the configuration names it. */
  readonly name: string;
  /** Real path of its folder. */
  readonly path: string;
  readonly version: string;
}

/** A plugin that is named and cannot be used, with the reason. */
export interface LostPlugin {
  readonly name: string;
  readonly fault: string;
  /** What to type. */
  readonly hint?: string;
}

export type FoundPlugin = Plugin | LostPlugin;

/**
 * Looks a plugin up from the folder of the configuration file, as Node would look up a package, and reads its version as data:
 * nothing of it is run or imported. Its manifest is read by the rules for files that say what will run. Source: S12.
 */
export async function findPlugin(name: string, folder: string): Promise<FoundPlugin> {
  for (const candidate of candidates(name, folder)) {
    const path = await realpath(candidate).catch(() => undefined);
    if (path !== undefined) return describe(name, path);
  }
  if (isFolderName(name)) return { name, fault: `there is no folder ${resolve(folder, name)}` };
  return { name, fault: `no package of this name is in node_modules, from ${folder} upward`, hint: `npm install --prefix ${JSON.stringify(folder)} ${name}` };
}

export function isLost(plugin: FoundPlugin): plugin is LostPlugin {
  return 'fault' in plugin;
}

function candidates(name: string, folder: string): readonly string[] {
  return isFolderName(name) ? [resolve(folder, name)] : ancestors(folder).map((above) => join(above, 'node_modules', name));
}

/** `node_modules/node_modules` is no place for packages. */
function ancestors(folder: string): readonly string[] {
  const above = folder === dirname(folder) ? [] : ancestors(dirname(folder));
  return basename(folder) === 'node_modules' ? above : [folder, ...above];
}

/** The manifest of programs in any language. */
export const PROGRAM_MANIFEST = 'nightshift-plugin.json';
/** A package of npm has its own. */
const MANIFESTS = [PROGRAM_MANIFEST, 'package.json'];
const MANIFEST_KEYS: Keys = { version: { value: { is: 'text', filled: true }, description: 'What is trusted.' } };
const LONGEST_VERSION = 100;

async function describe(name: string, path: string): Promise<FoundPlugin> {
  for (const manifest of MANIFESTS) {
    const file = join(path, manifest);
    try {
      const version = await versionIn(file);
      return version === undefined ? { name, fault: `${file} has no version` } : { name, path, version };
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      if (cause.code !== 'FilePathNotFound') return { name, fault: cause.message, ...(cause.hint === undefined ? {} : { hint: cause.hint }) };
    }
  }
  return { name, fault: `${path} has neither ${MANIFESTS.join(' nor ')}` };
}

/** A manifest has many keys that are not ours to judge. */
async function versionIn(file: string): Promise<string | undefined> {
  const { version } = (await readCheckedMap(file, MANIFEST_KEYS)).values;
  return typeof version === 'string' && version !== '' && version.length <= LONGEST_VERSION ? version : undefined;
}
