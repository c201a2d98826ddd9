/** The pages as they were built: a few small files, read once, so that no path of a request ever leads to a disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface Page {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

export interface Pages {
  /** A file by its path below the folder, in segments; a path without an extension is a view of the page itself. Undefined: there is none. */
  find(segments: readonly string[]): Page | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};
const INDEX = 'index.html';
const MISSING = '<!doctype html><html lang="en"><title>Nightshift</title><p>The pages of the dashboard were not built. The questions under /api are answered.</p></html>\n';

export function openPages(folder: string): Pages {
  const files = new Map<string, Page>(existsSync(folder) ? filesIn(folder, '') : []);
  const index = files.get(INDEX) ?? { bytes: new TextEncoder().encode(MISSING), type: TYPES['.html'] as string };
  return {
    find(segments) {
      const file = files.get(segments.join('/'));
      if (file !== undefined) return file;
      return extname(segments.at(-1) ?? '') === '' || !isAsset(segments) ? index : undefined;
    },
  };
}

/** Names of jobs and definitions may have dots: only what lies where the build puts files is one that is missing. */
function isAsset([first = '', ...below]: readonly string[]): boolean {
  return below.length === 0 ? extname(first) !== '' : first === 'assets';
}

function filesIn(folder: string, below: string): readonly (readonly [string, Page])[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const [path, name] = [join(folder, entry.name), below + entry.name];
    if (entry.isDirectory()) return filesIn(path, `${name}/`);
    const type = TYPES[extname(entry.name)];
    return type === undefined || !statSync(path).isFile() ? [] : [[name, { bytes: new Uint8Array(readFileSync(path)), type }] as const];
  });
}
