import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** How a plugin that is written here comes by the package `nightshift`, for its tests and its compiler. */
export interface ProductPlace {
  /** What its package.json says; undefined: it says nothing, since the package is found in a folder above. */
  readonly range?: string;
  /** Real path that `node_modules/nightshift` of the plugin leads to, so that nothing has to be installed to try it. */
  readonly link?: string;
}

/** `product`: the folder of the package that is running. `project`: the folder that the plugin will lie in. */
export function productPlace(product: string, version: string, project: string): ProductPlace {
  if (isAbove(project)) return {};
  const link = realpathSync(product);
  // What was cloned and not installed is on no registry in this version.
  return { link, range: link.includes(`${sep}node_modules${sep}`) ? `^${version}` : `file:${link.replaceAll('\\', '/')}` };
}

/** As Node looks a package up. */
function isAbove(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'nightshift', 'package.json'))) return true;
  return dirname(folder) !== folder && isAbove(dirname(folder));
}
