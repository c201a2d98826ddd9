/** The next free id of a user's jobs, in one row. */
export const IDS_001 = `
  CREATE TABLE ids (next INTEGER NOT NULL) STRICT;
  INSERT INTO ids VALUES (1);
`;
