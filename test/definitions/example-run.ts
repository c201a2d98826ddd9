// What the tests of the examples need: a copy of definitions/ in a project of its own, changed as a user would change it.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newPlace, type Ended } from '../e2e/product.ts';

export const DEFINITIONS = fileURLToPath(new URL('../../definitions', import.meta.url));
export const EXAMPLES = readdirSync(DEFINITIONS).filter((name) => name.endsWith('.yaml')).map((name) => basename(name, '.yaml')).toSorted();

export type Project = ReturnType<typeof newProject>;

export function newProject(atTheEnd?: (clean: () => void) => void) {
  const place = newPlace(atTheEnd);
  const definitions = join(place.work, 'definitions');
  cpSync(DEFINITIONS, definitions, { recursive: true, filter: (path) => basename(path) !== 'broken' });
  writeFileSync(join(place.work, 'package.json'), '{}');

  /** Writes other values behind these keys of a definition, wherever they stand in it. */
  const change = (name: string, values: Record<string, string>) => {
    const file = join(definitions, `${name}.yaml`);
    for (const [key, value] of Object.entries(values)) {
      const text = readFileSync(file, 'utf8');
      const changed = text.replace(new RegExp(String.raw`(^|[{,]) *${key}: (?:"[^"]*"|[^,}\n]+?)(?= *[,}\n])`, 'm'), (_, before: string) => `${before} ${key}: ${JSON.stringify(value)}`);
      if (changed === text && !text.includes(`${key}: ${JSON.stringify(value)}`)) throw new Error(`${name}.yaml has no ${key}`);
      writeFileSync(file, changed);
    }
  };

  const start = async (name: string, env: Record<string, string> = {}) => seen(await place.run('start-job', ['--definition-name', name, '--wait'], { env }));
  const startInBackground = (name: string) => place.start('--definition-name', name);
  /** Where the example of that name keeps its sample. */
  const sample = (script: string, ...path: string[]) => join(place.home, '.local', 'state', 'nightshift-examples', script, ...path);
  const path = (...names: string[]) => join(place.work, ...names);
  /** A file below the project; `days` old when it says so. */
  const put = (name: string, content: string | Buffer, days = 0) => {
    const file = path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    const written = new Date(Date.now() - days * 86_400_000);
    utimesSync(file, written, written);
    return file;
  };
  return { ...place, definitions, change, start, startInBackground, sample, path, put };
}

/** What a run has said, by its lines. */
function seen({ code, stdout, stderr }: Ended) {
  const errors = stderr.split('\n').slice(0, -1);
  const of = (mark: string) => errors.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
  return { code, lines: stdout.split('\n').slice(0, -1), last: stdout.trimEnd().split('\n').at(-1) ?? '', stderr, errors, warnings: of('WARNING: '), notices: of('INFO: ') };
}

/** Every file and link below a folder, by its path within, sorted; no link is followed. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)).map((path) => join(entry.name, path)) : [entry.name])).toSorted();
}
