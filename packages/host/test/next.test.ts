import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomDelay } from '@nightshift/scheduler';
import type { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createHost } from '../src/create-host.ts';
import type { NextRequest } from '../src/next.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

/** A project with these definitions, each given by what stands under its `job`. */
function project(definitions: Readonly<Record<string, string>>, config = 'namespace: ops\ntimeZone: UTC') {
  const root = temporaryFolder();
  mkdirSync(join(root, '.git'));
  write(join(root, 'nightshift.yaml'), config);
  for (const [name, text] of Object.entries(definitions)) write(join(root, 'definitions', `${name}.yaml`), `job: { command: [echo] }\n${text}`);
  const warnings: JobError[] = [];
  const environment = { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root };
  const next = async (request: Partial<NextRequest>) => {
    await using host = createHost({ environment, workingDirectory: root, warn: (warning) => warnings.push(warning) });
    return (await host.wiring()).next({ names: [], count: 10, all: false, ...request });
  };
  /** Each due time as it is shown, with name and trigger. */
  const shown = async (request: Partial<NextRequest>) => (await next(request)).dueTimes.map(({ local, trigger }) => `${local} ${trigger.definition} ${trigger.triggerId}`);
  const told = async (request: Partial<NextRequest>) => (await next(request)).problems.map(({ code, message, hint = '' }) => `${code}: ${message}; ${hint}`);
  return { root, next, shown, told, warnings };
}

const NIGHTLY = 'timeZone: Europe/Berlin\ntriggers: [{ daily: { at: "02:30" } }]';
const FROM = '2027-03-27T00:00:00Z';

describe('due times', () => {
  test('are shown on the wall of their zone, with what a change of clocks made of them', async () => {
    const { next } = project({ Nightly: NIGHTLY });
    const { dueTimes } = await next({ names: ['Nightly'], count: 3, from: FROM });
    expect(dueTimes).toMatchObject([
      { local: '2027-03-27T02:30:00+01:00', dueAt: new Date('2027-03-27T01:30Z'), trigger: { definition: 'Nightly', triggerId: 1, kind: 'daily', timeZone: 'Europe/Berlin' } },
      { local: '2027-03-28T03:00:00+02:00', clockNote: 'moved out of a DST gap', change: { from: '2027-03-28T02:00:00+01:00', to: '2027-03-28T03:00:00+02:00' } },
      { local: '2027-03-29T02:30:00+02:00' },
    ]);
    expect(Object.keys(dueTimes[0] as object).toSorted()).toEqual(['dueAt', 'local', 'trigger']);
  });

  test('of all definitions come in one order, as many as were asked for', async () => {
    const { shown } = project({ A: 'triggers: [{ cron: "0 */6 * * *" }, { cron: "0 6 * * *" }]', B: 'triggers: [{ id: 7, daily: { at: "06:00" } }]' });
    expect(await shown({ count: 5, from: '2027-03-27' })).toEqual(['2027-03-27T06:00:00+00:00 A 1', '2027-03-27T06:00:00+00:00 A 2', '2027-03-27T06:00:00+00:00 B 7', '2027-03-27T12:00:00+00:00 A 1', '2027-03-27T18:00:00+00:00 A 1']);
  });

  test('begin after one time and end with the other', async () => {
    const { shown } = project({ A: 'triggers: [{ cron: "0 * * * *" }]' });
    expect(await shown({ from: '2027-03-27T03:00Z', until: '2027-03-27T05:00Z' })).toEqual(['2027-03-27T04:00:00+00:00 A 1', '2027-03-27T05:00:00+00:00 A 1']);
    expect(await shown({ from: '2027-03-27T03:00Z', until: '2027-03-27T02:00Z' })).toEqual([]);
  });

  test('begin now unless something else is said', async () => {
    const { next } = project({ A: 'triggers: [{ every: 1h }]' });
    const before = Date.now();
    const { dueTimes } = await next({ count: 1 });
    expect((dueTimes[0]?.dueAt.getTime() as number) - 3_600_000).toBeGreaterThanOrEqual(before);
    expect((dueTimes[0]?.dueAt.getTime() as number) - 3_600_000).toBeLessThanOrEqual(Date.now());
  });

  test('of triggers that count from when they are first seen are counted from where the question begins', async () => {
    const { shown } = project({ A: 'triggers: [{ daily: { at: "04:15", daysInterval: 3 } }, { every: 20h }]' });
    expect(await shown({ from: '2026-11-22T10:00Z', count: 4 })).toEqual(['2026-11-23T06:00:00+00:00 A 2', '2026-11-24T02:00:00+00:00 A 2', '2026-11-24T22:00:00+00:00 A 2', '2026-11-25T04:15:00+00:00 A 1']);
  });

  test('of an hour for 48 hours are 49', async () => {
    const { shown } = project({ A: 'triggers: [{ once: { at: 2026-12-24T18:00, repetitionInterval: 1h, repetitionDuration: 48h } }]' });
    const due = await shown({ from: '2026-11-22T10:00Z', count: 100 });
    expect([due.length, due[0], due[48]]).toEqual([49, '2026-12-24T18:00:00+00:00 A 1', '2026-12-26T18:00:00+00:00 A 1']);
  });

  test('are there without a store being touched', async () => {
    const { root, shown } = project({ A: 'triggers: [{ daily: { at: "03:00" } }]' });
    expect(await shown({ count: 1, from: FROM })).toHaveLength(1);
    expect(existsSync(join(root, 'state'))).toBe(false);
  });
});

