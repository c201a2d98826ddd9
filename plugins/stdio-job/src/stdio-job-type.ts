import type { CodeJobType } from '@nightshift/sdk';
import type { ManifestEntry, ProgramCapabilities } from './manifest.ts';
import type { ProgramPlugin } from './program-plugin.ts';

/** The code type whose instances are runs of the entry's program, one process each. Starts and reads nothing yet. */
export function stdioJobType(entry: ManifestEntry, plugin: ProgramPlugin): CodeJobType<unknown, ProgramCapabilities> {
  throw new Error(`${entry.name} of ${plugin.name}: to be written`);
}
