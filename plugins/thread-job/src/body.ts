import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Work } from './pool.ts';
import type { ThreadSpec } from './spec.ts';

/** What a worker is told to run. A module that was changed since a worker loaded it is another module. */
export function bodyOf({ scriptBlock, filePath, initializationScript }: ThreadSpec, folder: string): Pick<Work, 'scriptBlock' | 'module' | 'initializationScript'> {
  const initialization = initializationScript === undefined ? {} : { initializationScript };
  if (filePath === undefined) return { scriptBlock: scriptBlock as string, ...initialization };
  const path = resolve(folder, filePath);
  const facts = statSync(path, { throwIfNoEntry: false });
  return { module: `${pathToFileURL(path).href}?${facts?.mtimeMs ?? 0}-${facts?.size ?? 0}`, ...initialization };
}
