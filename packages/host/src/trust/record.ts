import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { editYaml, replaceFile, type Edit } from '@nightshift/definitions';
import { trustedProjectsIn } from '../config/gather-files.ts';
import type { ConfigFile } from '../config/read-config-file.ts';
import type { FoundPlugin } from './find-plugin.ts';

/**
 * Writes down that a folder is trusted with these plugins, or (undefined) no longer. Comments, order and every other key of
 * the user's own file stay; a new file is private, in a private folder.
 */
export async function writeRecord(path: string, own: ConfigFile | undefined, folder: string, plugins: readonly FoundPlugin[] | undefined): Promise<void> {
  const records = trustedProjectsIn(own);
  const known = records.findIndex((record) => record.folder === folder);
  const place = known === -1 ? records.length : known;
  const edit: Edit = { path: ['trustedProjects', place], value: plugins === undefined ? undefined : { folder, plugins: plugins.map((plugin) => ({ ...plugin })) } };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, edited(own === undefined ? '' : readFileSync(path, 'utf8'), edit), { umask: 0o077 });
}

const HEADER = '# The configuration of this user.\n';

function edited(text: string, edit: Edit): string {
  // A text without any value has no place for one.
  const isBlank = text.split('\n').every((line) => line.trim() === '' || line.trimStart().startsWith('#'));
  if (!isBlank) return editYaml(text, [edit]);
  const before = text === '' ? HEADER : `${text}${text.endsWith('\n') ? '' : '\n'}`;
  return editYaml(`${before}trustedProjects: []\n`, [edit]);
}
