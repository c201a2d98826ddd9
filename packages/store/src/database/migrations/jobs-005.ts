/**
 * What people are to be told. News is written by the database itself, in the transaction that ends a run or skips a due time,
 * whichever process that is; but only where somebody wants it: a namespace without a row in `hook` makes none. `outcome` keeps
 * what the next end is compared with, for the runs themselves may be pruned by then.
 *
 *     hook      who is told, and since which news        outcome   how the last run of a definition ended
 *     news      what happened and was not looked at yet  delivery  one event for one hook, until it has arrived
 *     alarm     "did not run" was told, and still holds
 */
export const JOBS_005 = `
  CREATE TABLE hook (
    namespace TEXT NOT NULL,
    id TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (namespace, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE outcome (
    definition TEXT PRIMARY KEY,
    seenAt INTEGER NOT NULL,
    state TEXT,
    completedAt INTEGER
  ) STRICT, WITHOUT ROWID;
  INSERT INTO outcome
    SELECT definitionKey, min(endTime),
      (SELECT state FROM instance latest WHERE latest.definitionKey = job.definitionKey AND latest.endTime IS NOT NULL
        AND (latest.origin ->> 'kind' = 'trigger' OR latest.origin ->> 'runNow') ORDER BY endTime DESC, id DESC LIMIT 1),
      max(CASE WHEN state = 'Completed' THEN endTime END)
    FROM instance job WHERE definitionKey IS NOT NULL AND endTime IS NOT NULL AND (origin ->> 'kind' = 'trigger' OR origin ->> 'runNow')
    GROUP BY definitionKey;
  CREATE TABLE news (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    definition TEXT NOT NULL,
    at INTEGER NOT NULL,
    facts TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER news_of_end AFTER UPDATE OF state ON instance
    WHEN new.parentId IS NULL AND new.definitionKey IS NOT NULL
      AND new.state IN ('Completed', 'Failed', 'Stopped') AND old.state NOT IN ('Completed', 'Failed', 'Stopped')
      AND (new.origin ->> 'kind' = 'trigger' OR new.origin ->> 'runNow')
    BEGIN
      INSERT INTO news (definition, at, facts)
        SELECT new.definitionKey, coalesce(new.endTime, 0), json_object(
          'is', 'ended', 'job', new.id, 'instanceId', new.instanceId, 'name', new.definition ->> 'name', 'path', new.definition ->> 'path',
          'state', new.state, 'before', (SELECT state FROM outcome WHERE definition = new.definitionKey),
          'statusMessage', new.statusMessage, 'dueAt', new.origin ->> 'dueAt')
        WHERE EXISTS (SELECT 1 FROM hook WHERE namespace = substr(new.definitionKey, 1, instr(new.definitionKey, '/') - 1));
      INSERT INTO outcome (definition, seenAt, state, completedAt)
        VALUES (new.definitionKey, coalesce(new.endTime, 0), new.state, CASE WHEN new.state = 'Completed' THEN new.endTime END)
        ON CONFLICT (definition) DO UPDATE SET state = excluded.state, completedAt = coalesce(excluded.completedAt, completedAt);
    END;
  CREATE TRIGGER news_of_misfire AFTER INSERT ON firing
    WHEN new.word = 'Skipped' AND new.reason = 'misfire'
      AND EXISTS (SELECT 1 FROM hook WHERE namespace = substr(new.definition, 1, instr(new.definition, '/') - 1))
    BEGIN
      INSERT INTO news (definition, at, facts)
        VALUES (new.definition, new.decidedAt, json_object(
          'is', 'missed', 'triggerId', new.triggerId, 'dueAt', new.dueAt, 'lastDueAt', new.lastDueAt, 'count', new.count));
    END;
  CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    namespace TEXT NOT NULL,
    hook TEXT NOT NULL,
    label TEXT NOT NULL,
    eventId TEXT NOT NULL,
    definition TEXT NOT NULL,
    body TEXT NOT NULL,
    tries INTEGER NOT NULL,
    nextAt INTEGER NOT NULL,
    instanceId TEXT,
    problem TEXT,
    failedAt INTEGER,
    UNIQUE (namespace, hook, eventId)
  ) STRICT;
  CREATE INDEX delivery_pending ON delivery (hook, nextAt) WHERE failedAt IS NULL;
  CREATE TABLE alarm (
    hook TEXT NOT NULL,
    definition TEXT NOT NULL,
    toldAt INTEGER NOT NULL,
    PRIMARY KEY (hook, definition)
  ) STRICT, WITHOUT ROWID;
`;
