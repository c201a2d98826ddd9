import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Calendar, DefinitionsPage, DueTimesPage, MissedPage, Now, Run, Written } from '../src/api.ts';
import { openPlace, until, type Place } from './place.ts';

const HOUR = 3_600_000;
const HOURLY = 'type: ScheduledJob\ntimeZone: UTC\njob: { command: [sh, -c, "echo $NIGHTSHIFT_DUE_AT"] }\ntriggers:\n  - cron: "0 * * * *"\n';

interface Planted {
  readonly key: string;
  /** The hour that has begun last. */
  readonly hour: number;
}

/** Due times of the last twelve hours, as a scheduler would have left them; whole hours, the newest is this one. */
async function plant(place: Place): Promise<Planted> {
  await until('the definition is known', async () => (await place.answer<DefinitionsPage>('/api/definitions')).loading === null);
  const [definition] = (await place.answer<DefinitionsPage>('/api/definitions')).definitions;
  const key = definition?.key as string;
  await place.post(`/api/definitions/${key}/start`);
  await until('the store is there', async () => (await place.host.getJobs({ states: ['Completed'] })).jobs.length === 1);
  const hour = Math.floor(Date.now() / HOUR) * HOUR;
  const database = new DatabaseSync(join(place.state, 'jobs.db'), { timeout: 5_000 });
  const insert = database.prepare('INSERT INTO firing (definition, triggerId, dueAt, lastDueAt, count, decidedAt, word, reason, instanceId, text) VALUES (?, 1, ?, ?, ?, ?, ?, ?, NULL, ?)');
  const firing = (from: number, to: number, word: string, reason: string | null = null, text: string | null = null): void => void insert.run(key, hour - from * HOUR, hour - to * HOUR, from - to + 1, hour - to * HOUR + 50, word, reason, text);
  firing(12, 12, 'Started');
  firing(11, 9, 'Skipped', 'misfire');
  firing(8, 8, 'Skipped', 'overlap');
  firing(7, 7, 'Skipped', 'condition', 'on battery');
  firing(6, 6, 'Skipped', 'disabled');
  firing(5, 5, 'Void');
  firing(4, 4, 'Skipped', 'misfire');
  database.prepare("INSERT INTO trigger_clock (definition, triggerId, revision, enabled, knownSince, lastDueAt, nextDueAt) VALUES (?, 1, '', 1, ?, ?, ?)").run(key, hour - 24 * HOUR, hour - 4 * HOUR, hour - 3 * HOUR);
  database.close();
  return { key, hour };
}

