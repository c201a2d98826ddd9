import { asciiLower, checkName, isBroken, isJobError, JobError, suggest, type BrokenDefinition, type Definition, type DefinitionSource, type SourceFiles } from '@nightshift/sdk';
import { complaintsAbout, unknownType } from './check-definition.ts';
import { noSuchType } from './errors.ts';
import type { CoreParts } from './parts.ts';
import type { RegisteredType, Registry } from './registry.ts';
import { hasWildcard } from './wildcard.ts';

/** Which definition is wanted. */
export interface DefinitionRequest {
  readonly name: string;
  /** One folder in place of the configured ones. */
  readonly path?: string;
  /** Name or alias of job types, with wildcards. Default: every type. */
  readonly typePattern?: string;
  /** Told about a type whose source threw: that is a warning and no answer. */
  readonly warn: (warning: JobError) => void;
}

/**
 * The one definition of that name. Every type that fits is asked, and all answers are collected, also after the first.
 * Throws `InvalidDefinitionName`, `JobTypeNotFound`, `StartJobFromDefinitionNameNotFound`,
 * `StartJobFromDefinitionNameMoreThanOneMatch`, `JobTypeNotInstalled`; a found but broken definition throws an
 * AggregateError of everything that is wrong with it. Source: jobs.md 8.4.
 */
export async function resolveDefinition(parts: Pick<CoreParts, 'types' | 'definitions' | 'loadTypes'>, request: DefinitionRequest): Promise<Definition> {
  if (request.name === '') throw new JobError({ code: 'ParameterArgumentValidationError', message: 'the definition name is empty' });
  await checkAskedName(parts, request);
  if (mayBeOfPlugin(parts.types, request.typePattern)) await parts.loadTypes?.();
  const isNamed = request.typePattern !== undefined && !hasWildcard(request.typePattern);
  const asked = typesAsked(parts.types, request.typePattern).filter(({ type }) => isNamed || type.definitions?.onlyByType !== true);
  const answers = await answersOf(parts, asked, request);
  const [answer, another] = answers;
  if (answer === undefined) throw await notFound(parts, asked, request);
  if (another !== undefined) throw moreThanOne(request.name, answers);
  if (isBroken(answer)) throw new AggregateError(await complaintsAbout(parts.types, answer));
  if (parts.types.find(answer.type) === undefined) throw unknownType(parts.types, answer.type, answer.place?.(['type']) ?? { file: answer.location });
  return answer;
}

/** A type that runs by itself and is known by the very name that was asked for leaves nothing open. */
function mayBeOfPlugin(types: Registry, pattern: string | undefined): boolean {
  const known = pattern === undefined ? undefined : types.find(pattern);
  return known === undefined || known.type.runs === 'delegate';
}

function typesAsked(types: Registry, pattern: string | undefined): readonly RegisteredType[] {
  if (pattern === undefined) return types.all;
  const asked = types.matching(pattern);
  const names = types.all.map(({ type }) => type.name);
  if (asked.length === 0) throw types.refusalOf?.(pattern) ?? noSuchType(pattern, names, hasWildcard(pattern) ? undefined : suggest(pattern, names));
  return asked;
}

type Answer = Definition | BrokenDefinition;

async function answersOf(parts: Pick<CoreParts, 'types' | 'definitions'>, asked: readonly RegisteredType[], request: DefinitionRequest): Promise<readonly Answer[]> {
  const { files } = await parts.definitions();
  const own = asked.filter(({ type }) => type.definitions !== undefined);
  const lists = own.map(async ({ type }) => {
    try {
      return await (type.definitions as DefinitionSource).find(request.name, request.path, files);
    } catch (cause) {
      const detail = isJobError(cause) ? `${cause.code}: ${cause.message}` : String(cause);
      request.warn(new JobError({ code: 'PluginLoadFailed', message: `the job type ${type.name} could not look for definitions: ${detail}` }, { cause }));
      return [];
    }
  });
  return [...(await answersOfFiles(parts, asked, request)), ...(await Promise.all(lists)).flat()];
}

/** The types without a source of their own share the definition files: asked once, an answer is for the type it names. */
async function answersOfFiles(parts: Pick<CoreParts, 'types' | 'definitions'>, asked: readonly RegisteredType[], request: DefinitionRequest): Promise<readonly Answer[]> {
  const sharing = asked.filter(({ type }) => type.definitions === undefined);
  if (sharing.length === 0) return [];
  const { files, source } = await parts.definitions();
  const found = await source.find(request.name, request.path, files);
  return found.filter(({ type }) => {
    const registered = type === undefined ? undefined : parts.types.find(type);
    // Of an unreadable file or a type that is not installed nobody can say that it is not meant, unless a type was asked for.
    if (registered === undefined) return type === undefined || request.typePattern === undefined;
    return sharing.includes(registered);
  });
}

