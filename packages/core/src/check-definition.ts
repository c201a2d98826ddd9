import { isJobError, JobError, suggest, type AnyJobType, type Definition, type DescribeRequest, type JobErrorFacts, type SpecIssue } from '@nightshift/sdk';
import { typeNotInstalled } from './errors.ts';
import type { DefinitionFiles } from './parts.ts';
import type { Registry } from './registry.ts';

/** A definition whose spec its types have accepted. */
export interface CheckedSubject {
  readonly type: AnyJobType;
  /** The type that runs: the inner one of a delegate, else the same. */
  readonly runs: AnyJobType;
  /** What `runs` takes. */
  readonly spec: unknown;
}

/** Complaints of a type about a spec, at their places in the definition; or the accepted subject. */
export async function checkDefinition(types: Registry, definition: Definition): Promise<CheckedSubject | readonly JobError[]> {
  const type = types.find(definition.type)?.type;
  if (type === undefined) return [typeNotInstalled(definition.type, placeOf(definition, ['type']))];
  const misplaced = keysOfTriggers(definition, type);
  const subject = await checkSpec(types, type, definition.spec, requestOf(definition), (path, at) => placeOf(definition, ['job', ...path], at));
  if (!Array.isArray(subject)) return misplaced.length === 0 ? subject : misplaced;
  return [...misplaced, ...subject];
}

type PlaceOf = (path: readonly PropertyKey[], at?: 'key' | 'value') => Partial<JobErrorFacts>;

/** Lets the type, and for a delegate the inner type as well, judge a spec. */
export async function checkSpec(types: Registry, type: AnyJobType, spec: unknown, request: Omit<DescribeRequest<unknown>, 'spec'>, place: PlaceOf): Promise<CheckedSubject | readonly JobError[]> {
  const checked = await type.spec['~standard'].validate(spec);
  if (checked.issues !== undefined) return checked.issues.map((issue: SpecIssue) => complaint(issue, place));
  if (type.runs !== 'delegate') return { type, runs: type, spec: checked.value };
  const child = type.delegate({ ...request, spec: checked.value });
  const inner = types.find(child.type)?.type;
  if (inner === undefined) {
    const near = suggest(child.type, types.all.map(({ type: known }) => known.name));
    return [typeNotInstalled(child.type, { ...place(['type']), ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) })];
  }
  const below = await checkSpec(types, inner, child.spec, request, place);
  return Array.isArray(below) ? below : { ...(below as CheckedSubject), type };
}

/** Also tries to describe the program: what only then shows, such as a missing script file, is a complaint as well. */
export async function checkDescription(files: DefinitionFiles, subject: CheckedSubject, definition: Definition): Promise<JobError | undefined> {
  if (subject.runs.runs !== 'command') return undefined;
  try {
    await files.checkPaths(definition, await subject.runs.command({ ...requestOf(definition), spec: subject.spec }));
    return undefined;
  } catch (cause) {
    if (isJobError(cause)) return new JobError({ ...factsOf(cause), ...placeOf(definition, ['job', ...(cause.path ?? [])]) }, { cause });
    throw cause;
  }
}

export function requestOf(definition: Definition): Omit<DescribeRequest<unknown>, 'spec'> {
  return { name: definition.name, origin: { kind: 'demand', runNow: false }, workingDirectory: definition.baseFolder ?? '/', argumentList: [] };
}

/** Keys that only types with the capability `triggers` have. */
const KEYS_OF_TRIGGERS = ['triggers', 'options', 'enabled', 'timeZone', 'maxResultCount'] as const;

function keysOfTriggers(definition: Definition, type: AnyJobType): JobError[] {
  if ('triggers' in type.capabilities && type.capabilities.triggers === true) return [];
  return KEYS_OF_TRIGGERS.filter((key) => definition[key] !== undefined).map(
    (key) =>
      new JobError({
        code: 'DefinitionKeyUnknown',
        message: `a definition of type ${type.name} has no key "${key}"`,
        hint: `write "type: ScheduledJob" and "job: { type: ${type.name}, … }"`,
        ...placeOf(definition, [key], 'key'),
      }),
  );
}

function complaint(issue: SpecIssue, place: PlaceOf): JobError {
  const path = (issue.path ?? []).map((member) => (typeof member === 'object' ? member.key : member));
  return new JobError({
    code: issue.code ?? 'DefinitionValueInvalid',
    message: issue.message,
    ...(issue.hint === undefined ? {} : { hint: issue.hint }),
    ...place(path, issue.at),
  });
}

function placeOf(definition: Definition, path: readonly PropertyKey[], at?: 'key' | 'value'): Partial<JobErrorFacts> {
  return definition.place?.(path, at) ?? { file: definition.location };
}

function factsOf({ code, message, hint }: JobErrorFacts): JobErrorFacts {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
