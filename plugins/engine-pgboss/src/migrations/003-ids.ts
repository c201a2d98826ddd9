/**
 * Jobs of the engine are told from those of a machine by their ids: those of a machine begin with 1, and on a machine that has
 * both, `receive-job 1` would be asked which one is meant. A machine that has started a million jobs is asked again.
 *
 * Only where no job has an id yet. What exists keeps its own, and those that follow go on behind it.
 */
export const IDS_003 = `
  ALTER SEQUENCE instance_number START 1000001;
  SELECT setval('instance_number', 1000001, false) FROM instance_number WHERE NOT is_called;
`;
