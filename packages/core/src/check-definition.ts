import { isJobError, JobError, secretFault, suggest, type AnyJobType, type BrokenDefinition, type CodeJobType, type CommandLine, type Definition, type DescribeRequest, type JobErrorFacts, type JobOrigin, type SpecIssue } from '@nightshift/sdk';
import { delegatesForEver, foreseesForEver, formNotSupported, typeNotInstalled } from './errors.ts';
import type { DefinitionFiles } from './parts.ts';
import type { Registry } from './registry.ts';
import { withPlacedSecrets } from './secrets.ts';

/** A definition whose spec its types have accepted. */
export interface CheckedSubject {
  readonly type: AnyJobType;
  /** The type that runs: the inner one of a delegate, else the same. */
  readonly runs: AnyJobType;
  /** What `runs` takes. */
  readonly spec: unknown;
  /** The same as it was written, before the schema of `runs` made `spec` of it. */
  readonly raw: unknown;
}

/** Complaints of a type about a spec, at their places in the definition; or the accepted subject. */
export async function checkDefinition(types: Registry, definition: Definition): Promise<CheckedSubject | readonly JobError[]> {
  const type = types.find(definition.type)?.type;
  if (type === undefined) return [unknownType(types, definition.type, placeOf(definition, ['type']))];
  const misplaced = keysOfTriggers(definition, type);
  const subject = await checkSpec(types, type, definition.spec, requestOf(definition), (path, at) => placeOf(definition, ['job', ...path], at));
  if ('length' in subject) return inTextOrder([...misplaced, ...subject]);
  return misplaced.length === 0 ? subject : misplaced;
}

/** Where a part of a spec stands in its file. */
export type PlaceOf = (path: readonly PropertyKey[], at?: 'key' | 'value') => Partial<JobErrorFacts>;

/** Everything that is wrong with a broken definition, its type's complaints included, in the order of the text. */
export async function complaintsAbout(types: Registry, broken: BrokenDefinition): Promise<readonly JobError[]> {
  const errors = broken.errors.map((facts) => new JobError(facts));
  const type = broken.type === undefined ? undefined : types.find(broken.type)?.type;
  if (type === undefined || broken.spec === undefined) return errors;
  const subject = await checkSpec(types, type, broken.spec, requestOf(broken), (path, at) => placeOf(broken, ['job', ...path], at));
  return inTextOrder('length' in subject ? [...errors, ...subject.filter((error) => !isConsequence(error, errors))] : errors);
}

/** What could not be read is nothing to a type, which misses it once more. */
function isConsequence({ code, line, column }: JobError, earlier: readonly JobError[]): boolean {
  if (code === 'DefinitionKeyMissing' && earlier.some((error) => error.code === 'DefinitionSyntaxError')) return true;
  return line !== undefined && earlier.some((error) => error.line === line && error.column === column);
}

