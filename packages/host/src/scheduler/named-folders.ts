import { resolve } from 'node:path';
import { namespaceOf } from '@nightshift/definitions';
import type { Config } from '../config/read-config.ts';
import type { NamedFolder } from './scheduled-definitions.ts';

/** Whether others of the same namespace are left out: what is not listed may then be there. */
export function isPartOf({ namespace, folders: configured }: Config, folders: readonly NamedFolder[]): boolean {
  return namespace !== undefined && configured.some((one) => !folders.some(({ folder }) => folder === one));
}

/** The folders that are asked for, with the namespaces of their names; one that is named twice counts once. */
export async function namedFolders({ config, workingDirectory }: { readonly config: Config; readonly workingDirectory: string }, paths: readonly string[] = []): Promise<readonly NamedFolder[]> {
  const folders = [...new Set(paths.length === 0 ? config.folders : paths.map((path) => resolve(workingDirectory, path)))];
  return Promise.all(folders.map(async (folder) => ({ folder, namespace: config.namespace ?? (await namespaceOf(folder)) })));
}
