import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobsPage, LogPiece, Run } from '../src/api.ts';
import { HEADERS } from '../src/door/headers.ts';
import { INJECTIONS } from './injections.ts';
import { ended, openPlace, start, type Place } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

describe('S22: every answer', () => {
  test.each(['/', '/runs/1', '/assets/index-0a1b2c.js', '/assets/none.js', '/api/session', '/api/nothing', '/api/jobs/1', '/api/events', '/api/jobs/x'])('of %s forbids what the page does not need', async (path) => {
    const response = await place.ask(path);
    for (const [name, value] of Object.entries(HEADERS)) expect(response.headers.get(name)).toBe(value);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|data:/);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    await response.body?.cancel();
  });

  test.each([['/', 'text/html; charset=utf-8'], ['/jobs/a/b', 'text/html; charset=utf-8'], ['/jobs/a/b.c', 'text/html; charset=utf-8'], ['/assets/index-0a1b2c.js', 'text/javascript; charset=utf-8']])('of %s says what it is', async (path, type) => {
    expect((await place.ask(path)).headers.get('content-type')).toBe(type);
  });

  test('gives the text of a job as text, whatever is in it', async () => {
    expect(INJECTIONS.length).toBeGreaterThanOrEqual(60);
    const output = INJECTIONS.join('\n').replaceAll('\0', '');
    const id = await start(place.host, (INJECTIONS[0] as string).replaceAll('\0', ''), 'cat; cat >&2 <<\'X\'\nY\nX', {});
    await ended(place.host, id);
    const { jobs } = await place.host.getJobs({ ids: [id] });
    expect(jobs[0]?.state).toBe('Completed');
    const printer = await place.host.startJob({ what: { type: 'BackgroundJob', spec: { command: ['printf', '%s\n', ...INJECTIONS.map((text) => text.replaceAll('\0', ''))] }, isChecked: true }, name: '"><img src=x onerror=alert(1)>', callerDirectory: '/', warn: () => undefined });
    await ended(place.host, printer.id);
    const response = await place.ask(`/api/jobs/${printer.id}/log?bytes=1048576`);
    expect(response.headers.get('content-type')).toBe('application/json');
    const { lines } = (await response.json()) as LogPiece;
    expect(lines.map(({ text }) => text).join('\n')).toBe(output.replaceAll('\r\n', '\n').replace(/\r$/, ''));
    expect((await place.answer<Run>(`/api/jobs/${printer.id}`)).job.name).toBe('"><img src=x onerror=alert(1)>');
    expect((await place.answer<JobsPage>('/api/jobs')).jobs.map(({ name }) => name)).toContain('"><img src=x onerror=alert(1)>');
    const raw = await place.ask(`/api/jobs/${printer.id}/log/raw`);
    expect([raw.headers.get('content-type'), raw.headers.get('content-disposition')]).toEqual(['application/octet-stream', expect.stringMatching(/^attachment; filename="job-\d+-1\.stdout\.txt"$/)]);
    expect(Buffer.from(await raw.arrayBuffer()).toString()).toBe(`${output}\n`);
  });
});