/** All pages: a busy machine gives fewer at a time. */
async function everyDueTime(place: Place, query: string): Promise<DueTimesPage['due']> {
  const seen: DueTimesPage['due'][number][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: DueTimesPage = await place.answer<DueTimesPage>(`/api/calendar/due?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...page.due);
    ({ cursor } = page);
  }
  return seen;
}

const iso = (time: number): string => new Date(time).toISOString();

describe('the calendar', () => {
  test('holds what was due against what became of it, each with its reason', async () => {
    await using place = await openPlace({ definitions: { Hourly: HOURLY } });
    const { key, hour } = await plant(place);
    const due = await everyDueTime(place, `from=${iso(hour - 12 * HOUR)}&to=${iso(hour + 2 * HOUR)}&definition=${encodeURIComponent(key)}`);
    expect(due.map(({ dueAt, count, outcome }) => [(Date.parse(dueAt) - hour) / HOUR, count, outcome])).toEqual([
      [-12, 1, 'on-time'], [-11, 3, 'misfire'], [-8, 1, 'overlap'], [-7, 1, 'condition'], [-6, 1, 'disabled'], [-5, 1, 'void'], [-4, 1, 'misfire'],
      [-3, 1, 'undecided'], [-2, 1, 'undecided'], [-1, 1, 'undecided'], ...(Date.now() - hour > 10_000 ? [[0, 1, 'undecided']] : []), [1, 1, 'due'],
    ]);
    expect(due.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['3 due times: missed: nobody was there to fire it', 'skipped: a condition was not met: on battery', 'void: made by a clock that was wrong', 'to come']) as string[]);
    expect(await everyDueTime(place, `from=${iso(hour - 12 * HOUR)}&to=${iso(hour)}&outcome=misfire`)).toHaveLength(2);
    const from = iso(hour - 24 * HOUR).slice(0, 10);
    const calendar = await place.answer<Calendar>(`/api/calendar?from=${from}&days=3&timeZone=UTC`);
    const sum = (outcome: 'misfire' | 'undecided' | 'overlap' | 'on-time' | 'void'): number => calendar.rows[0]?.cells.reduce((all, { outcomes }) => all + (outcomes[outcome] ?? 0), 0) as number;
    expect([sum('misfire'), sum('overlap'), sum('on-time'), sum('void')]).toEqual([4, 1, 1, 1]);
    expect(calendar.days.map(({ date }) => date)[0]).toBe(from);
    expect(calendar.rows[0]?.cells.some(({ reason }) => reason.includes('missed'))).toBe(true);
    expect((await place.answer<Now>('/api/now')).counts.missed24h).toBe(4);
  });

  test('lists due times in pieces, each once', async () => {
    await using place = await openPlace({ definitions: { Hourly: HOURLY } });
    const { hour } = await plant(place);
    const span = `from=${iso(hour - 12 * HOUR)}&to=${iso(hour + 5 * HOUR)}`;
    const all = (await everyDueTime(place, span)).map(({ dueAt }) => dueAt);
    expect((await everyDueTime(place, `${span}&limit=2`)).map(({ dueAt }) => dueAt)).toEqual(all);
    expect(all.length).toBeGreaterThanOrEqual(14);
  });

  test('says which days have a change of clocks, and what it moves', async () => {
    await using place = await openPlace({ definitions: { Early: 'type: ScheduledJob\ntimeZone: Europe/Berlin\njob: { command: ["true"] }\ntriggers:\n  - daily: { at: "02:30" }\n' } });
    await until('the definition is known', async () => (await place.answer<Calendar>('/api/calendar')).total === 1);
    const { days, rows } = await place.answer<Calendar>('/api/calendar?from=2027-03-27&days=3&timeZone=Europe/Berlin');
    expect(days.map(({ clockChange }) => clockChange)).toEqual([null, 'clocks go from 02:00 to 03:00', null]);
    expect(days.map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / HOUR)).toEqual([24, 23, 24]);
    expect(rows[0]?.cells.map(({ outcomes, moved }) => [outcomes.due, moved])).toEqual([[1, 0], [1, 1], [1, 0]]);
  });

  test.each(['from=2027-02-30', 'from=x', 'days=0', 'days=99', 'timeZone=Mars/Phobos', 'cursor=x'])('refuses %s', async (query) => {
    await using place = await openPlace();
    expect((await place.ask(`/api/calendar?${query}`)).status).toBe(400);
  });
});

describe('due times that were missed', () => {
  test('are shown first, then run with their due times, one after the other, and only once', async () => {
    await using place = await openPlace({ definitions: { Hourly: HOURLY } });
    const { key, hour } = await plant(place);
    const path = `/api/definitions/${key}`;
    const { missed, total, command } = await place.answer<MissedPage>(`${path}/missed`);
    expect([missed.map(({ dueAt }) => (Date.parse(dueAt) - hour) / HOUR), total]).toEqual([[-11, -10, -9, -4], 4]);
    expect(command).toBe("sh -c 'echo $NIGHTSHIFT_DUE_AT'");
    const wanted = missed.slice(2).map(({ triggerId, dueAt }) => ({ triggerId, dueAt }));
    const written = (await (await place.post(`${path}/run-missed`, { dueTimes: wanted.toReversed() })).json()) as Written;
    expect(written.errors).toEqual([]);
    expect(written.jobs.map(({ origin }) => origin)).toEqual(wanted.map(({ dueAt }) => ({ kind: 'trigger', triggerId: '1', dueAt, catchUp: true })));
    const [first, second] = written.jobs;
    await until('the first one has ended', async () => (await place.answer<Run>(`/api/jobs/${first?.id}`)).job.state === 'Completed');
    const { values: _, logs } = await place.answer<Run>(`/api/jobs/${first?.id}`);
    expect(logs[0]?.bytes).toBe(25);
    expect((await (await place.ask(`/api/jobs/${first?.id}/log/raw`)).text())).toBe(`${wanted[0]?.dueAt}\n`);
    // Nobody but a scheduler lets the second one go on.
    expect(await place.answer<Run>(`/api/jobs/${second?.id}`)).toMatchObject({ job: { state: 'NotStarted' }, why: { is: 'queued' } });
    expect((await place.answer<MissedPage>(`${path}/missed`)).missed.map(({ dueAt }) => (Date.parse(dueAt) - hour) / HOUR)).toEqual([-11, -10]);
    const again = (await (await place.post(`${path}/run-missed`, { dueTimes: wanted })).json()) as Written;
    expect(again).toMatchObject({ jobs: [], errors: [{ code: 'RunNowNotAllowed', message: expect.stringContaining(`job ${first?.id} is its run`) as string }] });
    const due = await everyDueTime(place, `from=${iso(hour - 4 * HOUR)}&to=${iso(hour - 3 * HOUR)}`);
    expect(due).toMatchObject([{ outcome: 'run-later', job: { id: second?.id } }]);
  });

  test('each become one job, though they are asked for twice at once, and by two servers', async () => {
    await using place = await openPlace({ definitions: { Hourly: HOURLY } });
    const { key } = await plant(place);
    await using second = await openPlace({ folder: place.folder });
    const { missed } = await place.answer<MissedPage>(`/api/definitions/${key}/missed`);
    await until('the second one knows the definition', async () => (await second.answer<DefinitionsPage>('/api/definitions')).loading === null);
    const dueTimes = missed.map(({ triggerId, dueAt }) => ({ triggerId, dueAt }));
    const answers = await Promise.all([place, second, place, second].map(async ({ post }) => (await (await post(`/api/definitions/${key}/run-missed`, { dueTimes })).json()) as Written));
    expect(answers.map(({ jobs, errors }) => [jobs.length, errors.map(({ code }) => code)]).toSorted()).toEqual([...Array.from({ length: 3 }, () => [0, ['RunNowNotAllowed']]), [4, []]]);
    const { jobs } = await place.host.getJobs({});
    expect(jobs.flatMap(({ origin }) => (origin.kind === 'trigger' ? [origin.dueAt] : [])).toSorted()).toEqual(missed.map(({ dueAt }) => dueAt));
  });

  test('are gone over in bounded steps, the oldest first, however many a row stands for', async () => {
    await using place = await openPlace({ definitions: { Hourly: HOURLY.replace('0 * * * *', '* * * * *') } });
    const { key, hour } = await plant(place);
    const database = new DatabaseSync(join(place.state, 'jobs.db'), { timeout: 5_000 });
    const oldest = hour - 18 * 24 * HOUR;
    for (const begin of [oldest, oldest + 8_000 * 60_000]) database.prepare("INSERT INTO firing (definition, triggerId, dueAt, lastDueAt, count, decidedAt, word, reason, instanceId, text) VALUES (?, 1, ?, ?, 8000, ?, 'Skipped', 'misfire', NULL, NULL)").run(key, begin, begin + 7_999 * 60_000, hour);
    database.close();
    const first = await place.answer<MissedPage>(`/api/definitions/${key}/missed?limit=500`);
    expect([first.total, first.missed[0]?.dueAt, first.missed.length]).toEqual([10_000, iso(oldest), 500]);
    const next = await place.answer<MissedPage>(`/api/definitions/${key}/missed?limit=500&cursor=${first.cursor}`);
    expect(next.missed[0]?.dueAt).toBe(iso(oldest + 500 * 60_000));
  });

  test.each([
    ['what was due and started', -12, 'its word is Started'],
    ['what was skipped for another reason', -8, 'its word is Skipped, overlap'],
    ['what nobody has decided', -2, 'the scheduler has not decided it yet'],
    ['what is to come', 1, 'nothing was due then'],
    ['an instant between two due times', -10.5, 'nothing was due then'],
    ['an instant before anything was due', -13, 'nothing was due then'],
  ] as const)('are no other: %s is refused', async (_what, hours, because) => {
    await using place = await openPlace({ definitions: { Hourly: HOURLY } });
    const { key, hour } = await plant(place);
    const { jobs, errors } = (await (await place.post(`/api/definitions/${key}/run-missed`, { dueTimes: [{ triggerId: 1, dueAt: iso(hour + hours * HOUR) }] })).json()) as Written;
    expect([jobs, errors.map(({ code, message }) => [code, message.includes(because)])]).toEqual([[], [['RunNowNotAllowed', true]]]);
  });
});
