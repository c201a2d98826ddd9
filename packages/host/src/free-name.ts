/** A name counts once in the whole definition path, whatever its case and its extension. Source: scheduled-jobs.md 1.1 and 1.2. */
import { existsSync, realpathSync } from 'node:fs';
import { listFolder, refuseFull, type DefinitionFile } from '@nightshift/definitions';
import { asciiLower } from '@nightshift/sdk';
import { inTheWay } from './definition-place.ts';

/** A definition that is to be. */
export interface Wished {
  readonly name: string;
  /** Absolute; it need not exist. */
  readonly folder: string;
  /** The folders of the definition path, absolute. */
  readonly folders: readonly string[];
}

/** The definition that has the name. Throws what keeps a folder from being read. */
export async function namesake({ name, folder, folders }: Wished): Promise<DefinitionFile | undefined> {
  // One that is no part of the definition path is searched by itself.
  const isPart = folders.some((one) => realPathOf(one) === realPathOf(folder));
  for (const searched of (isPart ? folders : [folder]).filter((path) => existsSync(path))) {
    const taken = (await listFolder(searched)).find(({ lowerName }) => lowerName === asciiLower(name));
    if (taken !== undefined) return taken;
  }
  return undefined;
}

/**
 * Throws `CantRegisterScheduledJobDefinition` where the name is taken, with the hint made of the name as it is written there,
 * and `LimitExceeded` where the folder holds no more.
 */
export async function refuseTaken(wished: Wished, hint: (taken: string) => string): Promise<void> {
  const taken = await namesake(wished);
  if (taken !== undefined) throw inTheWay(taken.file, `a definition "${taken.name}" is there already`, hint(taken.name));
  if (existsSync(wished.folder)) await refuseFull(wished.folder);
}

function realPathOf(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : folder;
}
