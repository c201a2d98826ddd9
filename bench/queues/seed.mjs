// A history for the PostgreSQL engine, made by the server itself: jobs of thirty days, each with its child, of two hundred
// definitions, and the firings that started them.

const DAYS = 30;
const DEFINITIONS = 200;
const UNFINISHED = 500;

/** Fills the schema of an engine that has none yet with `instances` rows. */
export async function seed(database, schema, instances) {
  const jobs = Math.floor(instances / 2);
  await database.query(`SELECT ${schema}.ensure_day(current_date - d) FROM generate_series(0, ${DAYS}) AS d`);
  // The counts are added up once at the end, not by half a million calls.
  await database.query(`ALTER TABLE ${schema}.instance DISABLE TRIGGER USER`);
  const perDay = Math.ceil(jobs / DAYS);
  for (let day = 0; day < DAYS; day += 1) await database.query(daySql(schema, day, perDay));
  await database.query(`UPDATE ${schema}.instance SET state = 'Running', end_time = NULL, exit_code = NULL WHERE id IN (SELECT id FROM ${schema}.instance WHERE parent_id IS NULL ORDER BY id DESC LIMIT ${UNFINISHED})`);
  await database.query(`UPDATE ${schema}.instance AS child SET state = 'Running', end_time = NULL FROM ${schema}.instance AS parent WHERE child.parent_id = parent.id AND parent.state = 'Running'`);
  await database.query(`INSERT INTO ${schema}.tally SELECT date_trunc('hour', end_time, 'UTC'), coalesce(definition_key, ''), state, count(*), coalesce(sum(output_bytes), 0) FROM ${schema}.instance WHERE parent_id IS NULL AND end_time IS NOT NULL GROUP BY 1, 2, 3`);
  await database.query(`INSERT INTO ${schema}.tally_total SELECT definition, state, sum(jobs), sum(bytes) FROM ${schema}.tally GROUP BY 1, 2`);
  await database.query(`ALTER TABLE ${schema}.instance ENABLE TRIGGER USER`);
  await database.query(`INSERT INTO ${schema}.trigger_clock SELECT 'bench/d' || n, 1, 'r', true, now() - interval '31 days', now(), now() + interval '1 hour', NULL FROM generate_series(0, ${DEFINITIONS - 1}) AS n`);
  await database.query('VACUUM ANALYZE');
}

/** UUIDv7s of moments that are spread over a day; a twentieth has failed, a fifth was started by hand. */
function daySql(schema, day, count) {
  return `
    INSERT INTO ${schema}.instance (day, instance_id, id, parent_id, name, type, state, reason, location, command, begin_time, end_time, exit_code, definition, definition_key, scheduled, origin, attempt, output_bytes, run, fence)
    SELECT made.at::date, uuid_of(made.at, 2 * made.n + part), 2 * (made.base + made.n) + part + 1, CASE WHEN part = 1 THEN 2 * (made.base + made.n) + 1 END,
      CASE WHEN part = 0 THEN 'Nightly' || made.d ELSE 'Job' || 2 * (made.base + made.n) + 2 END, 'BackgroundJob', made.state, CASE made.state WHEN 'Failed' THEN 'exit' END, 'localhost', 'make all',
      made.at, made.at + interval '20 seconds', CASE made.state WHEN 'Failed' THEN 3 ELSE 0 END,
      CASE WHEN part = 0 AND made.scheduled THEN jsonb_build_object('key', 'bench/d' || made.d, 'name', 'D' || made.d, 'path', '/srv/definitions/D' || made.d || '.yaml') END,
      CASE WHEN part = 0 AND made.scheduled THEN 'bench/d' || made.d END, part = 0 AND made.scheduled,
      CASE WHEN part = 1 THEN jsonb_build_object('kind', 'parent', 'parentId', 2 * (made.base + made.n) + 1) WHEN made.scheduled THEN jsonb_build_object('kind', 'trigger', 'triggerId', '1', 'dueAt', made.at, 'catchUp', false) ELSE '{"kind":"demand","runNow":false}'::jsonb END,
      1, 1000, CASE WHEN part = 1 THEN jsonb_build_object('carries', uuid_of(made.at, 2 * made.n)) END, part
    FROM (
      SELECT n, ${(DAYS - 1 - day) * count}::bigint AS base, n % ${DEFINITIONS} AS d, n % 5 <> 0 AS scheduled, CASE WHEN n % 20 = 7 THEN 'Failed' ELSE 'Completed' END AS state,
        date_trunc('day', now(), 'UTC') - interval '${day} days' + (n::float8 / ${count}) * interval '23 hours' * CASE WHEN ${day} = 0 THEN greatest(extract(hour FROM now() AT TIME ZONE 'UTC'), 1) / 24 ELSE 1 END AS at
      FROM generate_series(0, ${count - 1}) AS n) AS made, LATERAL (VALUES (0), (1)) AS parts (part),
      LATERAL (SELECT NULL) AS nothing;
    INSERT INTO ${schema}.firing (definition, trigger_id, due_at, last_due_at, count, decided_at, word, instance_id)
      SELECT definition_key, 1, begin_time, begin_time, 1, begin_time, 'Started', instance_id::text FROM ${schema}.instance WHERE day = (current_date - ${day}) AND definition_key IS NOT NULL`
    .replaceAll(/uuid_of\(([^,()]+), ([^()]+)\)/g, (_, at, n) => `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex((${n})::bigint), 15, '0'))::uuid`);
}
