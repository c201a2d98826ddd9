import { appendFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../e2e/product.ts';
import { newProject } from './example-run.ts';

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${JSON.stringify({ id: from + index, text: 'ä' })}\n`).join('');

function newImport(content: string, values: Record<string, string> = {}) {
  const project = newProject();
  const file = project.put('in.jsonl', content);
  project.change('LongImport', { FILE: '../in.jsonl', DATABASE: '../out.db', BATCH: '10', PAUSE: '0ms', ...values });
  const query = (sql: string) => {
    const db = new DatabaseSync(project.path('out.db'), { timeout: 5_000 });
    try {
      return db.prepare(sql).all();
    } catch (error) {
      if (/no such table/.test(String(error))) return [];
      throw error;
    } finally {
      db.close();
    }
  };
  const ids = () => query('SELECT id FROM items ORDER BY id').map(({ id }) => Number(id));
  return { ...project, file, query, ids };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('a run that is stopped', () => {
  test('ends with whole batches, and the next one goes on from there: nothing twice, nothing left out', async () => {
    const project = newImport(lines(0, 35), { PAUSE: '1h' });
    const id = await project.startInBackground('LongImport');
    await waitFor('the first batch is in', project.ids, (seen) => seen.length > 0);
    await project.stdoutOf('stop-job', String(id));
    expect(await project.job(id)).toMatchObject({ state: 'Stopped', reason: 'stopped', signal: 'SIGTERM' });
    expect((await project.run('receive-job', [String(id)])).stderr).toBe('WARNING: stopped after 10 lines; the next run goes on there\n');
    expect(project.ids()).toEqual(upTo(10));
    project.change('LongImport', { PAUSE: '0ms' });
    expect(await project.start('LongImport')).toMatchObject({ code: 0, last: expect.stringMatching(/^long-import: 25 lines, 0 of them rejected, 35 rows in /) });
    expect(project.ids()).toEqual(upTo(35));
  });
});

describe('what was appended since', () => {
  test('comes with the next run, and a line that is still being written when it is whole', async () => {
    const project = newImport(`${lines(0, 3)}{"id": 3, "te`);
    expect((await project.start('LongImport')).last).toMatch(/^long-import: 3 lines, /);
    appendFileSync(project.file, 'xt": ""}\n');
    expect((await project.start('LongImport')).last).toMatch(/^long-import: 1 lines, /);
    expect((await project.start('LongImport')).last).toMatch(/^long-import: 0 lines, /);
    expect(project.ids()).toEqual(upTo(4));
  });

  test('of lines longer than what is read at a time', async () => {
    const project = newImport(Array.from({ length: 3 }, (_, id) => `${JSON.stringify({ id, text: 'x'.repeat(200_000) })}\r\n`).join(''), { BATCH: '2' });
    expect((await project.start('LongImport')).code).toBe(0);
    expect(project.query('SELECT id, length(data) AS length FROM items')).toEqual(upTo(3).map((id) => ({ id, length: 200_018 })));
  });
});

test('a line that is no object with an id is kept aside, with a warning, and the code is 3', async () => {
  const project = newImport(`${lines(0, 2)}not json\n{"no": "id"}\n[1]\n\n${lines(2, 3)}`);
  expect(await project.start('LongImport')).toMatchObject({ code: 3, warnings: ['"not json"', String.raw`"{\"no\": \"id\"}"`, '"[1]"', '""'].map((text) => `no JSON object with an "id": ${text}`) });
  expect(project.ids()).toEqual(upTo(3));
  expect(project.query('SELECT line FROM rejected').map(({ line }) => line)).toEqual(['not json', '{"no": "id"}', '[1]', '']);
});

test('a file that was replaced by a shorter one is refused, and the database stays as it is', async () => {
  const project = newImport(lines(0, 5));
  await project.start('LongImport');
  writeFileSync(project.file, lines(7, 8));
  expect(await project.start('LongImport')).toMatchObject({ code: 1, stderr: expect.stringContaining('in.jsonl is shorter than what has been imported of it; was it replaced?') });
  expect(project.ids()).toEqual(upTo(5));
});

test.each([
  [{ FILE: '../none.jsonl' }, 1, 'there is no file "../none.jsonl"; let FILE name it, relative to '],
  [{ DATABASE: '' }, 2, 'DATABASE must name the SQLite file to import into'],
  [{ BATCH: '0' }, 2, 'BATCH must be a whole number from 1 on, not "0"'],
  [{ PAUSE: '5' }, 2, 'PAUSE must be a duration such as 0ms, 50ms or 2s, not "5"'],
])('%j ends with %i', async (values, code, sentence) => {
  const project = newImport(lines(0, 1), values);
  expect(await project.start('LongImport')).toMatchObject({ code, stderr: expect.stringContaining(`long-import: ${sentence}`) });
});
