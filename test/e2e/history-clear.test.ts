import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from './product.ts';

const DAY = 86_400_000;

/** Nightly, with a clock, was due on each of the last ten days; Gone, which has no file any more, on each of the last three. */
async function withHistory(): Promise<Place> {
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  writeFileSync(join(place.work, 'nightshift.yaml'), 'namespace: p\n');
  writeFileSync(join(place.work, 'definitions/Nightly.yaml'), 'type: ScheduledJob\njob:\n  command: [echo, hi]\ntriggers:\n  - daily: { at: "03:00" }\n');
  await place.stdoutOf('start-job', '--persist', '--wait', '--', 'true');
  using database = new DatabaseSync(join(place.state, 'jobs.db'));
  const insert = database.prepare("INSERT INTO firing (definition, triggerId, dueAt, lastDueAt, count, decidedAt, word) VALUES (?, 1, ?, ?, 1, ?, 'Started')");
  for (const [name, days] of [['p/nightly', 10], ['p/gone', 3]] as const) {
    for (let day = 1; day <= days; day++) {
      const due = Date.now() - day * DAY;
      insert.run(name, due, due, due);
    }
  }
  database.prepare("INSERT INTO trigger_clock (definition, triggerId, revision, enabled, knownSince, lastDueAt) VALUES ('p/nightly', 1, 'r', 1, 0, ?)").run(Date.now() - DAY);
  return place;
}

const clear = (place: Place, ...args: string[]): ReturnType<Place['run']> => place.run('nightshift', ['history', '--clear', ...args]);
async function left(place: Place): Promise<object> {
  const { firings } = JSON.parse(await place.stdoutOf('nightshift', 'history', '-o', 'json')) as { firings: { definition: string }[] };
  return { nightly: firings.filter(({ definition }) => definition === 'Nightly').length, gone: firings.filter(({ definition }) => definition === 'gone').length };
}

describe('nightshift history --clear', () => {
  test('forgets what was due before a time, of all definitions', async () => {
    const place = await withHistory();
    expect(await clear(place, '--before', '60h')).toMatchObject({ code: 0, stdout: '', stderr: 'history: 9 due times forgotten; the newest of each trigger stays\n' });
    expect(await left(place)).toEqual({ nightly: 2, gone: 2 });
    expect(await place.jobs('--all')).toHaveLength(1);
  });

  test('forgets all of a definition that is gone, and of one that is there all but the newest', async () => {
    const place = await withHistory();
    expect(await clear(place, 'gone', 'Nightly')).toMatchObject({ code: 0, stderr: 'history: 12 due times forgotten; the newest of each trigger stays\n' });
    expect(await left(place)).toEqual({ nightly: 1, gone: 0 });
    expect(await clear(place, '*')).toMatchObject({ code: 0, stderr: 'history: 0 due times forgotten; the newest of each trigger stays\n' });
  });

  test('says what it would forget, and asks only at a terminal', async () => {
    const place = await withHistory();
    expect(await clear(place, '*', '--what-if')).toMatchObject({ code: 0, stdout: '', stderr: 'What if: forget 3 due times of gone\nWhat if: forget 9 due times of Nightly\n' });
    expect(await clear(place, '*', '--confirm')).toMatchObject({ code: 5, stderr: expect.stringContaining('ConfirmationRequired') as string });
    expect(await left(place)).toEqual({ nightly: 10, gone: 3 });
    expect(await clear(place, 'g*', '--confirm', '--yes')).toMatchObject({ code: 0 });
    expect(await left(place)).toEqual({ nightly: 10, gone: 0 });
  });

  test.each([
    [[], 'MissingMandatoryParameter', 2],
    [['Nightly', '--since', '3d'], 'InvalidParameterCombination', 2],
    [['Nightly', '--before', 'yesterday'], 'ParameterArgumentTransformationError', 2],
    [['Nihgtly'], 'ScheduledJobDefinitionNotFoundByName', 4],
  ] as const)('with %j is %s, and nothing is forgotten', async (args, code, status) => {
    const place = await withHistory();
    expect(await clear(place, ...args)).toMatchObject({ code: status, stderr: expect.stringContaining(`history: ${code}: `) as string });
    expect(await left(place)).toEqual({ nightly: 10, gone: 3 });
  });

  test('is what --before and --what-if are for', async () => {
    const place = await withHistory();
    expect(await place.run('nightshift', ['history', 'Nightly', '--before', '3d'])).toMatchObject({ code: 2, stderr: expect.stringContaining('InvalidParameterCombination') as string });
  });
});