export function inTextOrder(errors: readonly JobError[]): readonly JobError[] {
  return errors.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** Delegates and foreseen children that one definition may pass through, one below the other. Types that ask for each other would otherwise do so for ever. */
const DEPTH = 16;
/** Foreseen children of one definition in all: of a few each, sixteen levels would never end. */
const MOST_FORESEEN = 10_000;

/** How far a judgement has come. */
interface Course {
  readonly depth: number;
  /** Shared by all that belong to one definition. */
  readonly foreseen: { count: number };
}

/** Lets the type, and for a delegate the inner type as well, judge a spec. `course`: how it came to this type; default: it is the first. */
export async function checkSpec(types: Registry, type: AnyJobType, spec: unknown, request: Omit<DescribeRequest<unknown>, 'spec'>, place: PlaceOf, course: Course = { depth: 0, foreseen: { count: 0 } }): Promise<CheckedSubject | readonly JobError[]> {
  const checked = await type.spec['~standard'].validate(spec);
  if (checked.issues !== undefined) return checked.issues.map((issue: SpecIssue) => complaint(issue, place));
  if (type.runs === 'code') {
    const complaints = await complaintsAboutForeseen(types, type, { ...request, spec: checked.value }, place, course);
    if (complaints.length > 0) return complaints;
  }
  if (type.runs !== 'delegate') return { type, runs: type, spec: checked.value, raw: spec };
  if (course.depth === DEPTH) return [delegatesForEver(type.name, place(['type']))];
  // That of a plugin is asked in a process of its own.
  const child = await type.delegate({ ...request, spec: checked.value });
  const inner = types.find(child.type)?.type;
  if (inner === undefined) return [unknownType(types, child.type, place(['type']))];
  const below = await checkSpec(types, inner, child.spec, request, place, { ...course, depth: course.depth + 1 });
  return 'length' in below ? below : { ...below, type };
}

/** Of the secrets and the children that a spec of a code type names: what is no reference, and everything that their own types have against them, at their places. */
async function complaintsAboutForeseen(types: Registry, type: CodeJobType<unknown>, request: DescribeRequest<unknown>, place: PlaceOf, { depth, foreseen }: Course): Promise<readonly JobError[]> {
  // That of a plugin is asked in a process of its own.
  const { children = [], secrets = {} } = (await type.foresee?.(request)) ?? {};
  const complaints = Object.entries(secrets).flatMap(([name, reference]) => secretComplaint(name, reference, place));
  foreseen.count += children.length;
  if (children.length > 0 && (depth === DEPTH || foreseen.count > MOST_FORESEEN)) return [foreseesForEver(type.name, place([]))];
  for (const { request: child, path } of children) {
    const inner = types.find(child.type)?.type;
    if (inner === undefined) complaints.push(unknownType(types, child.type, place([...path, 'type'])));
    else {
      const below = await checkSpec(types, inner, child.spec, request, (member, at) => place([...path, ...member], at), { depth: depth + 1, foreseen });
      if ('length' in below) complaints.push(...below.map((error) => namedInParent(error, path)));
    }
  }
  return complaints;
}

function secretComplaint(name: string, reference: unknown, place: PlaceOf): readonly JobError[] {
  const found = secretFault(name, reference);
  return found === undefined ? [] : [complaint({ message: `"job.secrets.${name.slice(0, 80)}" ${found.fault}`, hint: found.hint, path: ['secrets', name], at: found.at }, place)];
}

/** What a child's type calls "job" is a part of its parent's. */
function namedInParent(error: JobError, path: readonly PropertyKey[]): JobError {
  const named = path.map((member) => (typeof member === 'number' ? `[${member}]` : `.${String(member)}`)).join('');
  const { code, message, hint, file, line, column, excerpt } = error;
  const facts = Object.entries({ hint, file, line, column, excerpt }).filter(([, value]) => value !== undefined);
  return new JobError({ ...Object.fromEntries(facts), code, message: message.replace(/^"job(?=[."[])/, `"job${named}`) });
}

/** `JobTypeNotInstalled`, with the nearest type that is; of one that several plugins fight for `JobTypeConflict`. */
export function unknownType(types: Registry, name: string, place: Partial<JobErrorFacts>): JobError {
  const refusal = types.refusalOf?.(name);
  if (refusal !== undefined) return new JobError({ ...place, code: refusal.code, message: refusal.message, ...(refusal.hint === undefined ? {} : { hint: refusal.hint }) });
  const near = suggest(name, types.all.map(({ type }) => type.name));
  return typeNotInstalled(name, { ...place, ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) });
}

/** The program of a definition; `origin`: what is going to start it, by default a person. Complaints have the line that they are about. Throws `DefinitionUnsafe` for paths outside the project. */
export async function describeDefinition(files: DefinitionFiles, { runs, spec }: CheckedSubject, definition: Definition, origin: JobOrigin = ON_DEMAND): Promise<CommandLine> {
  if (runs.runs !== 'command') throw formNotSupported(runs.name, runs.runs);
  try {
    const request = requestOf(definition);
    const command = withPlacedSecrets(await runs.command({ ...request, origin, spec }), request.workingDirectory);
    await files.checkPaths(definition, command);
    return command;
  } catch (cause) {
    throw isJobError(cause) ? atItsPlace(definition, cause) : cause;
  }
}

/** A complaint of a describing call, with the line of the definition that it is about. `within`: where the described spec stands in its `job:` part. */
export function atItsPlace(definition: Definition, cause: JobErrorFacts, within: readonly PropertyKey[] = []): JobError {
  const { code, message, hint, path = [] } = cause;
  return new JobError({ code, message, ...(hint === undefined ? {} : { hint }), ...placeOf(definition, ['job', ...within, ...path]) }, { cause });
}

const ON_DEMAND: JobOrigin = { kind: 'demand', runNow: false };

export function requestOf(definition: Pick<Definition, 'name' | 'baseFolder'>): Omit<DescribeRequest<unknown>, 'spec'> {
  return { name: definition.name, origin: ON_DEMAND, workingDirectory: definition.baseFolder ?? '/', argumentList: [] };
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

function placeOf(definition: Pick<Definition, 'location' | 'place'>, path: readonly PropertyKey[], at?: 'key' | 'value'): Partial<JobErrorFacts> {
  return definition.place?.(path, at) ?? { file: definition.location };
}
