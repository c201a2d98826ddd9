import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KEYS_THAT_NEED_TRUST } from '../config/config-keys.ts';
import type { ConfigFile, TrustedProject } from '../config/read-config-file.ts';
import { findPlugin, type FoundPlugin } from './find-plugin.ts';
import { changesSince, standingOf, type PluginChange, type Standing } from './standing.ts';

/** What a project asks for that needs trust, and whether it has it. */
export interface ProjectTrust {
  /** Real path of the folder that holds the configuration file; where there is none, of the project or of the folder itself. */
  readonly folder: string;
  /** The configuration file. */
  readonly file?: string;
  /** Those of its keys that count only when it is trusted. */
  readonly keys: readonly string[];
  readonly plugins: readonly FoundPlugin[];
  readonly changes: readonly PluginChange[];
  readonly standing: Standing;
  /** Whether there is anything that needs trust: plugins, keys, or for root somebody else's folder. */
  readonly asks: boolean;
}

/** Runs nothing of the project; of its plugins the manifests are read. The folder need not exist. */
export async function trustOfProject(project: ConfigFile | string, records: readonly TrustedProject[]): Promise<ProjectTrust> {
  const [file, asked] = typeof project === 'string' ? [undefined, project] : [project, dirname(project.path)];
  const folder = await realpath(asked).catch(() => asked);
  const record = records.find((one) => one.folder === folder);
  const plugins = await Promise.all((file?.values.plugins ?? []).map((name) => findPlugin(name, folder)));
  const keys = file === undefined ? [] : KEYS_THAT_NEED_TRUST.filter((key) => isSaid(file.values[key]));
  return {
    folder,
    ...(file === undefined ? {} : { file: file.path }),
    keys,
    plugins,
    changes: changesSince(record, plugins),
    standing: standingOf(record, plugins),
    asks: keys.length > 0 || plugins.length > 0 || isForeignToRoot(folder),
  };
}

/** What somebody else has written runs as root only where root has trusted its folder. Source: S30. */
function isForeignToRoot(folder: string): boolean {
  return process.geteuid?.() === 0 && (statSync(folder, { throwIfNoEntry: false })?.uid ?? 0) !== 0;
}

/** An empty list asks for nothing. */
export function isSaid(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
