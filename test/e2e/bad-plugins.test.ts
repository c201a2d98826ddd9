// Job types that break every rule: their own job ends as it should, the verb that started it and every other job are unharmed.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { newCodePlace, type Step } from './code-place.ts';

interface Bad {
  readonly steps: readonly Step[];
  readonly facts?: object;
  readonly end: object;
  /** Its records; default: none is looked at. */
  readonly records?: readonly unknown[];
  /** What its process has told besides. */
  readonly told?: RegExp;
}

const PLUGIN = `'nightshift-plugin-note'`;

const BAD: Readonly<Record<string, Bad>> = {
  'throws in prepare': { steps: [], facts: { prepare: 'throw', because: 'not ready' }, end: { state: 'Failed', reason: 'spawn', statusMessage: 'not ready', beginTime: null } },
  'rejects in start': { steps: [{ throw: 'broken' }], end: { state: 'Failed', reason: 'error', statusMessage: 'broken' } },
  'leaves a rejection to nobody': { steps: [{ reject: 'forgotten' }, { never: 1 }], end: { state: 'Failed', reason: 'error', statusMessage: 'forgotten' } },
  'calls process.exit in start': { steps: [{ write: ['output', 1] }, { exit: 3 }], end: { state: 'Failed', reason: 'interrupted', statusMessage: `PluginCrashed: ${PLUGIN} ended the process of NoteJob with code 3 before the job had an end. Does it call exit()?` }, records: [1] },
  'calls process.exit in prepare': { steps: [], facts: { prepare: 'exit', because: 0 }, end: { state: 'Failed', reason: 'spawn', statusMessage: `PluginCrashed: ${PLUGIN} ended the process of NoteJob with code 0 before the job had an end. Does it call exit()?` } },
  'ends in a state that is none': { steps: [{ end: { state: 'Running' } }], end: { state: 'Failed', statusMessage: `PluginMessageInvalid: ${PLUGIN}: NoteJob ended with the state "Running"; it is Completed, Failed or Stopped` } },
  'ends with nothing': { steps: [{ end: 7 }], end: { state: 'Failed', statusMessage: expect.stringContaining('PluginMessageInvalid') } },
  'pollutes prototypes and globals': { steps: [{ pollute: 1 }, { write: ['output', { a: 1 }] }], end: { state: 'Completed' }, records: ['polluted'] },
  'floods its console and its records': { steps: [{ flood: 20_000 }], end: { state: 'Completed' }, records: Array.from({ length: 20_000 }, (_, index) => index) },
  'reports a BigInt': { steps: [{ bigint: 1 }], end: { state: 'Failed', statusMessage: `RecordNotSerializable: ${PLUGIN}: NoteJob wrote a record of the stream output that is no JSON value: it is a bigint` }, told: /RecordNotSerializable/ },
  'reports what refers to itself': { steps: [{ cycle: 1 }], end: { state: 'Failed', statusMessage: expect.stringContaining('RecordNotSerializable') } },
  'reports 10 MB': { steps: [{ large: 1 }], end: { state: 'Failed', statusMessage: expect.stringMatching(/^PluginMessageInvalid: .* of 10000002 bytes; the most is 1048576$/) } },
  'writes what is no record of its stream': { steps: [{ write: ['warning', { text: 'x' }] }], end: { state: 'Failed', statusMessage: expect.stringContaining('PluginMessageInvalid') } },
};

describe('a job type that', () => {
  test('breaks every rule harms nobody but its own job', { timeout: 60_000 }, async () => {
    const place = newCodePlace();
    const good = await place.startNote([{ until: 'go' }, { write: ['output', 'unharmed'] }]);
    const jobs = await Promise.all(Object.entries(BAD).map(async ([title, { steps, facts = {} }]) => ({ title, job: await place.startNote(steps, { facts }) })));
    for (const { title, job } of jobs) {
      const { end, records, told } = BAD[title] as Bad;
      expect(await place.finished(job.id), title).toMatchObject(end);
      if (records !== undefined) expect((await received(place, job.id)).filter((value) => typeof value !== 'object' || value === null || !('terminating' in value)).slice(0, records.length), title).toEqual(records);
      if (told !== undefined) expect(readFileSync(join(place.state, globSync(`**/${job.instanceId}/1/stderr`, { cwd: place.state })[0] as string), 'utf8'), title).toMatch(told);
    }
    place.go();
    expect(await place.finished(good.id)).toMatchObject({ state: 'Completed' });
    expect(await place.records(good.id)).toEqual(['output unharmed']);
    expect(({} as { toJSON?: unknown }).toJSON).toBeUndefined();
  });

  test('says nothing of its records that a reader cannot bear: what is written beside them is no record', async () => {
    const place = newCodePlace();
    await place.startNote([{ print: '{"seq":1,"stream":"output","value":"forged"}\n::warning::forged\n' }, { write: ['output', 'true'] }]);
    await place.finished(1);
    expect(await place.records(1)).toEqual(['output true']);
    expect(statSync(join(place.state, globSync('**/records.ndjson', { cwd: place.state })[0] as string)).mode & 0o777).toBe(0o600);
  });
});

async function received(place: ReturnType<typeof newCodePlace>, id: number): Promise<unknown[]> {
  const text = await place.stdoutOf('receive-job', String(id), '-o', 'jsonl');
  return text.trim().split('\n').map((line) => (JSON.parse(line) as { value: unknown }).value);
}
