/**
 * What is remembered of definitions beyond their runs and firings: the highest trigger id ever given, and renames that have
 * begun. A rename is forgotten when the file has its new name.
 */
export const JOBS_004 = `
  CREATE TABLE trigger_id (definition TEXT PRIMARY KEY, highest INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE renaming (
    definition TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    toDefinition TEXT NOT NULL,
    toName TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
