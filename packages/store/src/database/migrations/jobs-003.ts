/**
 * What the scheduler needs: waiting instances, closed attempts, trigger clocks, firings, and who owns a namespace.
 * `definitionKey` is the key of a job's definition, without its children: what overlap and retention go by.
 */
export const JOBS_003 = `
  ALTER TABLE instance ADD COLUMN notBefore INTEGER;
  ALTER TABLE instance ADD COLUMN queued INTEGER;
  ALTER TABLE instance ADD COLUMN launch TEXT;
  ALTER TABLE instance ADD COLUMN definitionKey TEXT;
  UPDATE instance SET definitionKey = definition ->> 'key' WHERE parentId IS NULL AND definition IS NOT NULL;
  CREATE INDEX instance_definition_unfinished ON instance (definitionKey) WHERE definitionKey IS NOT NULL AND state NOT IN ('Completed', 'Failed', 'Stopped');
  CREATE INDEX instance_definition_end ON instance (definitionKey, endTime) WHERE definitionKey IS NOT NULL AND endTime IS NOT NULL;
  CREATE TABLE attempt (
    instanceId TEXT NOT NULL REFERENCES instance (instanceId) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    beginTime INTEGER,
    endTime INTEGER,
    reason TEXT,
    statusMessage TEXT,
    exitCode INTEGER,
    signal TEXT,
    PRIMARY KEY (instanceId, attempt)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE trigger_clock (
    definition TEXT NOT NULL,
    triggerId INTEGER NOT NULL,
    revision TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    knownSince INTEGER NOT NULL,
    lastDueAt INTEGER,
    nextDueAt INTEGER,
    event TEXT,
    PRIMARY KEY (definition, triggerId)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE firing (
    definition TEXT NOT NULL,
    triggerId INTEGER NOT NULL,
    dueAt INTEGER NOT NULL,
    lastDueAt INTEGER NOT NULL,
    count INTEGER NOT NULL,
    decidedAt INTEGER NOT NULL,
    word TEXT NOT NULL,
    reason TEXT,
    instanceId TEXT,
    text TEXT
  ) STRICT;
  CREATE UNIQUE INDEX firing_due ON firing (definition, triggerId, dueAt) WHERE word <> 'Void';
  CREATE INDEX firing_newest ON firing (lastDueAt);
  CREATE INDEX firing_newest_of_definition ON firing (definition, lastDueAt);
  CREATE TABLE owner (
    namespace TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    host TEXT NOT NULL,
    boot TEXT NOT NULL,
    pid INTEGER NOT NULL,
    startTime TEXT NOT NULL,
    heartbeatAt INTEGER NOT NULL,
    since INTEGER NOT NULL,
    state TEXT NOT NULL,
    definitions INTEGER NOT NULL,
    triggers INTEGER NOT NULL,
    nextDueAt INTEGER,
    lagMs INTEGER
  ) STRICT, WITHOUT ROWID;
`;
