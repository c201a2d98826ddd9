import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DefinitionsPage } from '../src/api.ts';
import { openPlace, until, type Place } from './place.ts';

const NIGHTLY = 'type: ScheduledJob\njob: { command: [sh, -c, "echo done"] }\ntriggers:\n  - daily: { at: "03:00" }\n';
async function keyOf(place: Place, name: string): Promise<string> {
  await until('the definition is known', async () => (await place.answer<DefinitionsPage>('/api/definitions')).loading === null);
  const { definitions } = await place.answer<DefinitionsPage>('/api/definitions');
  return definitions.find((one) => one.name === name)?.key as string;
}

describe('S33: the audit', () => {
  test('has a line before anything is done and one after it, of who did what', async () => {
    await using place = await openPlace({ definitions: { Nightly: NIGHTLY, Broken: 'type: ScheduledJob\n' } });
    const key = await keyOf(place, 'Nightly');
    await place.post(`/api/definitions/${key}/start`);
    await place.post(`/api/definitions/${await keyOf(place, 'Broken')}/start`);
    const lines = readFileSync(place.facts.auditFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { act: 'start', on: key, phase: 'asked', from: '127.0.0.1', shown: 'token', user: expect.any(String) as string, at: expect.stringMatching(/^\d{4}-.*Z$/) as string },
      { act: 'start', on: key, phase: 'done', jobs: [expect.any(Number) as number] },
      { act: 'start', phase: 'asked' },
      { act: 'start', phase: 'failed', errors: [expect.stringContaining('DefinitionKeyMissing') as string] },
    ]);
  });
});
