/**
 * A person's word that the plugins of a project may run and that its trusted keys count. It is kept in the user's own
 * configuration, under `trustedProjects`: the real path of the folder that holds the project's configuration, and each plugin
 * with its real path and version. Nothing of the project is run or imported on the way. Source: S3, jobs.md 18.1.
 */
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { findConfig } from '../config/find-config.ts';
import { ownConfigPath, readOwnConfig, safeOwnersOf, trustedProjectsIn } from '../config/gather-files.ts';
import { readConfigFile, type ConfigFile } from '../config/read-config-file.ts';
import { searchFolders } from '../config/search-folders.ts';
import { isLost, type LostPlugin } from './find-plugin.ts';
import { trustOfProject, type ProjectTrust } from './project-trust.ts';
import { writeRecord } from './record.ts';

/** Looks after what is trusted. */
export interface Trust {
  /** The user's own configuration, where it is recorded. */
  readonly file: string;
  /**
   * What trusting the project of this folder would cover, and whether it is trusted. Throws `DirectoryNotFoundException`, and
   * what is wrong with a configuration file, be it the project's or the user's own.
   */
  examine(folder: string): Promise<ProjectTrust>;
  /**
   * Records the project as it is now, unless it asks for nothing; the result is how it stood before. Throws `PluginLoadFailed`
   * for a plugin that is not there.
   */
  grant(folder: string, options: ActOptions): Promise<ProjectTrust>;
  /** Every project that was ever trusted and not revoked, as it is now. */
  list(): Promise<readonly ProjectTrust[]>;
  /** Forgets a project; the folder need not exist any more. The result is what was trusted, undefined when nothing was. */
  revoke(folder: string, options: ActOptions): Promise<ProjectTrust | undefined>;
}

export interface ActOptions {
  /** Everything is checked and nothing written. */
  readonly whatIf: boolean;
}

export interface TrustRequest {
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory: string;
  readonly warn: (warning: JobError) => void;
}

/** Throws `HomeNotFound`: there is no place to keep a word in. */
export function createTrust({ environment, workingDirectory, warn }: TrustRequest): Trust {
  const file = ownConfigPath(environment);
  if (file === undefined) throw new JobError({ code: 'HomeNotFound', message: 'there is no home folder to keep the record in', hint: 'set XDG_CONFIG_HOME to a folder of yours' });

  const examine = async (folder: string): Promise<ProjectTrust> => {
    const from = folderAt(resolve(workingDirectory, folder), folder);
    const own = await soundOwnConfig(file);
    const { folders, root } = await searchFolders(from);
    const project = await projectFile(folders, own, warn);
    return trustOfProject(project ?? root ?? from, trustedProjectsIn(own));
  };
  return {
    file,
    examine,
    async grant(folder, { whatIf }) {
      const found = await examine(folder);
      const lost = found.plugins.filter(isLost);
      if (lost.length > 0) throw new AggregateError(lost.map((plugin) => cannotTrust(plugin, found)));
      if (!whatIf && found.asks && found.standing !== 'trusted') await writeRecord(file, await soundOwnConfig(file), found.folder, found.plugins);
      return found;
    },
    async list() {
      const own = await soundOwnConfig(file);
      return Promise.all(trustedProjectsIn(own).map(({ folder }) => asItIsNow(folder, own)));
    },
    async revoke(folder, { whatIf }) {
      const own = await soundOwnConfig(file);
      const wanted = await recordedFolder(resolve(workingDirectory, folder), own);
      if (wanted === undefined) return undefined;
      const found = await asItIsNow(wanted, own);
      if (!whatIf) await writeRecord(file, own, wanted, undefined);
      return found;
    },
  };
}

function folderAt(path: string, shown: string): string {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts?.isDirectory() !== true) throw new JobError({ code: 'DirectoryNotFoundException', message: `"${shown}" ${facts === undefined ? 'does not exist' : 'is not a folder'}` });
  return realpathSync(path);
}

/** Nothing is added to a file that cannot be understood. */
async function soundOwnConfig(path: string): Promise<ConfigFile | undefined> {
  const own = await readOwnConfig(path);
  if (own !== undefined && own.errors.length > 0) throw new AggregateError(own.errors);
  return own;
}

async function projectFile(folders: readonly string[], own: ConfigFile | undefined, warn: TrustRequest['warn']): Promise<ConfigFile | undefined> {
  const found = await findConfig({ folders, named: undefined, user: undefined, warn });
  if (found === undefined) return undefined;
  const file = await readConfigFile(found.path, safeOwnersOf(own));
  if (file.errors.length > 0) throw new AggregateError(file.errors);
  return file;
}

function cannotTrust({ name, fault, hint }: LostPlugin, { file }: ProjectTrust): JobError {
  return new JobError({ code: 'PluginLoadFailed', message: `the plugin ${name} cannot be trusted: ${fault}`, ...(file === undefined ? {} : { file }), ...(hint === undefined ? {} : { hint }) });
}

/** Of a folder that is gone, or whose configuration cannot be read any more, what was trusted has changed. */
async function asItIsNow(folder: string, own: ConfigFile | undefined): Promise<ProjectTrust> {
  const project = await projectFile([folder], own, () => {}).catch(() => undefined);
  return trustOfProject(project ?? folder, trustedProjectsIn(own));
}

/** The recorded folder that is meant: this one, else that of the project around it. */
async function recordedFolder(path: string, own: ConfigFile | undefined): Promise<string | undefined> {
  const { folders, root } = await searchFolders(path);
  const nearby = [path, ...folders, ...(root === undefined ? [] : [root])];
  const recorded = trustedProjectsIn(own).map(({ folder }) => folder);
  return nearby.find((folder) => recorded.includes(folder));
}
