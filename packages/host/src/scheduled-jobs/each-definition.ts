/** One definition after the other: what goes wrong with one keeps nobody from the next. */
import { hasWildcard } from '@nightshift/core';
import { asciiLower, isBroken, isJobError, JobError, type Definition } from '@nightshift/sdk';
import type { DefinitionSelector, SelectedDefinition } from './select.ts';

/** What a verb has done, and what it could not do. */
export interface Outcome<One> {
  readonly done: readonly One[];
  readonly problems: readonly JobError[];
}

export async function eachDefinition<One>(definitions: readonly SelectedDefinition[], act: (definition: SelectedDefinition) => Promise<readonly One[]>): Promise<Outcome<One>> {
  const done: One[] = [];
  const problems: JobError[] = [];
  for (const definition of definitions) {
    try {
      done.push(...(await act(definition)));
    } catch (cause) {
      problems.push(...errorsIn(cause));
    }
  }
  return { done, problems };
}

/** Throws what is a mistake of ours. */
function errorsIn(cause: unknown): readonly JobError[] {
  if (isJobError(cause)) return [cause as JobError];
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.flatMap(errorsIn);
  throw cause;
}

/** The definition, where there is nothing wrong with its file. Throws everything that is wrong with it. */
export function soundDefinition({ found }: SelectedDefinition): Definition {
  if (!isBroken(found)) return found;
  throw new AggregateError(found.errors.map((facts) => new JobError(facts)));
}

/** Whether somebody named this one, rather than a pattern that fits it. */
export function isNamed({ id, name }: SelectedDefinition, { ids = [], names = [] }: DefinitionSelector): boolean {
  return ids.includes(id) || names.some((one) => !hasWildcard(one) && asciiLower(one) === asciiLower(name));
}
