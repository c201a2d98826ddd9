import { checkName, isBroken, isJobError, JobError, suggest, type BrokenDefinition, type Definition, type DefinitionSource } from '@nightshift/sdk';
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
  checkName(request.name);
  if (mayBeOfPlugin(parts.types, request.typePattern)) await parts.loadTypes?.();
  const asked = typesAsked(parts.types, request.typePattern);
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
  const own = asked.filter(({ type }) => type.definitions !== undefined);
  const lists = own.map(async ({ type }) => {
    try {
      return await (type.definitions as DefinitionSource).find(request.name, request.path);
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
  const found = await (await parts.definitions()).source.find(request.name, request.path);
  return found.filter(({ type }) => {
    const registered = type === undefined ? undefined : parts.types.find(type);
    // Of an unreadable file or a type that is not installed nobody can say that it is not meant, unless a type was asked for.
    if (registered === undefined) return type === undefined || request.typePattern === undefined;
    return sharing.includes(registered);
  });
}

async function notFound(parts: Pick<CoreParts, 'definitions'>, asked: readonly RegisteredType[], request: DefinitionRequest): Promise<JobError> {
  const names: string[] = [];
  const sources = [(await parts.definitions()).source, ...asked.flatMap(({ type }) => type.definitions ?? [])];
  for (const source of sources) {
    try {
      for await (const { name } of source.list(request.path)) names.push(name);
    } catch {
      // The search for a near miss is a courtesy: the error that is being made already says what matters.
    }
  }
  // A file's name for the definition's: its ending is no part of it.
  const near = suggest(request.name.replace(/\.(ya?ml|json)$/i, ''), names);
  const type = request.typePattern === undefined ? '' : ` of type "${request.typePattern}"`;
  const where = request.path ?? sources.flatMap(({ places }) => places ?? []).join(', ');
  return new JobError({
    code: 'StartJobFromDefinitionNameNotFound',
    message: `no definition${type} is named "${request.name}"${where === '' ? '' : ` (${where})`}`,
    ...(near === undefined || near === request.name ? {} : { hint: `did you mean ${near}? start-job --definition-name ${near}` }),
  });
}

function moreThanOne(name: string, answers: readonly Answer[]): JobError {
  return new JobError({
    code: 'StartJobFromDefinitionNameMoreThanOneMatch',
    message: `several definitions are named "${name}": ${answers.map(({ type, location }) => `${type ?? 'unknown type'} in ${location}`).join('; ')}`,
    hint: 'say which one with --type',
  });
}