describe('the zone', () => {
  test('of a trigger is its own, then that of the file, then that of the configuration', async () => {
    const { shown } = project({ A: 'timeZone: Asia/Tokyo\ntriggers: [{ daily: { at: "03:00" } }, { daily: { at: "03:00" }, timeZone: America/New_York }]', B: 'triggers: [{ daily: { at: "03:00" } }]' }, 'timeZone: Europe/Berlin');
    expect(await shown({ count: 3, from: '2027-01-01' })).toEqual(['2027-01-01T03:00:00+01:00 B 1', '2027-01-01T03:00:00-05:00 A 2', '2027-01-02T03:00:00+09:00 A 1']);
  });

  test('that is asked for is the one in which times are shown and read, and moves nothing', async () => {
    const { shown } = project({ Nightly: NIGHTLY });
    expect(await shown({ timeZone: 'Asia/Tokyo', from: '2027-03-28T09:00', count: 2 })).toEqual(['2027-03-28T10:00:00+09:00 Nightly 1', '2027-03-29T09:30:00+09:00 Nightly 1']);
  });

  test.each([['Nope/Zone', 'TimeZoneInvalid'], ['UTC+5', 'TimeZoneInvalid'], ['', 'TimeZoneInvalid']])('%j is refused', async (timeZone, code) => {
    const { next } = project({});
    expect(await complaintOf(() => next({ cron: '* * * * *', timeZone }))).toMatchObject({ code, hint: expect.stringContaining('Europe/Berlin') });
  });
});

test.each([['from', 'tomorrow'], ['until', '27.3.2027'], ['from', '']])('a wrong --%s is refused with an example', async (option, text) => {
  const { next } = project({});
  expect(await complaintOf(() => next({ cron: '* * * * *', [option]: text }))).toMatchObject({ code: 'ParameterArgumentTransformationError', message: expect.stringContaining(`--${option}`), hint: expect.stringContaining('2027-03-27T02:30') });
});

describe('what is switched off', () => {
  const DEFINITIONS = {
    Hidden: 'triggers: [{ daily: { at: "01:00" } }]\noptions: { showInTaskScheduler: false }',
    Off: 'triggers: [{ daily: { at: "02:00" } }]\nenabled: false',
    Half: 'triggers: [{ daily: { at: "03:00" }, enabled: false }, { daily: { at: "04:00" } }]',
  };

  test('is left out, and shown as disabled when all is asked for', async () => {
    const { next, shown } = project(DEFINITIONS);
    expect(await shown({ from: FROM, count: 1 })).toEqual(['2027-03-27T04:00:00+00:00 Half 2']);
    const { dueTimes } = await next({ from: FROM, count: 4, all: true });
    expect(dueTimes.map(({ trigger }) => [trigger.definition, trigger.isDisabled])).toEqual([['Hidden', false], ['Off', true], ['Half', true], ['Half', false]]);
  });

  test('is told of when it was asked for by name', async () => {
    const { next } = project(DEFINITIONS);
    expect((await next({ names: ['off', 'Hidden', 'Half'] })).leftOut).toEqual([{ name: 'Off', because: 'disabled' }, { name: 'Hidden', because: 'hidden' }]);
    expect((await next({ names: ['*'] })).leftOut).toEqual([]);
    expect((await next({ names: ['off'], all: true })).leftOut).toEqual([]);
  });
});

