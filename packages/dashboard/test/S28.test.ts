import { expect, test } from 'vitest';
import type { DefinitionsPage, LogPiece, RecordsPage, Written } from '../src/api.ts';
import { openPlace, until } from './place.ts';

const SECRET = 'hunter2-hunter2-hunter2';

test.each([
  // A line of more than 64 KiB is given in parts: the secret lies across the place where it is cut.
  ['across the place where a long line is cut', 65_536 - 10],
  ['right before it', 65_536 - SECRET.length],
  ['right behind it', 65_536],
])('S28: a secret is masked %s, whichever way it is read', async (_where, offset) => {
  const script = `printf '%*s' ${offset} '' | tr ' ' x; printf '%s' "$PASS"; printf '%*s' 90000 '' | tr ' ' y; echo; echo end`;
  await using place = await openPlace({ environment: { CANARY: SECRET }, definitions: { Leaky: `type: ScheduledJob\njob:\n  command: [sh, -c, ${JSON.stringify(script)}]\n  secrets: { PASS: "env:CANARY" }\n` } });
  await until('the definition is known', async () => (await place.answer<DefinitionsPage>('/api/definitions')).loading === null);
  const [definition] = (await place.answer<DefinitionsPage>('/api/definitions')).definitions;
  const { jobs } = (await (await place.post(`/api/definitions/${definition?.key}/start`)).json()) as Written;
  const id = jobs[0]?.id as number;
  await until('it has ended', async () => (await place.host.getJobs({ ids: [id] })).jobs[0]?.state === 'Completed');
  const { lines, size } = await place.answer<LogPiece>(`/api/jobs/${id}/log?from=0&bytes=1048576`);
  expect(size).toBe(offset + SECRET.length + 90_000 + 5);
  const texts = lines.map(({ text }) => text);
  const raw = await (await place.ask(`/api/jobs/${id}/log/raw`)).text();
  const { records } = await place.answer<RecordsPage>(`/api/jobs/${id}/records`);
  expect(texts.at(-1)).toBe('end');
  // Not even half of it is left at an end or a beginning.
  for (const text of [texts.join(''), raw, JSON.stringify(records)]) {
    expect(text).toContain('***');
    expect(text).not.toMatch(/hunter|unter2|er2-h/);
  }
  expect(raw.endsWith('y\nend\n')).toBe(true);
});
