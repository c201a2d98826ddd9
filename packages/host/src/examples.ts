/** The definitions that come with the package: something to begin with. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { asciiLower, JobError, suggest } from '@nightshift/sdk';

export interface Example {
  readonly name: string;
  /** What its `description` says. */
  readonly description: string;
  /** Absolute path of its definition. */
  readonly file: string;
}

/** What an example needs beside its definition: a script, a folder of them, data to try it with. */
export interface Support {
  /** Relative to the folder of the definition. */
  readonly path: string;
  readonly text: string;
}

const EXTENSION = '.yaml';

/** The examples in a folder, in the order of their names. */
export function listExamples(folder: string): readonly Example[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(EXTENSION)).map((name) => basename(name, EXTENSION));
  return names.toSorted((a, b) => (asciiLower(a) < asciiLower(b) ? -1 : 1)).map((name) => exampleAt(join(folder, `${name}${EXTENSION}`), name));
}

function exampleAt(file: string, name: string): Example {
  const [, description = ''] = /^description: (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  return { name, description, file };
}

/**
 * The example of that name, or the only one whose name holds the word; without regard to case and hyphens.
 * Throws `ParameterArgumentValidationError`, with the nearest name as hint.
 */
export function findExample(examples: readonly Example[], wanted: string): Example {
  const word = plain(wanted);
  const exact = examples.find(({ name }) => plain(name) === word);
  if (exact !== undefined) return exact;
  const holding = word === '' ? [] : examples.filter(({ name }) => plain(name).includes(word));
  const [only, ...others] = holding;
  if (only !== undefined && others.length === 0) return only;
  throw unknown(wanted, examples, holding);
}

function plain(name: string): string {
  return asciiLower(name).replaceAll('-', '');
}

function unknown(wanted: string, examples: readonly Example[], holding: readonly Example[]): JobError {
  const near = suggest(wanted, examples.map(({ name }) => name));
  const message = holding.length > 0 ? `"${wanted}" may be ${holding.map(({ name }) => name).join(' or ')}` : `no example is named "${wanted}"`;
  const hint = holding.length > 0 ? 'name one of them' : near === undefined ? 'nightshift new --list shows them all' : `did you mean ${near}?`;
  return new JobError({ code: 'ParameterArgumentValidationError', message, hint });
}

/** What a definition calls its own: files, and whatever lies in a folder, named like what it mentions. */
const MENTIONED = /\b(?:scripts|samples)\/[\w-]+/g;

/** Everything that the example's text mentions, in the order of the paths. */
export function supportsOf({ file }: Example, text: string): readonly Support[] {
  const folder = join(file, '..');
  const stems = [...new Set(text.match(MENTIONED) ?? [])];
  const isWanted = (path: string): boolean => stems.some((stem) => path.startsWith(`${stem}.`) || path.startsWith(`${stem}/`));
  return filesBelow(folder, ['scripts', 'samples']).filter(isWanted).toSorted().map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

function filesBelow(folder: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const place = join(folder, name);
    const facts = statSync(place, { throwIfNoEntry: false });
    if (facts?.isDirectory() !== true) return facts === undefined ? [] : [name];
    return filesBelow(place, readdirSync(place)).map((below) => `${name}/${below}`);
  });
}
