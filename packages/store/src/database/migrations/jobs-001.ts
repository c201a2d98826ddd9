/** Instances and how far they were received. Times are milliseconds since 1970; names and types are compared without case. */
export const JOBS_001 = `
  CREATE TABLE instance (
    id INTEGER PRIMARY KEY,
    instanceId TEXT NOT NULL UNIQUE,
    parentId INTEGER REFERENCES instance (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    type TEXT NOT NULL COLLATE NOCASE,
    state TEXT NOT NULL,
    reason TEXT,
    statusMessage TEXT,
    location TEXT NOT NULL,
    command TEXT NOT NULL,
    beginTime INTEGER,
    endTime INTEGER,
    exitCode INTEGER,
    signal TEXT,
    definition TEXT,
    origin TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    stopReason TEXT,
    outputBytes INTEGER,
    runFolder TEXT,
    run TEXT
  ) STRICT;
  CREATE INDEX instance_parent ON instance (parentId);
  CREATE INDEX instance_name ON instance (name);
  CREATE INDEX instance_unfinished ON instance (id) WHERE state NOT IN ('Completed', 'Failed', 'Stopped');
  CREATE INDEX instance_end ON instance (endTime) WHERE parentId IS NULL AND endTime IS NOT NULL;
  CREATE TABLE cursor (
    instanceId TEXT PRIMARY KEY,
    position TEXT NOT NULL,
    reasonDelivered INTEGER NOT NULL,
    drained INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE store (boot TEXT NOT NULL) STRICT;
`;