async function notFound(parts: Pick<CoreParts, 'types' | 'definitions'>, asked: readonly RegisteredType[], request: DefinitionRequest): Promise<JobError> {
  const { files, source } = await parts.definitions();
  const own = asked.flatMap(({ type }) => type.definitions ?? []);
  const sources = asked.length === own.length ? own : [source, ...own];
  const all = (await Promise.all(sources.map((one) => listed(one, request.path, files)))).flat();
  const type = request.typePattern === undefined ? '' : ` of type "${request.typePattern}"`;
  const where = request.path ?? sources.flatMap(({ places }) => places ?? []).join(', ');
  const hint = asked.length === 0 ? onlyWhole(parts.types, request.typePattern as string) : hintFor(parts.types, request, all, sources);
  return new JobError({
    code: 'StartJobFromDefinitionNameNotFound',
    message: `no definition${type} is named "${request.name}"${where === '' ? '' : ` (${where})`}`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function hintFor(types: Registry, { name, typePattern }: DefinitionRequest, all: readonly Answer[], sources: readonly DefinitionSource[]): string | undefined {
  const same = all.find((one) => asciiLower(one.name) === asciiLower(name));
  if (same?.type !== undefined) return passedOver(types, same.type, same.location);
  const names = all.map((one) => one.name);
  // A file's name for the definition's: its ending is no part of it.
  const near = suggest(name.replace(/\.(ya?ml|json)$/i, ''), names);
  return near === undefined ? known(sources, names) : meant(near, typePattern);
}

const MOST_NAMES = 10;

/** Names that were made of what stands in a foreign file are seen nowhere else. */
function known(sources: readonly DefinitionSource[], names: readonly string[]): string | undefined {
  if (names.length === 0 || !sources.every(({ onlyByType }) => onlyByType === true)) return undefined;
  return `there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''}`;
}

/** The pattern fits types, but none that is asked without its whole name. */
function onlyWhole(types: Registry, pattern: string): string {
  const names = types.matching(pattern).map(({ type }) => type.name);
  return `${names.join(', ')} ${names.length === 1 ? 'answers' : 'answer'} to the whole name only: --type ${names[0]}`;
}

/** One of that name is there, but of another type than was asked for, or of one that looks elsewhere for its own. */
function passedOver(types: Registry, type: string, location: string): string {
  const own = types.find(type)?.type.definitions;
  const elsewhere = own === undefined ? '' : `, which looks for its own in ${own.places?.join(', ') ?? 'another place'}: write "type: ScheduledJob" and "job: { type: ${type}, … }"`;
  return `${location} is a ${type}${elsewhere}`;
}

function meant(name: string, type: string | undefined): string {
  const typed = type === undefined || hasWildcard(type) ? '' : ` --type ${type}`;
  return `did you mean ${name}? start-job${typed} --definition-name ${name}`;
}

/** What can be no name may be what the source of the type calls one of its definitions: that one is told. */
async function checkAskedName(parts: Pick<CoreParts, 'types' | 'definitions' | 'loadTypes'>, { name, path, typePattern }: DefinitionRequest): Promise<void> {
  try {
    checkName(name);
  } catch (cause) {
    if (typePattern === undefined || hasWildcard(typePattern)) throw cause;
    if (mayBeOfPlugin(parts.types, typePattern)) await parts.loadTypes?.();
    const type = parts.types.find(typePattern)?.type;
    if (type?.definitions === undefined || !isJobError(cause)) throw cause;
    const all = await listed(type.definitions, path, (await parts.definitions()).files);
    const one = all.find((found) => !isBroken(found) && found.sourceName === name)?.name ?? suggest(name, all.map((found) => found.name));
    throw one === undefined ? cause : new JobError({ code: cause.code, message: cause.message, hint: meant(one, type.name) });
  }
}

async function listed(source: DefinitionSource, path: string | undefined, files: SourceFiles): Promise<readonly Answer[]> {
  const all: Answer[] = [];
  try {
    for await (const found of source.list(path, files)) all.push(found);
  } catch {
    // The search for a near miss is a courtesy: the error that is being made already says what matters.
  }
  return all;
}

function moreThanOne(name: string, answers: readonly Answer[]): JobError {
  return new JobError({
    code: 'StartJobFromDefinitionNameMoreThanOneMatch',
    message: `several definitions are named "${name}": ${answers.map(({ type, location }) => `${type ?? 'unknown type'} in ${location}`).join('; ')}`,
    hint: 'say which one with --type',
  });
}
