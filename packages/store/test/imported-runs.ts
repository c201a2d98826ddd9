import type { ImportedRun } from '@nightshift/sdk';

/** The instance id of a job that had this id. */
export const instanceIdOf = (id: number): string => `019b7000-0000-7000-8000-${id.toString(16).padStart(12, '0')}`;

export function run(id: number, facts: Partial<ImportedRun> = {}): ImportedRun {
  return {
    id, instanceId: instanceIdOf(id), name: `Job${id}`, type: 'BackgroundJob', state: 'Completed', location: 'localhost', command: 'true', origin: { kind: 'demand', runNow: false }, attempt: 1,
    beginTime: new Date(1_000 + id), endTime: new Date(2_000 + id), exitCode: 0, line: id, ...facts,
  };
}

/** A job and its child. */
export function family(id: number, facts: Partial<ImportedRun> = {}): readonly [ImportedRun, ImportedRun] {
  return [run(id, facts), run(id + 1, { parentId: id, origin: { kind: 'parent', parentId: id } })];
}
