import { chmodSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { newProject } from './example-run.ts';
import { bodyOf, deadAddress, serverThat } from './loopback.ts';

interface Got { method: string | undefined; type: string | undefined; authorization: string | undefined; body: { text: string; host: string; time: string; facts: Record<string, number> } }

/** A receiver that remembers what it got. */
async function receiver(status = 200) {
  const got: Got[] = [];
  const url = await serverThat(async (request, response) => {
    const { 'content-type': type, authorization } = request.headers;
    got.push({ method: request.method, type, authorization, body: JSON.parse(await bodyOf(request)) as Got['body'] });
    response.writeHead(status).end('thanks');
  });
  return { url, got };
}

describe('a report', () => {
  test('is one POST of JSON whose text says what a chat room wants to read', async () => {
    const { url, got } = await receiver();
    const project = newProject();
    project.change('ReportByWebhook', { WEBHOOK: `${url}/hook/secret-part`, TITLE: 'Morning' });
    const run = await project.start('ReportByWebhook');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.last).toContain(`has it (200): Morning: ${hostname()} is up for `);
    expect(run.last).not.toContain('secret-part');
    expect(got).toEqual([{ method: 'POST', type: 'application/json', authorization: undefined, body: expect.objectContaining({ text: expect.stringContaining('Morning: '), host: hostname() }) }]);
    expect(Math.abs(Date.parse(got[0]?.body.time ?? '') - Date.now())).toBeLessThan(60_000);
    expect(Object.keys(got[0]?.body.facts ?? {})).toEqual(['upForHours', 'processors', 'loadOf15Minutes', 'memoryFreePercent', 'diskInUsePercent']);
  });

  test('brings the secret that TOKEN_FILE holds, which nobody else gets to see', async () => {
    const { url, got } = await receiver();
    const project = newProject();
    chmodSync(project.put('token', 'hush-hush\n'), 0o600);
    project.change('ReportByWebhook', { WEBHOOK: url, TOKEN_FILE: '../token' });
    const run = await project.start('ReportByWebhook');
    expect(got).toMatchObject([{ authorization: 'Bearer hush-hush' }]);
    expect(JSON.stringify([run, await project.jobs('--all')])).not.toContain('hush');
  });
});

describe('a receiver', () => {
  test.each([[500, ''], [503, ''], [401, '; look at WEBHOOK and the token'], [404, '; look at WEBHOOK and the token']])('that answers %i makes the run fail', async (status, advice) => {
    const { url } = await receiver(status);
    const project = newProject();
    project.change('ReportByWebhook', { WEBHOOK: url });
    expect(await project.start('ReportByWebhook')).toMatchObject({ code: 1, errors: [`report-by-webhook: ${new URL(url).host} answers ${status}${advice}`, 'the command exited with code 1'] });
  });

  test('that is not there makes the run fail', async () => {
    const project = newProject();
    project.change('ReportByWebhook', { WEBHOOK: await deadAddress() });
    expect(await project.start('ReportByWebhook')).toMatchObject({ code: 1, errors: [expect.stringMatching(/^report-by-webhook: 127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED/), expect.anything()] });
  });

  test('that sends it elsewhere gets no further', async () => {
    const { url, got } = await receiver();
    const elsewhere = await serverThat((_, response) => response.writeHead(307, { location: url }).end());
    const project = newProject();
    project.change('ReportByWebhook', { WEBHOOK: elsewhere });
    expect((await project.start('ReportByWebhook')).code).toBe(1);
    expect(got).toEqual([]);
  });
});

test.each([
  [{ WEBHOOK: 'hooks.example.org/abc' }, 'WEBHOOK must begin with https:// or http://'],
  [{ WEBHOOK: 'https://me:hush@example.org/' }, 'WEBHOOK must hold neither user nor password: a definition is no place for a secret'],
  [{ WEBHOOK: 'http://example.org/', TOKEN_FILE: '../token' }, 'over http everybody on the way could read the token; let WEBHOOK begin with https://'],
  [{ WEBHOOK: 'https://example.org/', TOKEN_FILE: '../none' }, "TOKEN_FILE cannot be read: ENOENT: no such file or directory, open '../none'"],
  [{ WEBHOOK: 'https://example.org/', TOKEN_FILE: '../package.json' }, 'TOKEN_FILE "../package.json" must hold one word and nothing else'],
  [{ GIVE_UP: '10' }, 'GIVE_UP must be a duration such as 500ms, 10s or 1m, not "10"'],
])('%j is refused with 2, before anything is sent', async (values, sentence) => {
  const project = newProject();
  project.put('token', 'hush');
  project.put('package.json', '{ "private": true }');
  project.change('ReportByWebhook', values);
  const run = await project.start('ReportByWebhook');
  expect(run).toMatchObject({ code: 2, errors: [`report-by-webhook: ${sentence}`, expect.anything()] });
  expect(run.stderr).not.toContain('hush');
});
