import { realpathSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { JobError, type Definition } from '@nightshift/sdk';
import type { TrustedProject } from '../config/read-config-file.ts';
import { trustCommand } from './trust-command.ts';

/**
 * Throws `RunningAsRoot` when root would run a command that somebody else has written: `safeOwners` lets the file be read,
 * which is not yet a word that it may act as root. A trusted folder is that word. Source: S30.
 */
export function refuseForeignAsRoot({ name, location, baseFolder }: Definition, trusted: readonly TrustedProject[]): void {
  if (process.geteuid?.() !== 0 || baseFolder === undefined) return;
  const folder = realpathSync(baseFolder);
  const { uid } = statSync(join(folder, basename(location)));
  if (uid === 0 || trusted.some((project) => folder === project.folder || folder.startsWith(project.folder + sep))) return;
  throw new JobError({ code: 'RunningAsRoot', message: `the definition "${name}" belongs to user ${uid}, and root would run its command`, file: location, hint: trustCommand({ folder }) });
}
