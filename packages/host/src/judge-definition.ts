import { checkDefinition, complaintsAbout, type Registry } from '@nightshift/core';
import { isBroken, type BrokenDefinition, type Definition, type JobError } from '@nightshift/sdk';

/** A definition that may run, or everything that its text and its types have against it. */
export interface Judged {
  readonly definition?: Definition;
  readonly complaints: readonly JobError[];
}

/** What would never start is no definition to the verbs. Of a type that a plugin brings nobody can say here. */
export async function judgeDefinition(types: Registry, found: Definition | BrokenDefinition): Promise<Judged> {
  if (isBroken(found)) return { complaints: await complaintsAbout(types, found) };
  const subject = types.find(found.type) === undefined ? [] : await checkDefinition(types, found);
  return 'length' in subject && subject.length > 0 ? { complaints: subject } : { definition: found, complaints: [] };
}
