/**
 * How many jobs are finished, in one row that follows the table: a listing says how many it leaves out, and to count a
 * hundred thousand of them would take it longer than everything else that it reads.
 */
export const JOBS_002 = `
  CREATE TABLE tally (finished INTEGER NOT NULL) STRICT;
  INSERT INTO tally SELECT count(*) FROM instance WHERE parentId IS NULL AND endTime IS NOT NULL;
  CREATE TRIGGER tally_insert AFTER INSERT ON instance WHEN new.parentId IS NULL AND new.endTime IS NOT NULL
    BEGIN UPDATE tally SET finished = finished + 1; END;
  CREATE TRIGGER tally_end AFTER UPDATE OF endTime ON instance WHEN new.parentId IS NULL AND old.endTime IS NULL AND new.endTime IS NOT NULL
    BEGIN UPDATE tally SET finished = finished + 1; END;
  CREATE TRIGGER tally_delete AFTER DELETE ON instance WHEN old.parentId IS NULL AND old.endTime IS NOT NULL
    BEGIN UPDATE tally SET finished = finished - 1; END;
`;