describe('names', () => {
  const DEFINITIONS = { Nightly: NIGHTLY, Nightlong: NIGHTLY, Weekly: NIGHTLY };

  test('are found without regard to case, each definition once', async () => {
    const { next } = project(DEFINITIONS);
    const { dueTimes, triggers } = await next({ names: ['nightly', 'NIGHT*', '*ly'], count: 3, from: FROM });
    expect(triggers.map(({ definition }) => definition)).toEqual(['Nightly', 'Nightlong', 'Weekly']);
    expect(dueTimes.map(({ trigger }) => trigger.definition)).toEqual(['Nightly', 'Nightlong', 'Weekly']);
  });

  test('say which definition the answer is about when there is one and it is no pattern', async () => {
    const { next } = project(DEFINITIONS);
    expect((await next({ names: ['nightly'] })).definition).toBe('Nightly');
    expect((await next({ names: ['nightly', 'NIGHTLY'] })).definition).toBe('Nightly');
    for (const names of [[], ['Nightly', 'Weekly'], ['Nightly*'], ['Weekl[y]'], ['Nope']]) expect((await next({ names })).definition).toBeUndefined();
  });

  test('that nothing has are complained about, the others are answered', async () => {
    const { shown, told } = project(DEFINITIONS);
    expect(await told({ names: ['Nigtly', 'Weekly', 'Zzz'], from: FROM })).toEqual([
      expect.stringMatching(/^ScheduledJobDefinitionNotFoundByName: no definition is named "Nigtly" \(.*definitions\); did you mean Nightly\? nightshift next Nightly$/),
      expect.stringMatching(/^ScheduledJobDefinitionNotFoundByName: no definition is named "Zzz" \(.*definitions\); $/),
    ]);
    expect(await shown({ names: ['Nigtly', 'Weekly'], from: FROM, count: 1 })).toEqual(['2027-03-27T02:30:00+01:00 Weekly 1']);
  });

  test('with wildcards may fit nothing', async () => {
    const { next } = project(DEFINITIONS);
    expect(await next({ names: ['z*'] })).toMatchObject({ dueTimes: [], problems: [] });
  });

  test('that cannot be names are refused', async () => {
    const { next } = project(DEFINITIONS);
    expect(await complaintOf(() => next({ names: ['../Nightly'] }))).toMatchObject({ code: 'InvalidDefinitionName' });
  });

  test('are looked for in another folder when one is given', async () => {
    const { root, shown, next } = project(DEFINITIONS);
    write(join(root, 'more', 'Extra.yaml'), `job: { command: [echo] }\n${NIGHTLY}`);
    expect(await shown({ definitionPath: 'more', count: 1, from: FROM })).toEqual(['2027-03-27T02:30:00+01:00 Extra 1']);
    expect(await complaintOf(() => next({ definitionPath: 'nowhere' }))).toMatchObject({ code: 'DirectoryNotFoundException' });
  });
});

describe('definitions with mistakes', () => {
  test('are complained about with place, whatever the mistake is; the others are answered', async () => {
    const { next, root } = project({ Good: NIGHTLY, Bad: 'triggers: [{ cron: "61 * * * *" }]\nenabled: yes' });
    write(join(root, 'definitions', 'Job.yaml'), 'job: { comand: [echo] }\ntriggers: [{ daily: { at: "03:00" } }]');
    write(join(root, 'definitions', 'Plain.yaml'), 'type: BackgroundJob\njob: { command: [echo] }\ntriggers: [{ daily: { at: "03:00" } }]');
    const { dueTimes, problems } = await next({ count: 3, from: FROM });
    expect(dueTimes.map(({ trigger }) => trigger.definition)).toEqual(['Good', 'Good', 'Good']);
    expect(problems.map(({ code, file = '', line }) => [code, file.split('/').at(-1), line])).toEqual(expect.arrayContaining([['CronExpressionInvalid', 'Bad.yaml', 2], ['DefinitionValueInvalid', 'Bad.yaml', 3], ['DefinitionKeyUnknown', 'Job.yaml', 1], ['DefinitionKeyUnknown', 'Plain.yaml', 3]]));
  });

  test('of a job type that is not installed are due all the same', async () => {
    const { root, next } = project({});
    write(join(root, 'definitions', 'Foreign.yaml'), 'type: NoteJob\njob: { note: x }\ntriggers: [{ daily: { at: "03:00" } }]');
    expect(await next({ names: ['Foreign'], count: 1, from: FROM })).toMatchObject({ dueTimes: [{ local: '2027-03-27T03:00:00+00:00' }], problems: [] });
  });
});

