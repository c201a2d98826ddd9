import { checkDefinition, complaintsAbout, type Registry } from '@nightshift/core';
import { isBroken, type BrokenDefinition, type Definition, type JobError, type JobErrorFacts } from '@nightshift/sdk';

/** A definition that may run, or everything that its text and its types have against it. */
export interface Judged {
  readonly definition?: Definition;
  readonly complaints: readonly JobError[];
}

/** What would never start is no definition to the verbs. Of a type that a plugin brings nobody can say here. */
export async function judgeDefinition(types: Registry, found: Definition | BrokenDefinition): Promise<Judged> {
  if (isBroken(found)) return { complaints: await complaintsAbout(types, found) };
  const subject = types.find(found.type) === undefined ? [] : await checkDefinition(types, found);
  const complaints = 'length' in subject ? subject.filter((complaint) => !isOpen(types, complaint)) : [];
  return complaints.length > 0 ? { complaints } : { definition: found, complaints };
}

/** Whether nobody can say that a job type is missing, since plugins that could bring it have not been asked: looking runs none. */
export function isOpen({ unknown = [] }: Registry, { code }: JobErrorFacts): boolean {
  return code === 'JobTypeNotInstalled' && unknown.length > 0;
}
