/**
 * What the queue keeps of a lease besides: its fence, the wishes as they were told last, and until when its entry is good (pg-boss ends
 * none that is older); and the hosts.
 *
 * No index on `lease_until`: it is written at every renewal, and a row whose indexed columns stay as they are is updated in
 * its page. Leases are found by `place_lease`.
 */
export const QUEUE_002 = `
  ALTER TABLE place
    ADD COLUMN fence bigint,
    ADD COLUMN told jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN entry_until timestamptz;
  CREATE INDEX place_route ON place (route);

  CREATE TABLE host (
    name text PRIMARY KEY,
    routes text[] NOT NULL,
    slots int NOT NULL,
    last_seen timestamptz NOT NULL
  );
`;
