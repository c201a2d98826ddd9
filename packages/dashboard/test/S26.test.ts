import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DefinitionsPage, Written } from '../src/api.ts';
import { openPlace, until } from './place.ts';

const SECRET = 'canary-7f3a9b-do-not-show';

test('S26: a secret that a job prints is in no answer, in none of its forms', async () => {
  const printing = 'echo "$PASS"; echo "$PASS" | base64; echo "$PASS" >&2; echo "::progress::percent=10::$PASS"; printf "%s" "$PASS$PASS"; sleep 0.2; exit 3';
  await using place = await openPlace({ environment: { CANARY: SECRET }, definitions: { Leaky: `type: ScheduledJob\njob:\n  command: [sh, -c, ${JSON.stringify(printing)}]\n  secrets: { PASS: "env:CANARY" }\n` } });
  await until('the definition is known', async () => (await place.answer<DefinitionsPage>('/api/definitions')).loading === null);
  const { definitions } = await place.answer<DefinitionsPage>('/api/definitions');
  const [definition] = definitions;
  expect(definition?.errors).toEqual([]);
  const { jobs, errors } = (await (await place.post(`/api/definitions/${definition?.key}/start`)).json()) as Written;
  expect(errors).toEqual([]);
  const id = jobs[0]?.id as number;
  const answers: string[] = [];
  const ask = async (path: string): Promise<void> => void answers.push(await (await place.ask(path)).text());
  const asks = ['/api/now', '/api/jobs', `/api/jobs/${id}`, `/api/jobs/${id}/log`, `/api/jobs/${id}/log?channel=stderr`, `/api/jobs/${id}/log/raw`, `/api/jobs/${id}/log/raw?channel=stderr`, `/api/jobs/${id}/records`, `/api/jobs/${id}/log/search?text=canary`, '/api/definitions', `/api/definitions/${definition?.key}`, '/api/system', '/api/search?text=leaky', '/api/calendar'];
  await Promise.all(asks.map(ask));
  await until('it has ended', async () => (await place.host.getJobs({ ids: [id] })).jobs[0]?.state === 'Failed');
  await Promise.all(asks.map(ask));
  const all = answers.join('\n');
  expect(all).toContain('***');
  for (const form of [SECRET, Buffer.from(`${SECRET}\n`).toString('base64').slice(0, -4), encodeURIComponent(SECRET)]) expect(all).not.toContain(form);
  // What is looked for is not told by whether it is found.
  expect(((await place.answer<{ matches: unknown[] }>(`/api/jobs/${id}/log/search?text=canary-7`)).matches)).toEqual([]);
  expect(readFileSync(place.facts.auditFile, 'utf8')).not.toContain(SECRET);
});
