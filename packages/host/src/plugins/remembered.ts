import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asciiLower } from '@nightshift/sdk';
import { stateFolderPath } from '../places.ts';
import type { PluginDescription, PluginPlace } from './messages.ts';

/**
 * Which job types a plugin offered when it was loaded last: what looks at definitions loads none, and should not doubt each of
 * them for that. It is a hint and no more: what is missing here may be there all the same. A folder of the user's own.
 */
export interface Remembered {
  /** Names and aliases in lower case; none where it was never loaded, or in another version. */
  namesOf(place: PluginPlace): readonly string[];
  note(place: PluginPlace, description: PluginDescription): void;
}

export function createRemembered(environment: NodeJS.ProcessEnv): Remembered {
  const fileOf = ({ path }: PluginPlace): string => join(folderOf(environment), `${createHash('sha256').update(path).digest('hex').slice(0, 16)}.json`);
  const namesOf = (place: PluginPlace): readonly string[] => {
    try {
      const { path, version, names } = JSON.parse(readFileSync(fileOf(place), 'utf8')) as { readonly path?: unknown; readonly version?: unknown; readonly names?: unknown };
      return path === place.path && version === place.version && Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
    } catch {
      // Never loaded, or not to be read: then nothing is known.
      return [];
    }
  };
  return {
    namesOf,
    note(place, { jobTypes }) {
      const names = jobTypes.flatMap(({ name, aliases }) => [name, ...aliases].map(asciiLower));
      if (JSON.stringify(names) === JSON.stringify(namesOf(place))) return;
      try {
        const file = fileOf(place);
        mkdirSync(folderOf(environment), { recursive: true, mode: 0o700 });
        writeFileSync(`${file}.${process.pid}`, JSON.stringify({ path: place.path, version: place.version, names }), { mode: 0o600 });
        renameSync(`${file}.${process.pid}`, file);
      } catch {
        // A full or read-only disk costs a hint and nothing else.
      }
    },
  };
}

function folderOf(environment: NodeJS.ProcessEnv): string {
  return join(stateFolderPath(environment), 'cache', 'plugins');
}
