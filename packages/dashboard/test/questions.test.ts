import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DefinitionDetails, DefinitionsPage, JobsPage, Now, Run, SearchAnswer, System } from '../src/api.ts';
import { ended, openPlace, start, until, type Place } from './place.ts';

const daily = (hour: number, more = ''): string => `type: ScheduledJob\ntimeZone: UTC\njob: { command: [sh, -c, "exit ${hour % 2}"] }\ntriggers:\n  - daily: { at: "${String(hour).padStart(2, '0')}:00" }\n${more}`;

async function loaded(place: Place): Promise<void> {
  await until('all definitions are known', async () => (await place.answer<DefinitionsPage>('/api/definitions')).loading === null);
}

const names = ({ definitions }: DefinitionsPage): readonly string[] => definitions.map(({ name }) => name);

describe('the definitions', () => {
  test('come with those first that are broken, and say where and why', async () => {
    await using place = await openPlace({ definitions: { Alpha: daily(1), Zulu: 'type: ScheduledJob\ntimezone: UTC\n', Bravo: daily(2) } });
    await loaded(place);
    const page = await place.answer<DefinitionsPage>('/api/definitions');
    expect(names(page)).toEqual(['Zulu', 'Alpha', 'Bravo']);
    expect(page.definitions[0]).toMatchObject({ shown: 'definitions/Zulu.yaml', line: 1, errors: [{ code: 'DefinitionKeyMissing' }, { code: 'DefinitionKeyUnknown', line: 2, excerpt: 'timezone: UTC\n^^^^^^^^', hint: 'did you mean "timeZone"?' }] });
    expect(page.definitions[1]).toMatchObject({ command: "sh -c 'exit 1'", line: 3, triggers: [{ id: 1, enabled: true, kind: 'daily', words: 'daily at 01:00, UTC' }], nextDueAt: expect.stringMatching(/T01:00:00\.000Z$/) as string });
    expect(page).toMatchObject({ total: 3, folders: [{ folder: 'definitions', definitions: 3, broken: 1 }], cursor: null });
  });

  test('are filtered, ordered and given in pieces', async () => {
    await using place = await openPlace({ definitions: { Alpha: daily(5), Bravo: daily(3, 'enabled: false\n'), Charlie: daily(4, 'description: brings the Post\n'), Delta: daily(6) } });
    await loaded(place);
    const ask = async (query: string): Promise<readonly string[]> => names(await place.answer<DefinitionsPage>(`/api/definitions?${query}`));
    expect(await ask('text=post')).toEqual(['Charlie']);
    expect(await ask('text=BRINGS+char')).toEqual(['Charlie']);
    expect(await ask('only=disabled')).toEqual(['Bravo']);
    expect(await ask('order=descending')).toEqual(['Delta', 'Charlie', 'Bravo', 'Alpha']);
    expect(await ask('folder=elsewhere')).toEqual([]);
    const next = await ask('sort=next');
    expect([next.at(-1), next.length]).toEqual(['Bravo', 4]);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: DefinitionsPage = await place.answer<DefinitionsPage>(`/api/definitions?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...names(page));
      ({ cursor } = page);
    }
    expect(seen).toEqual(['Alpha', 'Bravo', 'Charlie', 'Delta']);
  });

  test('change with their files, and no file is read for a question', async () => {
    await using place = await openPlace({ definitions: { Alpha: daily(1) } });
    await loaded(place);
    writeFileSync(join(place.definitions, 'Bravo.yaml'), daily(2), { mode: 0o644 });
    await until('a new one is known', async () => names(await place.answer<DefinitionsPage>('/api/definitions')).includes('Bravo'));
    writeFileSync(join(place.definitions, 'Alpha.yaml'), 'type: [', { mode: 0o644 });
    await until('a broken one is known', async () => (await place.answer<DefinitionsPage>('/api/definitions?only=broken')).total === 1);
    rmSync(join(place.definitions, 'Alpha.yaml'));
    await until('one that is gone is gone', async () => (await place.answer<DefinitionsPage>('/api/definitions')).total === 1);
    rmSync(place.definitions, { recursive: true });
    await until('a folder that is gone is told', async () => (await place.answer<System>('/api/system')).quarantined.some(({ why }) => why.startsWith('D')));
  });

  test('have a strip of their last results, oldest first', async () => {
    await using place = await openPlace({ definitions: { Even: daily(2), Odd: daily(3) } });
    await loaded(place);
    const { definitions } = await place.answer<DefinitionsPage>('/api/definitions');
    for (const { key } of definitions) {
      await place.post(`/api/definitions/${key}/start`);
      await until('it has ended', async () => (await place.answer<DefinitionDetails>(`/api/definitions/${key}`)).results.length === 1);
    }
    expect((await place.answer<DefinitionsPage>('/api/definitions')).definitions.map(({ name, results }) => [name, results.map(({ state }) => state)])).toEqual([['Even', ['Completed']], ['Odd', ['Failed']]]);
    expect(names(await place.answer<DefinitionsPage>('/api/definitions?only=failed'))).toEqual(['Odd']);
    expect(names(await place.answer<DefinitionsPage>('/api/definitions?sort=last'))).toEqual(['Odd', 'Even']);
    const details = await place.answer<DefinitionDetails>(`/api/definitions/${definitions[0]?.key}`);
    expect(details).toMatchObject({ jobs: [{ name: 'Even', state: 'Completed' }], commands: { start: 'start-job --definition-name Even', disable: 'disable-scheduled-job Even' } });
    const { sinceSuccess } = await place.answer<Run>(`/api/jobs/${details.jobs[0]?.id}`);
    expect(sinceSuccess).toBeNull();
  });
});

describe('the jobs', () => {
  test('come newest first, in pieces, filtered by name, state, type and time', async () => {
    await using place = await openPlace();
    const ids: number[] = [];
    for (const [name, script] of [['Build', 'true'], ['Test', 'false'], ['Build', 'false'], ['Deploy', 'true']] as const) {
      ids.push(await start(place.host, name, script));
      await ended(place.host, ids.at(-1) as number);
    }
    const sleeper = await start(place.host, 'Sleeper', 'sleep 60');
    const ask = async (query: string): Promise<readonly number[]> => (await place.answer<JobsPage>(`/api/jobs?${query}`)).jobs.map(({ id }) => id);
    const [build, test_, again, deploy] = ids as [number, number, number, number];
    expect(await ask('')).toEqual([sleeper, deploy, again, test_, build]);
    expect(await ask('text=build')).toEqual([again, build]);
    expect(await ask('text=*st')).toEqual([test_]);
    expect(await ask('state=Failed')).toEqual([again, test_]);
    expect(await ask('state=Running,Failed')).toEqual([sleeper, again, test_]);
    expect(await ask('type=Back*')).toHaveLength(5);
    expect(await ask('origin=trigger')).toEqual([]);
    expect(await ask(`since=${new Date(Date.now() - 60_000).toISOString()}&state=Failed`)).toEqual([again, test_]);
    expect(await ask(`since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([sleeper]);
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: JobsPage = await place.answer<JobsPage>(`/api/jobs?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.jobs.map(({ id }) => id));
      ({ cursor } = page);
    }
    expect(seen).toEqual([sleeper, deploy, again, test_, build]);
    for (const query of ['state=Gone', 'limit=0', 'limit=201', 'cursor=x', 'since=yesterday', 'origin=x', 'x=1']) expect((await place.ask(`/api/jobs?${query}`)).status).toBe(400);
  });

  test('have the keys that get-job prints, and no other but two', async () => {
    await using place = await openPlace();
    const id = await start(place.host, 'Build', 'true');
    await ended(place.host, id);
    const [printed] = (await place.host.getJobs({ ids: [id] })).jobs;
    const { definitionKey, message, ...job } = (await place.answer<JobsPage>('/api/jobs')).jobs[0] as JobsPage['jobs'][number];
    expect([job, definitionKey, message]).toEqual([printed, null, '']);
  });

  test('are found in the palette, by id, by name, and after definitions', async () => {
    await using place = await openPlace({ definitions: { Nightly: daily(3), NightOwl: daily(4) } });
    await loaded(place);
    const id = await start(place.host, 'night shift', 'true');
    const found = async (text: string): Promise<readonly unknown[]> => (await place.answer<SearchAnswer>(`/api/search?text=${text}`)).found.map((one) => (one.is === 'job' ? one.job.id : one.definition.name));
    expect(await found('night')).toEqual(['NightOwl', 'Nightly', id]);
    expect(await found('nightly')).toEqual(['Nightly']);
    expect((await found(String(id)))[0]).toBe(id);
    expect(await found('nothing')).toEqual([]);
  });
});

describe('Now', () => {
  test('says what runs, with its last line and its progress, what failed and with which words, and what is due', async () => {
    await using place = await openPlace({ definitions: { Nightly: daily(3) } });
    await loaded(place);
    const runner = await start(place.host, 'Runner', 'echo "::progress activity=Copying,percent=40::half"; echo working; sleep 60');
    const loser = await start(place.host, 'Loser', 'echo "no such table: orders" >&2; exit 7');
    await ended(place.host, loser);
    const now = await until('it has written', async () => {
      const seen = await place.answer<Now>('/api/now');
      return seen.running[0]?.lastLine === 'working' ? seen : undefined;
    });
    expect(now.counts).toMatchObject({ running: 1, waiting: 0, failed24h: 1, completed24h: 0, definitions: 1, brokenDefinitions: 0, missed24h: 0 });
    expect(now.running).toMatchObject([{ id: runner, lastLine: 'working', progress: { percent: 40 } }]);
    expect(now.running[0]?.leftMs).toBeGreaterThanOrEqual(0);
    expect(now.failed).toMatchObject([{ id: loser, exitCode: 7, message: 'no such table: orders' }]);
    expect(now.due.perQuarter).toHaveLength(96);
    expect(now.due.perQuarter.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(now.due.first).toMatchObject([{ definition: { name: 'Nightly' }, triggerId: 1 }]);
    expect(now.scheduler.state).toBe('stopped');
  });
});

test('System says where everything is and how it stands', async () => {
  await using place = await openPlace();
  const id = await start(place.host, 'Build', 'echo 1234567');
  await ended(place.host, id);
  const system = await until('everything was looked at', async () => {
    const seen = await place.answer<System>('/api/system');
    return seen.looking ? undefined : seen;
  });
  expect(system.stores).toMatchObject([{ kind: 'session', finishedJobs: 1, unfinishedJobs: 0, outputBytes: 8 }]);
  expect(system.plugins.map(({ name }) => name)).toContain('@nightshift/background-job');
  expect(system.jobTypes.find(({ name }) => name === 'BackgroundJob')).toMatchObject({ form: 'command' });
  expect(system.findings.map(({ subject }) => subject)).toContain('Node');
  expect(system.clock.timeZone).toMatch(/\w/);
});
