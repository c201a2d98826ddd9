import { readFileSync } from 'node:fs';
import { currentFolder, existingFolder, type DefinitionSelector, type DefinitionsRequest } from '@nightshift/host';
import { shownPath } from '../umbrella/import/shown-path.ts';
import { CONFIG_OPTION, type Option, type Parsed } from './option-table.ts';
import { isPipedIn } from './piped-in.ts';
import { usage } from './usage.ts';

/** The flags that say which definitions; the same in every verb. */
export const DEFINITION_SELECTOR_OPTIONS: Readonly<Record<string, Option>> = {
  id: { kind: 'list', value: 'ID,…', help: 'definitions at these places of the listing', selects: true },
  name: { kind: 'list', value: 'NAME,…', help: 'definitions of these names; * ? [ ] are wildcards', completes: 'definition', selects: true },
  'definition-path': { kind: 'text', value: 'FOLDER', help: 'where the definitions are; default: configuration, else ./definitions', completes: 'folder', selects: true },
  ...CONFIG_OPTION,
};

/** The definitions that words and flags mean; without any: all. Throws `AmbiguousParameterSet`, `ParameterArgumentTransformationError`, `ParameterArgumentValidationError`. */
export function definitionSelector(options: Parsed, words: readonly string[] = [...options.words, ...(options.rest ?? [])]): DefinitionSelector {
  const given = words.flatMap((word) => (word === '-' ? namesIn(readFileSync(0, 'utf8')) : word.split(',')));
  const sets = [...(words.length > 0 ? ['the words'] : []), ...['id', 'name'].filter((flag) => options.has(flag)).map((flag) => `--${flag}`)];
  if (sets.length > 1) throw usage('AmbiguousParameterSet', `${sets.join(' and ')} cannot be used together`);
  if (words.length > 0) return ofWords(given);
  return {
    ...(options.has('id') ? { ids: (options.list('id') ?? []).map(readId) } : {}),
    ...(options.has('name') ? { names: (options.list('name') ?? []).map(filled) } : {}),
  };
}

/** The same for a verb that needs to be told. Throws `MissingMandatoryParameter` as well. */
export function definitionsFor(verb: string, options: Parsed, words?: readonly string[]): DefinitionSelector {
  const selector = definitionSelector(options, words);
  if (Object.keys(selector).length > 0) return selector;
  if (isPipedIn()) throw usage('MissingMandatoryParameter', 'say which definitions: standard input is read where "-" stands only', `PowerShell's pipeline is written get-scheduled-job NAME -o json | ${verb} -`);
  throw usage('MissingMandatoryParameter', 'say which definitions: a name, a pattern or an id', 'get-scheduled-job lists them');
}

/** Which definitions a verb is to change, and who is asked; `words` in place of all words. */
export function definitionRequest(verb: string, options: Parsed, approve: ((target: string) => boolean) | undefined, words?: readonly string[]): DefinitionsRequest {
  return {
    selector: definitionsFor(verb, options, words),
    definitionPath: definitionFolder(options),
    approve: approve === undefined ? undefined : ({ name, file }) => approve(`${name} (${shownPath(file)})`),
  };
}

/** One folder in place of the configured ones, absolute. Throws `DirectoryNotFoundException`, `ParameterArgumentValidationError`. */
export function definitionFolder(options: Parsed): string | undefined {
  const path = definitionPathOf(options);
  return path === undefined ? undefined : existingFolder(path, currentFolder());
}

/** One folder in place of the configured ones, as it was typed. Throws `ParameterArgumentValidationError`. */
export function definitionPathOf(options: Parsed): string | undefined {
  const path = options.text('definition-path');
  if (path?.trim() === '') throw usage('ParameterArgumentValidationError', 'the definition path is empty');
  return path;
}

/** No name begins with a digit: a word of digits is an id. */
function ofWords(words: readonly string[]): DefinitionSelector {
  const [ids, names] = [words.filter((word) => /^-?\d+$/.test(word)), words.filter((word) => !/^-?\d+$/.test(word))];
  return { ...(ids.length > 0 ? { ids: ids.map(readId) } : {}), ...(names.length > 0 || ids.length === 0 ? { names: names.map(filled) } : {}) };
}

function filled(name: string): string {
  if (name.trim() === '') throw usage('ParameterArgumentValidationError', 'the name of a definition is empty');
  return name;
}

function readId(text: string): number {
  if (!/^-?\d+$/.test(text)) throw usage('ParameterArgumentTransformationError', `"${text}" is not an id: ids are whole numbers`);
  const id = Number(text);
  if (id < 1 || !Number.isSafeInteger(id)) throw usage('ParameterArgumentValidationError', `no definition can have the id ${text}: ids begin with 1`);
  return id;
}

/** Names or ids one a line; or definitions, triggers or options as the verbs print them in JSON, of which the definition's name counts. */
export function namesIn(piped: string): readonly string[] {
  const text = piped.trim();
  if (text === '') return [];
  if (!/^[[{]/.test(text)) return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return [...new Set(objectsIn(text).map(nameIn))];
}

/** The things of a document or of lines that a verb has printed in JSON. */
export function objectsIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value as unknown[];
    const list = Object.values(value as object).find(Array.isArray);
    return isList(value) && list !== undefined ? list : [value];
  } catch {
    try {
      return text.split('\n').map((line) => JSON.parse(line) as unknown);
    } catch {
      throw foreign();
    }
  }
}

/** What a listing prints: `{apiVersion, definitions: […]}` and the like. */
function isList(value: unknown): boolean {
  return ['definitions', 'triggers', 'options'].some((key) => Array.isArray((value as Record<string, unknown>)[key])) && !('name' in (value as object));
}

function nameIn(value: unknown): string {
  const { definition, name } = (value ?? {}) as { readonly definition?: unknown; readonly name?: unknown };
  const found = typeof definition === 'string' ? definition : name;
  if (typeof found === 'string') return found;
  throw foreign();
}

function foreign(): Error {
  return usage('ParameterArgumentTransformationError', 'standard input holds neither names nor definitions', 'get-scheduled-job -o json prints definitions');
}
