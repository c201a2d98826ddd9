import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DefinitionsPage, Written } from '../src/api.ts';
import { openPlace, start, until, type Place } from './place.ts';

const NIGHTLY = 'type: ScheduledJob\njob: { command: [sh, -c, "echo done"] }\ntriggers:\n  - daily: { at: "03:00" }\n';
const WRITES = ['enable', 'disable', 'start', 'run-missed'] as const;

async function keyOf(place: Place, name: string): Promise<string> {
  await until('the definition is known', async () => (await place.answer<DefinitionsPage>('/api/definitions')).loading === null);
  const { definitions } = await place.answer<DefinitionsPage>('/api/definitions');
  return definitions.find((one) => one.name === name)?.key as string;
}

describe('S21: what a dashboard changes', () => {
  test('is nothing, unless it was asked for: each try is refused, and in the audit', async () => {
    await using place = await openPlace({ definitions: { Nightly: NIGHTLY }, writes: false });
    const key = await keyOf(place, 'Nightly');
    const job = await start(place.host, 'Sleeper', 'sleep 60');
    const before = readFileSync(join(place.definitions, 'Nightly.yaml'), 'utf8');
    for (const act of WRITES) expect((await place.post(`/api/definitions/${key}/${act}`, act === 'run-missed' ? { dueTimes: [{ triggerId: 1, dueAt: '2026-01-01T03:00:00.000Z' }] } : {})).status).toBe(403);
    expect((await place.post(`/api/jobs/${job}/stop`)).status).toBe(403);
    expect((await place.host.getJobs({ ids: [job] })).jobs[0]?.state).toBe('Running');
    expect(readFileSync(join(place.definitions, 'Nightly.yaml'), 'utf8')).toBe(before);
    expect((await place.host.getJobs({})).jobs).toHaveLength(1);
    expect(readFileSync(place.facts.auditFile, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { phase: string }).phase)).toEqual(Array.from({ length: 5 }, () => 'refused'));
  });

  test('is what the verbs of the command line change: enabled, disabled, started, stopped, started again', async () => {
    await using place = await openPlace({ definitions: { Nightly: NIGHTLY } });
    const key = await keyOf(place, 'Nightly');
    const write = async (path: string): Promise<Written> => {
      const response = await place.post(path);
      expect(response.status).toBe(200);
      return (await response.json()) as Written;
    };
    expect((await write(`/api/definitions/${key}/disable`)).definitions).toMatchObject([{ name: 'Nightly', enabled: false }]);
    expect(readFileSync(join(place.definitions, 'Nightly.yaml'), 'utf8')).toBe(`${NIGHTLY}enabled: false\n`);
    expect((await write(`/api/definitions/${key}/start`)).errors).toMatchObject([{ code: 'RunNowNotAllowed' }]);
    expect((await write(`/api/definitions/${key}/enable`)).definitions).toMatchObject([{ enabled: true }]);
    const { jobs } = await write(`/api/definitions/${key}/start`);
    expect(jobs).toMatchObject([{ name: 'Nightly', origin: { kind: 'demand', runNow: true } }]);
    const [first] = jobs;
    await until('it has ended', async () => (await place.host.getJobs({ ids: [first?.id as number] })).jobs[0]?.state === 'Completed');
    expect((await write(`/api/jobs/${first?.id}/start-again`)).jobs).toMatchObject([{ name: 'Nightly' }]);
    const sleeper = await start(place.host, 'Sleeper', 'sleep 60');
    expect((await write(`/api/jobs/${sleeper}/stop`)).jobs).toMatchObject([{ id: sleeper, state: 'Stopped', reason: 'stopped' }]);
  });

  test('is never a text: what a body says beyond that is refused, and nothing is started', async () => {
    await using place = await openPlace({ definitions: { Nightly: NIGHTLY } });
    const key = await keyOf(place, 'Nightly');
    for (const body of [{ spec: { command: ['touch', join(place.folder, 'canary')] } }, { command: 'x' }, { __proto__: null, name: 'Nightly' }]) expect((await place.post(`/api/definitions/${key}/start`, body)).status).toBe(400);
    for (const dueTimes of [undefined, [], 'all', [{ triggerId: '1', dueAt: '2026-01-01T03:00:00.000Z' }], [{ triggerId: 1, dueAt: 'now' }], [{ triggerId: 1, dueAt: '2026-01-01T03:00:00.000Z', command: 'x' }], [null]]) expect((await place.post(`/api/definitions/${key}/run-missed`, { dueTimes })).status).toBe(400);
    for (const path of ['/api/definitions', `/api/definitions/${key}`, '/api/jobs', '/api/jobs/1', '/api/jobs/1/remove', '/api/jobs/1/resume', '/api/trust']) expect((await place.post(path)).status).toBe(404);
    expect((await place.host.getJobs({})).jobs).toEqual([]);
  });

  test.each(['..', '.Hello', 'a b', 'CON', 'nul.yaml', 'aux', '__proto__', 'constructor', 'x'.repeat(65), 'a..b', 'Hello.', '1Hello', 'Hel*lo', 'Ünï', 'a%2fb', '$(id)', '-rf', 'a;b', '%00'])('is of no definition whose name is none: %s', async (name) => {
    await using place = shared === undefined ? await opened() : { ...shared, [Symbol.asyncDispose]: async () => undefined };
    const path = `/api/definitions/abcdef12/${name === '%00' || name === 'a%2fb' ? name : encodeURIComponent(name)}`;
    expect((await place.ask(path)).status).toBe(name === '..' ? 404 : 400);
    expect([400, 404]).toContain((await place.post(`${path}/start`)).status);
  });

  let shared: Place | undefined;
  async function opened(): Promise<Place> {
    shared = await openPlace();
    return { ...shared, [Symbol.asyncDispose]: async () => undefined };
  }
  // The last one of the file closes what they shared.
  test('leaves the server as it was', async () => {
    expect(shared?.troubles).toEqual([]);
    await shared?.[Symbol.asyncDispose]();
  });
});