describe('triggers', () => {
  const TWO = 'triggers: [{ daily: { at: "03:00" } }, { id: 9, daily: { at: "04:00" } }, { atStartup: {} }]';

  test('can be asked for by id', async () => {
    const { shown } = project({ A: TWO });
    expect(await shown({ triggerIds: [9], count: 2, from: FROM })).toEqual(['2027-03-27T04:00:00+00:00 A 9', '2027-03-28T04:00:00+00:00 A 9']);
  });

  test('that no definition has are complained about, the others are answered', async () => {
    const { shown, told } = project({ A: TWO, B: NIGHTLY });
    expect(await told({ names: ['A'], triggerIds: [1, 2] })).toEqual(['ScheduledJobTriggerNotFound: A has no trigger 2; there are 1, 9, 3']);
    expect(await told({ names: ['B'], triggerIds: [9] })).toEqual(['ScheduledJobTriggerNotFound: B has no trigger 9; there is 1']);
    expect(await told({ triggerIds: [1, 9, 100] })).toEqual(['ScheduledJobTriggerNotFound: none of the definitions has a trigger 100; there are 1, 9, 3']);
    expect(await shown({ names: ['A'], triggerIds: [1, 2], count: 1, from: FROM })).toEqual(['2027-03-27T03:00:00+00:00 A 1']);
  });

  test('that wait for an event have no due times, and words', async () => {
    const { next } = project({ A: TWO });
    const { dueTimes, triggers } = await next({ triggerIds: [3] });
    expect(dueTimes).toEqual([]);
    expect(await triggers[0]?.words()).toBe('at the first start of the scheduler after each boot');
  });
});

test('a random delay moves the start and not the due time, as everybody computes it', async () => {
  const { next } = project({ Nightly: 'timeZone: Europe/Berlin\ntriggers: [{ daily: { at: "01:00", randomDelay: 20m } }]' });
  const { dueTimes } = await next({ count: 40, from: FROM });
  for (const { dueAt, local, starts = '' } of dueTimes) {
    expect(local).toMatch(/T01:00:00\+0[12]:00$/);
    expect(starts).toMatch(/T01:[01]\d:\d\d\+0[12]:00$/);
    expect(Date.parse(starts)).toBe(Math.floor((dueAt.getTime() + randomDelay('ops/nightly', 1, dueAt, 1_200_000)) / 1_000) * 1_000);
  }
  expect(new Set(dueTimes.map(({ starts = '' }) => starts.slice(11, 19))).size).toBeGreaterThan(30);
});

describe('an expression', () => {
  test('stands for a trigger of the zone that is asked for, else of the configuration', async () => {
    const { next } = project({}, 'timeZone: Europe/Berlin');
    const request = { cron: '30 2 * * *', count: 1, from: '2027-03-28T00:00Z' };
    expect((await next(request)).dueTimes).toMatchObject([{ local: '2027-03-28T03:00:00+02:00', clockNote: 'moved out of a DST gap', trigger: { definition: '', kind: 'cron' } }]);
    expect((await next({ ...request, timeZone: 'UTC' })).dueTimes).toMatchObject([{ local: '2027-03-28T02:30:00+00:00' }]);
  });

  test('with two readings is warned about', async () => {
    const { next, warnings } = project({});
    await next({ cron: '0 0 13 * 5' });
    expect(warnings).toMatchObject([{ code: 'CronDayMatch' }]);
  });

  test.each([
    ['61 24 * * *', ['CronExpressionInvalid', 'CronExpressionInvalid']],
    ['0 0 30 2 *', ['CronNeverFires']],
    ['', ['CronExpressionInvalid']],
  ])('%j is refused with everything that is wrong with it', async (cron, codes) => {
    const { next } = project({});
    await expect(next({ cron })).rejects.toMatchObject({ errors: codes.map((code) => ({ code })) });
  });
});

test('warnings of files are given where they say something about due times, and only of what was asked for', async () => {
  const { next, warnings } = project({
    Both: 'triggers: [{ cron: "0 0 13 * 5" }]', Past: 'triggers: [{ once: { at: 2020-01-01T00:00 } }]',
    Gap: 'timeZone: Europe/Berlin\ntriggers: [{ once: { at: 2088-03-28T02:30 } }]', Other: 'triggers: [{ cron: "0 0 31 * 1" }]',
  });
  await next({ names: ['Both', 'Past', 'Gap'] });
  expect(warnings.map(({ code, file = '' }) => [code, file.split('/').at(-1)])).toEqual([['CronDayMatch', 'Both.yaml'], ['TriggerInPast', 'Past.yaml']]);
});
