import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { isJobError, JobError } from '@nightshift/sdk';
import { userConfigPath } from '../places.ts';
import { findConfig, type FoundConfig } from './find-config.ts';
import { readConfigFile, type ConfigFile, type TrustedProject } from './read-config-file.ts';
import { searchFolders, type SearchFolders } from './search-folders.ts';

export interface ConfigRequest {
  readonly workingDirectory: string;
  /** Named by `--config`. Default: NIGHTSHIFT_CONFIG, else the search. */
  readonly configFile?: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
}

/** The files that have a say. */
export interface ConfigFiles {
  readonly search: SearchFolders;
  /** The user's own file. It is read wherever the configuration lies, for whom and whose files the user trusts; nothing else of it is merged. */
  readonly own: ConfigFile | undefined;
  /** The one file that is the configuration; the user's own when there is no other. */
  readonly found: (FoundConfig & { readonly file: ConfigFile }) | undefined;
}

/** Throws `ConfigUnsafe`, `CodeConfigNotSupported`, `FilePathNotFound`, `DefinitionPathUnreadable`; what is wrong with the text of a file is in the file. */
export async function gatherFiles(request: ConfigRequest): Promise<ConfigFiles> {
  return gather(request, await searchFolders(request.workingDirectory));
}

/** The same without any project's: for verbs that must not read one. Source: S2. */
export function gatherOwnFiles(request: ConfigRequest): Promise<ConfigFiles> {
  return gather(request, { folders: [] });
}

async function gather(request: ConfigRequest, search: SearchFolders): Promise<ConfigFiles> {
  const user = ownConfigPath(request.environment);
  const own = user === undefined ? undefined : await readOwnConfig(user);
  const found = await findConfig({ folders: search.folders, named: nameOf(request), user, warn: request.warn });
  if (found === undefined) return { search, own, found };
  const file = found.path === own?.path ? own : await readConfigFile(found.path, safeOwnersOf(own));
  return { search, own, found: { ...found, file } };
}

/** Undefined without a home: then there is no such file. */
export function ownConfigPath(environment: NodeJS.ProcessEnv): string | undefined {
  try {
    return resolve(userConfigPath(environment));
  } catch (cause) {
    if (isJobError(cause) && cause.code === 'HomeNotFound') return undefined;
    throw cause;
  }
}

export async function readOwnConfig(path: string): Promise<ConfigFile | undefined> {
  return isThere(path) ? readConfigFile(path, []) : undefined;
}

/** Nothing is behind a path that goes through a file, or that is longer than any can be. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Of a file with mistakes nothing is believed. */
export function safeOwnersOf(own: ConfigFile | undefined): readonly number[] {
  return (own?.errors.length === 0 && own.values.safeOwners) || [];
}

export function trustedProjectsIn(own: ConfigFile | undefined): readonly TrustedProject[] {
  return (own?.errors.length === 0 && own.values.trustedProjects) || [];
}

function nameOf({ configFile, environment, workingDirectory }: ConfigRequest): string | undefined {
  if (configFile === '') throw new JobError({ code: 'ParameterArgumentValidationError', message: 'the name of the configuration file is empty' });
  // A variable that is set to nothing says nothing.
  const named = configFile ?? (environment['NIGHTSHIFT_CONFIG'] || undefined);
  return named === undefined ? undefined : resolve(workingDirectory, named);
}
