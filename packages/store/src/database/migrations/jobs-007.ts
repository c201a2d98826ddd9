/**
 * Whoever counts what has failed since yesterday, and what has been missed, looks into the index alone: among a million rows
 * there are thousands of a day. How the last run of each definition ended stands there as well, and
 * what waits for an idle machine has an index of its own: there is hardly ever any.
 */
export const JOBS_007 = `
  DROP INDEX instance_end;
  CREATE INDEX instance_end ON instance (endTime, state) WHERE parentId IS NULL AND endTime IS NOT NULL;
  DROP INDEX instance_definition_end;
  CREATE INDEX instance_definition_end ON instance (definitionKey, endTime, state) WHERE definitionKey IS NOT NULL AND endTime IS NOT NULL;
  DROP INDEX firing_newest;
  CREATE INDEX firing_newest ON firing (lastDueAt, word, reason, count);
  CREATE INDEX firing_waiting ON firing (definition) WHERE word = 'Waiting';
`;
