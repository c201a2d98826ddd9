/** What the verbs have in common that do something to each definition that is meant. */
import { isBroken, isJobError, JobError } from '@nightshift/sdk';
import { selectDefinitions, type DefinitionSelector, type SelectedDefinition, type SelectParts } from './select.ts';

/** Which definitions, and who is asked. */
export interface DefinitionsRequest {
  readonly selector: DefinitionSelector;
  /** One folder in place of the configured ones, absolute. */
  readonly definitionPath?: string | undefined;
  /** Asked for each before anything is done to it: false leaves it alone. Default: nobody is asked. */
  readonly approve?: ((definition: SelectedDefinition) => boolean | Promise<boolean>) | undefined;
}

/** What came of it: one of many failing does not stop the rest. */
export interface HandledEach<Result> {
  readonly results: readonly Result[];
  readonly problems: readonly JobError[];
}

/**
 * One after the other, in name order. Undefined of an act counts as nothing done. Of files that share a name none is touched:
 * `DefinitionNameConflict`. Throws what keeps a folder from being read.
 */
export async function handleEach<Result>(parts: SelectParts, verb: string, { selector, definitionPath, approve }: DefinitionsRequest, act: (definition: SelectedDefinition) => Promise<Result | undefined>): Promise<HandledEach<Result>> {
  const { definitions, problems: lost } = await selectDefinitions(parts, selector, definitionPath, verb);
  const results: Result[] = [];
  const problems = [...lost];
  for (const definition of definitions) {
    try {
      refuseConflict(definition);
      if (approve !== undefined && !(await approve(definition))) continue;
      const result = await act(definition);
      if (result !== undefined) results.push(result);
    } catch (cause) {
      problems.push(...errorsOf(cause));
    }
  }
  return { results, problems: withoutTwins(problems) };
}

function refuseConflict({ found }: SelectedDefinition): void {
  const conflict = isBroken(found) ? found.errors.find(({ code }) => code === 'DefinitionNameConflict') : undefined;
  if (conflict !== undefined) throw new JobError(conflict);
}

/** Errors that a user can act upon; anything else is thrown again. */
export function errorsOf(cause: unknown): readonly JobError[] {
  const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.map((one) => {
    if (isJobError(one)) return one as JobError;
    throw cause;
  });
}

/** Each file of a conflict has the same to say. */
function withoutTwins(problems: readonly JobError[]): readonly JobError[] {
  return problems.filter(({ code, message, file }, index) => code !== 'DefinitionNameConflict' || problems.findIndex((other) => other.code === code && other.message === message && other.file === file) === index);
}
