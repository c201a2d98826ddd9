/** The scripts of a package.json as definitions. */
import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { asciiLower, isJobError, nearestName, uniqueNames, type BrokenDefinition, type Definition, type JobErrorFacts, type SourceFiles } from '@nightshift/sdk';

/** A script and the package that it is a script of. */
export interface NpmScriptSpec {
  /** As it is called in package.json. */
  readonly script: string;
  /** From the folder of the definition on. */
  readonly packageFolder: string;
}

type Found = Definition | BrokenDefinition;

/** What `name` means, without case. A package.json that cannot be read is broken whatever is asked for. */
export async function findScripts(name: string, path: string | undefined, files: SourceFiles): Promise<readonly Found[]> {
  const read = await readPackage(path, files);
  if (read === undefined) return [];
  return 'errors' in read ? [{ name, ...read }] : definitionsIn(read).filter((one) => asciiLower(one.name) === asciiLower(name));
}

/** Every script, in name order. */
export async function listScripts(path: string | undefined, files: SourceFiles): Promise<readonly Found[]> {
  const read = await readPackage(path, files);
  if (read === undefined) return [];
  return 'errors' in read ? [{ name: 'package', ...read }] : definitionsIn(read);
}

interface Package {
  readonly file: string;
  readonly scripts: Readonly<Record<string, unknown>>;
}

async function readPackage(path: string | undefined, files: SourceFiles): Promise<Package | Omit<BrokenDefinition, 'name'> | undefined> {
  const found = await fileAt(path);
  if (found === undefined) return undefined;
  const file = join(await realpath(dirname(found)), basename(found));
  const broken = (error: JobErrorFacts): Omit<BrokenDefinition, 'name'> => ({ type: 'NpmScriptJob', location: file, baseFolder: dirname(file), errors: [error] });
  if (basename(file) !== 'package.json') return broken({ code: 'DefinitionValueInvalid', message: 'npm runs the scripts of a file that is called package.json, and of no other', file });
  let text = '';
  try {
    text = new TextDecoder().decode(await files.read(file));
    const { scripts } = (JSON.parse(text) ?? {}) as { readonly scripts?: unknown };
    return { file, scripts: typeof scripts === 'object' && scripts !== null ? (scripts as Package['scripts']) : {} };
  } catch (error) {
    if (isJobError(error)) return broken({ code: error.code, message: error.message, file, ...(error.hint === undefined ? {} : { hint: error.hint }) });
    return broken(complaint(error as Error, file, text));
  }
}

/** `path` is the file or its folder; without it the nearest package.json upward, as npm itself looks. */
async function fileAt(path: string | undefined): Promise<string | undefined> {
  if (path !== undefined) {
    const given = resolve(path);
    const file = (await stat(given).catch(() => undefined))?.isDirectory() === true ? join(given, 'package.json') : given;
    return (await isFile(file)) ? file : undefined;
  }
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (await isFile(join(folder, 'package.json'))) return join(folder, 'package.json');
    if (folder === dirname(folder)) return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** A script is called by its own name where that is one; else by a name made of it (`build:prod` is build-prod), with -2, -3 … where that is taken. */
function definitionsIn({ file, scripts }: Package): readonly Definition[] {
  const folder = dirname(file);
  const namespace = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  // npm has no way to run a script without a name.
  const given = Object.keys(scripts).filter((script) => script !== '' && typeof scripts[script] === 'string');
  const ownFirst = given.toSorted((a, b) => Number(nearestName(b) === b) - Number(nearestName(a) === a));
  const names = uniqueNames(ownFirst.map((script) => [script, 'script']));
  return ownFirst
    .map((script, index): Definition => {
      const name = names[index] as string;
      return { key: `${namespace}/${asciiLower(name)}`, name, type: 'NpmScriptJob', location: file, description: `npm run ${script}`, ...(script === name ? {} : { sourceName: script }), baseFolder: folder, spec: { script, packageFolder: folder } satisfies NpmScriptSpec };
    })
    .toSorted((a, b) => (asciiLower(a.name) < asciiLower(b.name) ? -1 : 1));
}

function complaint({ message }: Error, file: string, text: string): JobErrorFacts {
  const before = text.slice(0, positionOf(message, text)).split('\n');
  const line = (text.split('\n')[before.length - 1] ?? '').replace(/\r$/, '');
  const detail = message.replace(/(?: in JSON)? at position .*$/s, '').replace(/, (?:\.\.\.)?".*$/s, '');
  return { code: 'DefinitionSyntaxError', message: `this is no JSON: ${detail}`, file, line: before.length, column: (before.at(-1) as string).length + 1, excerpt: { text: line, length: 1 } };
}

/** JSON.parse tells a position, or a token, or that the text ends too soon. */
function positionOf(message: string, text: string): number {
  const told = /at position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (!isToken(message)) return text.trimEnd().length;
  // Of a token no place is told: it ends the shortest beginning of the text that has the same complaint.
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isToken(faultOf(text.slice(0, middle)))) bad = middle;
    else good = middle;
  }
  return good;
}

function isToken(message: string): boolean {
  return message.startsWith('Unexpected token');
}

function faultOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
