/** Makes somebody's own definition out of an example: what would be written, and the writing, all or nothing. */
import { readFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkName, JobError } from '@nightshift/sdk';
import { adaptExample } from './adapt-example.ts';
import type { Authoring } from './authoring.ts';
import { definitionPlace, inTheWay } from './definition-place.ts';
import { findExample, listExamples, supportsOf, type Example } from './examples.ts';
import { refuseTaken } from './free-name.ts';
import { makeFolder } from './make-folder.ts';
import { allOrNothing, writeNew } from './write-all.ts';

export interface NewRequest {
  readonly name: string;
  /** Name of an example, or a word that only one of them holds. Default `Hello`. */
  readonly from?: string;
  /** Where to write. Default: the first folder of the definition path. */
  readonly folder?: string;
}

/** What would be written. Paths are absolute. */
export interface Draft {
  readonly name: string;
  readonly example: Example;
  readonly file: string;
  /** In the order of writing; the definition itself comes last. */
  readonly missing: readonly { readonly path: string; readonly text: string }[];
  /** Scripts and samples that are there already, word for word. */
  readonly kept: readonly string[];
}

export interface NewDefinitions {
  readonly examples: readonly Example[];
  /**
   * Looks, and writes nothing. Throws `InvalidDefinitionName`, `ParameterArgumentValidationError` (no such example), and
   * `CantRegisterScheduledJobDefinition` where a file is in the way.
   */
  draft(request: NewRequest): Promise<Draft>;
  /** Throws what cannot be written, or what validate would complain about; nothing of it is left behind then. */
  write(draft: Draft): Promise<void>;
}

export interface NewDefinitionParts {
  readonly authoring: Pick<Authoring, 'checkText' | 'editYaml' | 'replaceFile'>;
  /** The definition path, absolute. */
  readonly folders: readonly string[];
  readonly workingDirectory: string;
  /** Of the person who called. */
  readonly umask: number;
}

export function createNewDefinitions(parts: NewDefinitionParts, examplesFolder: string): NewDefinitions {
  const examples = listExamples(examplesFolder);
  return { examples, draft: (request) => draft(parts, examples, request), write: (made) => write(parts, made) };
}

async function draft(parts: NewDefinitionParts, examples: readonly Example[], { name, from = 'Hello', folder }: NewRequest): Promise<Draft> {
  checkName(name);
  const example = findExample(examples, from);
  const target = folder === undefined ? (parts.folders[0] as string) : resolve(parts.workingDirectory, folder);
  await refuseTaken({ name, folder: target, folders: parts.folders }, () => 'choose another name; nothing was written');
  const place = { name, ...(await definitionPlace(target)) };
  const original = readFileSync(example.file, 'utf8');
  const supports = supportsOf(example, original).map(({ path, text }) => ({ path: join(target, path), text }));
  const kept = supports.filter(isThere).map(({ path }) => path);
  const file = join(target, `${name}.yaml`);
  const text = adaptExample(original, example.name, place, parts.authoring.editYaml);
  return { name, example, file, kept, missing: [...supports.filter(({ path }) => !kept.includes(path)), { path: file, text }] };
}

/** Whether this very text is there. What is there and different is somebody's work: `CantRegisterScheduledJobDefinition`. */
function isThere({ path, text }: { readonly path: string; readonly text: string }): boolean {
  const found = readText(path);
  if (found === undefined || found === text) return found === text;
  throw inTheWay(path, 'what is there differs from what the example needs', 'move it away, or name another --definition-path; nothing was written');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw inTheWay(path, `what is in its place cannot be read (${code})`, 'move it away; nothing was written');
  }
}

function write(parts: NewDefinitionParts, { file, missing }: Draft): Promise<void> {
  return allOrNothing(async (takeBack) => {
    for (const { path, text } of missing) {
      await makeFolder(dirname(path), parts.umask, (folder) => takeBack(() => rmdir(folder)));
      // Its scripts are there by now: what validate would say is known before the definition counts.
      if (path === file) await refuseInvalid(parts, path, text);
      await writeNew(parts.authoring, parts.umask, { path, text }, takeBack);
    }
  });
}

async function refuseInvalid({ authoring }: NewDefinitionParts, path: string, text: string): Promise<void> {
  const { errors } = await authoring.checkText(path, text);
  if (errors.length > 0) throw new AggregateError(errors.map((facts) => new JobError(facts)));
}
