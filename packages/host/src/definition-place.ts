import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot, shownPath } from '@nightshift/definitions';
import { JobError } from '@nightshift/sdk';

/** What is there is somebody's: `CantRegisterScheduledJobDefinition`. */
export function inTheWay(path: string, message: string, hint: string): JobError {
  return new JobError({ code: 'CantRegisterScheduledJobDefinition', message, file: shownPath(path), hint });
}

const SCHEMA = join('node_modules', 'nightshift', 'scheduled-job.schema.json');

/** Paths from the folder of a definition, with slashes. */
export interface DefinitionPlace {
  /** To the JSON Schema of definitions; undefined: there is none to be found from there. */
  readonly schema: string | undefined;
  /** To the root of its project. */
  readonly projectRoot: string;
}

/** What a text says about its surroundings. The folder need not exist yet: what is above it decides. */
export async function definitionPlace(folder: string): Promise<DefinitionPlace> {
  const real = realPathOf(folder);
  const above = foldersAbove(real);
  const schemaFolder = above.find((path) => existsSync(join(path, SCHEMA)));
  const existing = above.find((path) => existsSync(path)) as string;
  if (!statSync(existing).isDirectory()) throw new JobError({ code: 'DirectoryNotFoundException', message: `"${shownPath(existing)}" is not a folder` });
  const root = (await projectRoot(existing)) ?? real;
  return { schema: schemaFolder === undefined ? undefined : slashed(relative(real, join(schemaFolder, SCHEMA))), projectRoot: slashed(relative(real, root)) || '.' };
}

function realPathOf(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : join(realPathOf(dirname(folder)), relative(dirname(folder), folder));
}

function foldersAbove(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...foldersAbove(dirname(folder))];
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
