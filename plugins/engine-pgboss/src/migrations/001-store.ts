/**
 * Instances, their attempts, output and readings, what is due, and the places in the queue.
 *
 * Whatever grows with the number of runs is partitioned by day: of the UUIDv7 of the instance, so that one id always falls into
 * one partition, or of the due time. Days are made by `ensure_day`, ahead and on demand, and go as a whole. Names without a
 * schema: the text is run with ours alone on the search path.
 *
 *     instance · attempt · segment · reading    by the day of the instance id       firing    by the day of the due time
 *     day          one row for each day: what is known of it without a look
 *     place        one row for each run that waits in the queue or is leased: small, and written at every renewal
 *     tally        finished jobs, by hour, definition and state; `tally_total` of all hours; `tally_change` what was added to neither yet
 *     gone         objects of the output store that are to be deleted
 *     upkeep       when each task that anybody may do was begun last
 */
export const STORE_001 = `
  CREATE SEQUENCE instance_number;
  CREATE FUNCTION take_ids(amount int) RETURNS bigint[] LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  DECLARE taken bigint[];
  BEGIN
    -- Neighbours stay neighbours: for the moment of counting alone, not until the end of the transaction.
    PERFORM pg_advisory_lock(hashtextextended(current_schema() || '.instance_number', 0));
    SELECT array_agg(nextval('instance_number')) INTO taken FROM generate_series(1, amount);
    PERFORM pg_advisory_unlock(hashtextextended(current_schema() || '.instance_number', 0));
    RETURN taken;
  END $$;

  CREATE TABLE instance (
    day date NOT NULL,
    instance_id uuid NOT NULL,
    id bigint NOT NULL,
    parent_id bigint,
    name text NOT NULL,
    type text NOT NULL,
    state text NOT NULL,
    reason text,
    status_message text,
    location text NOT NULL,
    command text NOT NULL,
    begin_time timestamptz,
    end_time timestamptz,
    exit_code int,
    signal text,
    definition jsonb,
    definition_key text,
    scheduled boolean NOT NULL,
    origin jsonb NOT NULL,
    attempt int NOT NULL,
    stop_reason text,
    output_bytes bigint,
    run jsonb,
    not_before timestamptz,
    queued boolean,
    launch text,
    route text,
    priority int,
    cap jsonb,
    fence bigint NOT NULL DEFAULT 0,
    -- The days of its children; null: all of its own day. Not to be told from its times, which a clock that was wrong has written.
    children_from date,
    children_until date,
    PRIMARY KEY (day, instance_id)
  ) PARTITION BY RANGE (day);
  CREATE INDEX instance_id_number ON instance (id);
  CREATE INDEX instance_parent ON instance (parent_id) WHERE parent_id IS NOT NULL;
  CREATE INDEX instance_name ON instance (lower(name), id) WHERE parent_id IS NULL;
  CREATE INDEX instance_unfinished ON instance (id) WHERE state NOT IN ('Completed', 'Failed', 'Stopped');
  CREATE INDEX instance_end ON instance (end_time DESC, id DESC) WHERE parent_id IS NULL AND end_time IS NOT NULL;
  CREATE INDEX instance_state_end ON instance (state, end_time DESC, id DESC) WHERE parent_id IS NULL AND end_time IS NOT NULL;
  CREATE INDEX instance_definition ON instance (definition_key, id) WHERE definition_key IS NOT NULL;
  CREATE INDEX instance_definition_end ON instance (definition_key, end_time DESC, id DESC) WHERE definition_key IS NOT NULL AND end_time IS NOT NULL;
  CREATE INDEX instance_definition_unfinished ON instance (definition_key) WHERE definition_key IS NOT NULL AND state NOT IN ('Completed', 'Failed', 'Stopped');
  CREATE INDEX instance_tail ON instance (reverse(instance_id::text) text_pattern_ops);

  CREATE TABLE attempt (
    day date NOT NULL,
    instance_id uuid NOT NULL,
    attempt int NOT NULL,
    begin_time timestamptz,
    end_time timestamptz,
    reason text,
    status_message text,
    exit_code int,
    signal text,
    PRIMARY KEY (day, instance_id, attempt)
  ) PARTITION BY RANGE (day);

  CREATE TABLE segment (
    day date NOT NULL,
    instance_id uuid NOT NULL,
    attempt int NOT NULL,
    channel text NOT NULL,
    position bigint NOT NULL,
    size int NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    bytes bytea,
    object text,
    PRIMARY KEY (day, instance_id, attempt, channel, position),
    CHECK ((bytes IS NULL) <> (object IS NULL))
  ) PARTITION BY RANGE (day);
  -- Not packed: a row is small, and mostly read once.
  ALTER TABLE segment ALTER COLUMN bytes SET STORAGE EXTERNAL;

  CREATE TABLE reading (
    day date NOT NULL,
    instance_id uuid NOT NULL,
    position text NOT NULL,
    reason_delivered boolean NOT NULL,
    warnings_delivered boolean NOT NULL,
    drained boolean NOT NULL,
    PRIMARY KEY (day, instance_id)
  ) PARTITION BY RANGE (day);

  CREATE TABLE place (
    instance_id uuid PRIMARY KEY,
    entry_id uuid NOT NULL,
    route text NOT NULL,
    type text NOT NULL,
    attempt int NOT NULL,
    priority int NOT NULL DEFAULT 0,
    cap_key text,
    cap_limit int,
    not_before timestamptz,
    waits_since timestamptz NOT NULL DEFAULT clock_timestamp(),
    host text,
    token text,
    lease_until timestamptz,
    wishes jsonb NOT NULL DEFAULT '{}'
  ) WITH (fillfactor = 60);
  CREATE INDEX place_entry ON place (entry_id);
  CREATE INDEX place_lease ON place (host) WHERE host IS NOT NULL;
  CREATE INDEX place_cap ON place (cap_key) WHERE cap_key IS NOT NULL AND host IS NOT NULL;

  CREATE TABLE trigger_clock (
    definition text NOT NULL,
    trigger_id int NOT NULL,
    revision text NOT NULL,
    enabled boolean NOT NULL,
    known_since timestamptz NOT NULL,
    last_due_at timestamptz,
    next_due_at timestamptz,
    event text,
    PRIMARY KEY (definition, trigger_id)
  );
  CREATE INDEX trigger_clock_next ON trigger_clock (next_due_at);
  CREATE TABLE trigger_id (definition text PRIMARY KEY, highest int NOT NULL);
  CREATE TABLE renaming (definition text PRIMARY KEY, name text NOT NULL, to_definition text NOT NULL, to_name text NOT NULL);

  CREATE SEQUENCE firing_number;
  CREATE TABLE firing (
    number bigint NOT NULL DEFAULT nextval('firing_number'),
    definition text NOT NULL,
    trigger_id int NOT NULL,
    due_at timestamptz NOT NULL,
    last_due_at timestamptz NOT NULL,
    count bigint NOT NULL,
    decided_at timestamptz NOT NULL,
    word text NOT NULL,
    reason text,
    instance_id text,
    text text
  ) PARTITION BY RANGE (due_at);
  CREATE UNIQUE INDEX firing_due ON firing (definition, trigger_id, due_at) WHERE word <> 'Void';
  CREATE INDEX firing_newest ON firing (last_due_at DESC, number DESC);
  CREATE INDEX firing_newest_of_definition ON firing (definition, last_due_at DESC, number DESC);
  CREATE INDEX firing_waiting ON firing (definition) WHERE word = 'Waiting';

  CREATE TABLE tally (
    hour timestamptz NOT NULL,
    definition text NOT NULL,
    state text NOT NULL,
    jobs bigint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (hour, definition, state)
  );
  CREATE TABLE tally_change (
    hour timestamptz NOT NULL,
    definition text NOT NULL,
    state text NOT NULL,
    jobs bigint NOT NULL,
    bytes bigint NOT NULL
  );
  CREATE TABLE tally_total (
    definition text NOT NULL,
    state text NOT NULL,
    jobs bigint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (definition, state)
  );
  CREATE INDEX tally_change_definition ON tally_change (definition);
  CREATE FUNCTION tally_end() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  BEGIN
    IF TG_OP <> 'INSERT' THEN
      INSERT INTO tally_change SELECT date_trunc('hour', OLD.end_time, 'UTC'), coalesce(OLD.definition_key, ''), OLD.state, -1, -coalesce(OLD.output_bytes, 0)
        WHERE OLD.parent_id IS NULL AND OLD.end_time IS NOT NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
      INSERT INTO tally_change SELECT date_trunc('hour', NEW.end_time, 'UTC'), coalesce(NEW.definition_key, ''), NEW.state, 1, coalesce(NEW.output_bytes, 0)
        WHERE NEW.parent_id IS NULL AND NEW.end_time IS NOT NULL;
    END IF;
    RETURN NULL;
  END $$;
  -- Cloned to every partition. In the schema of its table, whoever writes.
  CREATE TRIGGER tally_of_insert AFTER INSERT ON instance FOR EACH ROW WHEN (NEW.parent_id IS NULL AND NEW.end_time IS NOT NULL) EXECUTE FUNCTION tally_end();
  CREATE TRIGGER tally_of_update AFTER UPDATE OF end_time, state, definition_key, output_bytes ON instance FOR EACH ROW
    WHEN (NEW.parent_id IS NULL AND NEW.end_time IS NOT NULL AND (OLD.end_time, OLD.state, OLD.definition_key, OLD.output_bytes) IS DISTINCT FROM (NEW.end_time, NEW.state, NEW.definition_key, NEW.output_bytes))
    EXECUTE FUNCTION tally_end();
  CREATE TRIGGER tally_of_delete AFTER DELETE ON instance FOR EACH ROW WHEN (OLD.parent_id IS NULL AND OLD.end_time IS NOT NULL) EXECUTE FUNCTION tally_end();

  CREATE TABLE gone (object text PRIMARY KEY);
  CREATE TABLE upkeep (task text PRIMARY KEY, begun_at timestamptz NOT NULL);

  -- What is known of a day, so that who asks need not look into every one. Closed: everything of it has ended, and has ids and ends
  -- within these bounds. Whoever puts something into a closed day opens it again, in the same transaction.
  CREATE TABLE day (
    day date PRIMARY KEY,
    closed boolean NOT NULL DEFAULT false,
    low_id bigint,
    high_id bigint,
    last_end timestamptz
  );
  CREATE FUNCTION reopen_day() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  BEGIN
    UPDATE day SET closed = false WHERE day = NEW.day AND closed;
    RETURN NEW;
  END $$;
  -- False as long as something of the day has not ended. Holds back who writes to it until the end of the transaction.
  CREATE FUNCTION close_day(wanted date) RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  DECLARE
    made text := 'instance_' || to_char(wanted, 'YYYYMMDD');
    busy boolean;
  BEGIN
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', made);
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE end_time IS NULL OR state NOT IN (''Completed'', ''Failed'', ''Stopped''))', made) INTO busy;
    IF busy THEN RETURN false; END IF;
    EXECUTE format('CREATE OR REPLACE TRIGGER reopen BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION reopen_day()', made);
    EXECUTE format('UPDATE day SET closed = true, (low_id, high_id, last_end) = (SELECT min(id), max(id), max(end_time) FROM %I) WHERE day = $1', made) USING wanted;
    RETURN true;
  END $$;

  -- The partitions of one day. Made beside the table and then attached: readers and writers go on meanwhile.
  CREATE FUNCTION ensure_day(wanted date) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  DECLARE
    of_table text;
    made text;
    bounds text;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.days', 0));
    INSERT INTO day (day) VALUES (wanted) ON CONFLICT DO NOTHING;
    FOREACH of_table IN ARRAY ARRAY['instance', 'attempt', 'segment', 'reading', 'firing'] LOOP
      made := of_table || '_' || to_char(wanted, 'YYYYMMDD');
      -- By a look into the catalogue: to_regclass may remember from before we waited that there is nothing.
      IF EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = made AND relnamespace = current_schema()::regnamespace) THEN CONTINUE; END IF;
      bounds := CASE WHEN of_table = 'firing' THEN format('(%L) TO (%L)', wanted::text || ' 00:00:00+00', (wanted + 1)::text || ' 00:00:00+00') ELSE format('(%L) TO (%L)', wanted, wanted + 1) END;
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES)', made, of_table);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM %s', of_table, made, bounds);
    END LOOP;
  END $$;
`;
