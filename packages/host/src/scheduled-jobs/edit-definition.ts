/** Changes values in the file of a definition: comments, order and every other byte stay, and nothing is written that is worse than before. */
import { readFile } from 'node:fs/promises';
import type { Edit, YamlDefinitions } from '@nightshift/definitions';
import { isBroken, isJobError, JobError, type BrokenDefinition, type Definition, type JobErrorFacts } from '@nightshift/sdk';
import type { Authoring } from '../authoring.ts';
import type { EditLock } from './edit-lock.ts';

export type { Edit } from '@nightshift/definitions';

export interface EditParts {
  readonly authoring: Pick<Authoring, 'checkText' | 'editYaml' | 'readForeignYaml' | 'replaceFile'>;
  readonly yaml: Pick<YamlDefinitions, 'check'>;
  readonly lock: EditLock;
}

/** A file as it is at the moment of an edit. */
export interface Current {
  readonly found: Definition | BrokenDefinition;
  /** What the text says, unchecked where it is broken: `triggers` may be no list. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The codes with which a verb says that a file could not be written. */
export interface EditCodes {
  /** A full disk, a read-only file system, a folder that is gone. */
  readonly io: string;
  /** No permission. */
  readonly access: string;
}

/** What became of an edit. */
export interface Edited {
  /** The definition as it is now. */
  readonly found: Definition | BrokenDefinition;
  readonly isChanged: boolean;
}

/** Edits that are fixed, or made from what the file says when nobody else can change it. */
export type Edits = readonly Edit[] | ((current: Current) => readonly Edit[] | Promise<readonly Edit[]>);

/**
 * Reads the file of a definition, changes its text, checks it as validate would, and puts it into its place in one step: whoever
 * looks sees the old text or the new one. Two that edit one file at the same moment go one after the other. A mistake that was
 * there before does not count; a new one does, without a place, for its text was never written. Nothing is written where
 * nothing changes.
 *
 * Throws an AggregateError of new mistakes, or of those that keep the text from being read at all; `codes` for what cannot be
 * written; `DefinitionValueInvalid` for an edit that would harm what stands around it. The old file stays then.
 */
export async function editDefinition(parts: EditParts, { file }: { readonly file: string }, edits: Edits, codes: EditCodes): Promise<Edited> {
  return parts.lock.alone(async () => {
    const { text, current } = await readCurrent(parts, file);
    const changed = changedText(parts, text, current, typeof edits === 'function' ? await edits(current) : edits);
    if (changed === text) return { found: current.found, isChanged: false };
    await refuseNewMistakes(parts, file, text, changed);
    await writeChanged(parts, file, changed, codes);
    return { found: await parts.yaml.check(file), isChanged: true };
  });
}

/** What keeps the text from being changed was found in its file, and has a place there. */
function changedText({ authoring }: EditParts, text: string, { found }: Current, edits: readonly Edit[]): string {
  try {
    return authoring.editYaml(text, edits);
  } catch (cause) {
    const known = isBroken(found) && isJobError(cause) ? found.errors.filter(({ code }) => code === cause.code) : [];
    throw known.length > 0 ? aggregate(known) : cause;
  }
}

/** Complaints about a file as such, whatever stands in it: no edit mends them. */
const OF_THE_FILE_ITSELF = ['DefinitionUnsafe', 'DefinitionPathUnreadable', 'FilePathNotFound', 'DefinitionNameConflict', 'InvalidDefinitionName'];

async function readCurrent({ authoring, yaml }: EditParts, file: string): Promise<{ readonly text: string; readonly current: Current }> {
  const found = await yaml.check(file);
  const errors = isBroken(found) ? found.errors : [];
  if (errors.some(({ code }) => OF_THE_FILE_ITSELF.includes(code))) throw aggregate(errors);
  const bytes = await readFile(file);
  const text = bytes.toString();
  // What is no UTF-8 would come back as something else.
  if (!Buffer.from(text).equals(bytes)) throw aggregate(errors);
  return { text, current: { found, values: valuesOf(authoring, text, file, errors) } };
}

function valuesOf(authoring: EditParts['authoring'], text: string, file: string, errors: readonly JobErrorFacts[]): Current['values'] {
  try {
    const [value = {}, ...others] = authoring.readForeignYaml(text, file);
    if (others.length === 0 && typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Current['values'];
  } catch (cause) {
    if (!isJobError(cause) || errors.length === 0) throw cause;
  }
  throw aggregate(errors);
}

async function refuseNewMistakes({ authoring }: EditParts, file: string, before: string, after: string): Promise<void> {
  const { errors } = await authoring.checkText(file, after);
  if (errors.length === 0) return;
  const known = (await authoring.checkText(file, before)).errors.map(sentenceOf);
  const fresh = errors.filter((error) => {
    const at = known.indexOf(sentenceOf(error));
    if (at !== -1) known.splice(at, 1);
    return at === -1;
  });
  if (fresh.length > 0) throw aggregate(fresh.map(asOption));
}

/** Codes that an option has in place of the one that a file has. */
const IN_OPTIONS: Readonly<Record<string, string>> = { InvalidFilePathParameter: 'InvalidFilePathParameterForRegisterScheduledJobDefinition' };

/** What was typed is wrong, and was never written: the complaint has no place. */
export function asOption({ code, message, hint }: JobErrorFacts): JobError {
  return new JobError({ code: IN_OPTIONS[code] ?? code, message, ...(hint === undefined ? {} : { hint }) });
}

function sentenceOf({ code, message }: JobErrorFacts): string {
  return `${code} ${message}`;
}

async function writeChanged({ authoring }: EditParts, file: string, text: string, { io, access }: EditCodes): Promise<void> {
  try {
    await authoring.replaceFile(file, text);
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    const { code, message } = cause;
    throw new JobError({ code: code === 'UnauthorizedAccessToRegisterScheduledJobDefinition' ? access : io, message: `${message}; the file is as it was` }, { cause });
  }
}

function aggregate(errors: readonly JobErrorFacts[]): AggregateError {
  return new AggregateError(errors.map((facts) => (isJobError(facts) ? facts : new JobError(facts))));
}
