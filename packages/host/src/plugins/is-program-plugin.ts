import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM_MANIFEST } from '../trust/find-plugin.ts';
import type { PluginPlace } from './messages.ts';

/** Whether the plugin is programs with a manifest, rather than a package of JavaScript. */
export function isProgramPlugin({ path }: Pick<PluginPlace, 'path'>): boolean {
  return existsSync(join(path, PROGRAM_MANIFEST));
}
