import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { JobError } from '@nightshift/sdk';

/** As Node names them, for an `import` of ours. */
const CONDITIONS = ['import', 'node', 'module-sync', 'default'];
const WITHOUT_MAIN = ['index.js', 'index.mjs', 'index.cjs', 'index.ts'];

/**
 * The file that importing a package by its name would run: `exports`, else `main`, else an index. Looked up by its folder and
 * never by its name, which could lead to another copy than the one that was trusted.
 * Throws `PluginLoadFailed`, also where it lies outside the folder.
 */
export function entryFile(folder: string): string {
  const { exports, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly exports?: unknown; readonly main?: unknown };
  const named = exports === undefined ? main : targetOf(rootOf(exports));
  if (exports !== undefined && named === undefined) throw failed(`its package.json exports nothing under "." that could be imported`);
  const candidates = typeof named === 'string' ? [named, `${named}.js`, join(named, 'index.js')] : WITHOUT_MAIN;
  const found = candidates.map((candidate) => join(folder, candidate)).find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  if (found === undefined) throw failed(typeof named === 'string' ? `its package.json names ${named}, which is not there` : `it has neither "exports" nor "main" in its package.json, and no index.js`);
  const real = realpathSync(found);
  if (!real.startsWith(realpathSync(folder) + sep)) throw failed(`${found} leads out of its folder`);
  return real;
}

function rootOf(exports: unknown): unknown {
  const map = exports as Readonly<Record<string, unknown>> | null;
  const hasPaths = typeof map === 'object' && map !== null && !Array.isArray(map) && Object.keys(map).some((key) => key.startsWith('.'));
  return hasPaths ? map['.'] : exports;
}

/** The first condition that fits, in the order of the package; of a list the first that is anything. */
function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(targetOf).find((one) => one !== undefined);
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    const found = CONDITIONS.includes(condition) ? targetOf(value) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function failed(text: string): JobError {
  return new JobError({ code: 'PluginLoadFailed', message: text });
}
