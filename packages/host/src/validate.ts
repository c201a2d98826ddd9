import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkDefinition, checkDescription, complaintsAbout, describeDefinition, type DefinitionFiles, type Registry, refusedOptions } from '@nightshift/core';
import type { YamlDefinitions } from '@nightshift/definitions';
import { asciiLower, isBroken, isJobError, JobError, type BrokenDefinition, type Definition, type JobErrorFacts } from '@nightshift/sdk';
import { isOpen } from './judge-definition.ts';
import { notPossibleHere, type Machine } from './not-possible-here.ts';

/** What was found out about one file, in the order of its text. */
export interface CheckedFile {
  readonly file: string;
  readonly errors: readonly JobErrorFacts[];
  readonly warnings: readonly JobErrorFacts[];
}

/**
 * Checks files and folders, by default the definition path: each file once, sorted by path. `problems` are about paths, not
 * about a file's content. Runs nothing.
 */
export type Validator = (paths: readonly string[]) => Promise<{ readonly files: readonly CheckedFile[]; readonly problems: readonly JobError[] }>;

/** What the check of one definition needs. */
export interface CheckParts {
  readonly types: Registry;
  readonly files: DefinitionFiles;
  readonly machine: Machine;
}

export interface ValidatorParts extends CheckParts {
  readonly yaml: YamlDefinitions;
  readonly workingDirectory: string;
}

export function createValidator(parts: ValidatorParts): Validator {
  return async (paths) => {
    const files = new Map<string, CheckedFile>();
    const problems: JobError[] = [];
    for (const path of paths.length === 0 ? [undefined] : paths) {
      try {
        for await (const found of definitionsAt(parts, path)) {
          // By itself a file may be right that is in conflict with another of its folder.
          if ((files.get(found.location)?.errors ?? []).length === 0) files.set(found.location, await checkFound(parts, found));
        }
      } catch (cause) {
        if (!isJobError(cause)) throw cause;
        problems.push(cause as JobError);
      }
    }
    return { files: [...files.values()].toSorted(byPath), problems };
  };
}

function byPath(a: CheckedFile, b: CheckedFile): number {
  const [first, second] = [asciiLower(a.file), asciiLower(b.file)];
  return first === second ? (a.file < b.file ? -1 : 1) : first < second ? -1 : 1;
}

async function* definitionsAt({ yaml, workingDirectory }: ValidatorParts, path: string | undefined): AsyncGenerator<Definition | BrokenDefinition> {
  if (path === undefined) return yield* yaml.list(undefined);
  if (path === '') throw new JobError({ code: 'ParameterArgumentValidationError', message: 'a path is empty' });
  const place = resolve(workingDirectory, path);
  if (isFolder(place, path)) yield* yaml.list(place);
  else yield await yaml.check(place);
}

const NOT_THERE: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

/** What cannot be looked at is left to whoever opens it, who knows what to say of a link to itself or a closed folder. */
function isFolder(place: string, shown: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch (cause) {
    if (!NOT_THERE.includes((cause as NodeJS.ErrnoException).code)) return false;
    throw new JobError({ code: 'FilePathNotFound', message: `nothing is at "${shown}"` }, { cause });
  }
}

/** Everything that is wrong or doubtful about a definition: its text, what its types say, what starting it would find out. */
export async function checkFound(parts: CheckParts, found: Definition | BrokenDefinition): Promise<CheckedFile> {
  const doubts = found.warnings ?? [];
  if (isBroken(found)) return judged(parts, found, [...(await complaintsAbout(parts.types, found)), ...(await complaintsOfPlace(parts, found))], doubts);
  const subject = await checkDefinition(parts.types, found);
  if ('length' in subject) return judged(parts, found, subject, doubts);
  // Also describes the program: what only then shows, such as a missing script file, is a complaint as well.
  const complaint = await checkDescription(parts, subject, found);
  const command = complaint === undefined && subject.runs.runs === 'command' ? await describeDefinition(parts.files, subject, found) : undefined;
  const warnings = [...doubts, ...notPossibleHere(parts.machine, found, command), ...refusedOptions(found)];
  if (complaint === undefined) return checked(found, [], warnings);
  if (isOfTheFile(complaint)) return checked(found, [complaint], warnings);
  return checked(found, [], [...warnings.filter((warning) => !isTheSame(warning, complaint)), complaint]);
}

/** Whether a type is missing only a plugin could say, and validating runs none: that is a doubt, unless it was there before. Source: jobs.md 18.1. */
function judged({ types }: CheckParts, found: Definition | BrokenDefinition, complaints: readonly JobErrorFacts[], doubts: readonly JobErrorFacts[]): CheckedFile {
  const open = complaints.filter((complaint) => isOpen(types, complaint));
  const doubtful = open.length === 0 || wasOffered(types, found) ? [] : open.map((complaint) => notAsked(complaint, types));
  return checked(found, complaints.filter((complaint) => !open.includes(complaint)), [...doubts, ...doubtful]);
}

/** Of every type that the definition names and nobody knows: its own, and those inside. */
function wasOffered({ unknown = [], find }: Registry, { type, spec }: Pick<BrokenDefinition, 'type' | 'spec'>): boolean {
  const strange = typesIn({ type, spec }).filter((name) => find(name) === undefined);
  return strange.length > 0 && strange.every((name) => unknown.some(({ offered }) => offered.includes(asciiLower(name))));
}

/** What stands under a key `type`, wherever it is. */
function typesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => (key === 'type' && typeof member === 'string' ? [member] : typesIn(member)));
}

function notAsked({ code, message, file, line, column, excerpt, hint }: JobErrorFacts, { unknown = [] }: Registry): JobErrorFacts {
  const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }), ...(excerpt === undefined ? {} : { excerpt }) };
  const whose = `whether ${unknown.map(({ named }) => named).join(' or ')} does is known only when it runs, and validating runs nothing`;
  return { code, message: `${message.replace('no installed plugin', 'nothing that is built in')}; ${whose}`, ...place, hint: `${hint?.startsWith('did you mean') === true ? `${hint} if not, ` : ''}get-job-type asks them, and is remembered` };
}

/** Of a definition that is wrong elsewhere: what describing its program finds out, if its types have nothing against the spec. */
async function complaintsOfPlace({ types, files }: CheckParts, { type, spec, ...facts }: BrokenDefinition): Promise<readonly JobErrorFacts[]> {
  if (type === undefined || spec === undefined) return [];
  const definition: Definition = { ...facts, key: '', type, spec };
  const subject = await checkDefinition(types, definition);
  const complaint = 'length' in subject ? undefined : await checkDescription({ types, files }, subject, definition);
  return complaint !== undefined && isOfTheFile(complaint) ? [complaint] : [];
}

const OF_THE_FILE = ['InvalidFilePathParameter', 'DefinitionUnsafe', 'RunAs32NotSupported', 'AuthenticationNotSupported', 'CredentialNotSupported'];

/** No version of Nightshift could be indulgent about it; what only this one cannot do yet is right as a file. */
function isOfTheFile({ code }: JobErrorFacts): boolean {
  return OF_THE_FILE.includes(code);
}

function isTheSame(a: JobErrorFacts, b: JobErrorFacts): boolean {
  return a.code === b.code && a.line === b.line && a.column === b.column;
}

function checked({ location }: { readonly location: string }, errors: readonly JobErrorFacts[], warnings: readonly JobErrorFacts[]): CheckedFile {
  return { file: location, errors: inTextOrder(errors), warnings: inTextOrder(warnings) };
}

function inTextOrder<Facts extends JobErrorFacts>(facts: readonly Facts[]): readonly Facts[] {
  return facts.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
