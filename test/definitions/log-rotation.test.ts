import { spawn } from 'node:child_process';
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../e2e/product.ts';
import { filesIn, newProject } from './example-run.ts';

const STAMP = String.raw`\d{8}T\d{9}Z`;

function newLogs(values: Record<string, string> = {}) {
  const project = newProject();
  project.change('LogRotation', { LOGS: '../logs', MAX_SIZE: '1kB', ...values });
  const logs = () => filesIn(project.path('logs'));
  return { ...project, logs };
}

const stamp = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().replace(/[-:.]/g, '');

test('a large log gets a dated name at once, and is compressed, word for word, by the next run', async () => {
  const project = newLogs();
  const text = 'GET / 200\n'.repeat(500);
  project.put('logs/web.log', text);
  project.put('logs/small.log', 'x\n');
  project.put('logs/notes.txt', text);
  project.put('logs/deeper/other.log', text);
  expect(await project.start('LogRotation')).toMatchObject({ code: 0, last: expect.stringMatching(/^log-rotation: 1 rotated, 0 compressed, 0 removed, /) });
  const rotated = project.logs().find((name) => name.startsWith('web.log.')) ?? '';
  expect(rotated).toMatch(new RegExp(`^web\\.log\\.${STAMP}$`));
  const { mtimeMs } = statSync(project.path('logs', rotated));
  expect(await project.start('LogRotation')).toMatchObject({ code: 0, last: expect.stringMatching(/^log-rotation: 0 rotated, 1 compressed, 0 removed, /) });
  expect(project.logs()).toEqual(['deeper/other.log', 'notes.txt', 'small.log', `${rotated}.gz`]);
  expect(gunzipSync(readFileSync(project.path('logs', `${rotated}.gz`))).toString()).toBe(text);
  expect(Math.round(statSync(project.path('logs', `${rotated}.gz`)).mtimeMs / 1000)).toBe(Math.round(mtimeMs / 1000));
});

test('a rotated log that its program still writes to stays as it is, with a warning', async () => {
  const project = newLogs();
  const name = `web.log.${stamp(1)}`;
  const file = project.put(`logs/${name}`, 'x'.repeat(5_000_000));
  const writer = spawn(process.execPath, ['-e', `setInterval(() => require('fs').appendFileSync(${JSON.stringify(file)}, 'more\\n'), 1)`]);
  onTestFinished(() => void writer.kill('SIGKILL'));
  await waitFor('the program writes', () => statSync(file).size, (size) => size > 5_000_000);
  expect(await project.start('LogRotation')).toMatchObject({ code: 0, warnings: [`"${name}" is still being written; let its program open its log anew (many do at SIGHUP)`] });
  expect(project.logs()).toEqual([name]);
});

test('of each log the newest KEEP stay, and of those none that is older than MAX_AGE', async () => {
  const project = newLogs({ KEEP: '2', MAX_AGE: '30d' });
  const [old, week, day] = [stamp(40), stamp(7), stamp(1)];
  for (const name of [`a.log.${old}.gz`, `a.log.${week}.gz`, `a.log.${day}.gz`, `a.log.${stamp(0)}.gz`, `b.log.${old}.gz`, `b.log.${week}.gz`]) project.put(`logs/${name}`, '');
  for (const name of [`a.log.${old}.gz.mine`, 'a.log.1.gz']) project.put(`logs/${name}`, 'not made by us');
  expect(await project.start('LogRotation')).toMatchObject({ code: 0, last: expect.stringContaining(' 3 removed, ') });
  const inWords = (name: string) => name.replace(/\d{8}T\d{9}Z/, (text) => ({ [old]: 'OLD', [week]: 'WEEK', [day]: 'DAY' })[text] ?? 'NOW');
  expect(project.logs().map(inWords).toSorted()).toEqual(['a.log.1.gz', 'a.log.DAY.gz', 'a.log.NOW.gz', 'a.log.OLD.gz.mine', 'b.log.WEEK.gz']);
});

test('a link that is named like a log is left alone', async () => {
  const project = newLogs();
  project.put('precious', 'x'.repeat(10_000));
  project.put('logs/a.log', '');
  symlinkSync('../precious', project.path('logs/link.log'));
  expect(await project.start('LogRotation')).toMatchObject({ code: 0, last: expect.stringMatching(/^log-rotation: 0 rotated/) });
  expect(project.logs()).toEqual(['a.log', 'link.log']);
});

describe('an option that is wrong', () => {
  test.each([
    [{ LOGS: '../none' }, 1, 'log-rotation: there is no folder "../none"; let LOGS name it, relative to '],
    [{ MAX_SIZE: '10' }, 2, 'log-rotation: MAX_SIZE must be a number with one of B, kB, MB, GB, not "10"'],
    [{ MAX_AGE: 'soon' }, 2, 'log-rotation: MAX_AGE must be a number with one of h, d, w, not "soon"'],
    [{ KEEP: '-1' }, 2, 'log-rotation: KEEP must be a whole number from 1 on, not "-1"'],
  ])('%j ends with %i and touches nothing', async (values, code, sentence) => {
    const project = newLogs();
    project.put('logs/web.log', 'x'.repeat(10_000));
    project.change('LogRotation', values);
    expect(await project.start('LogRotation')).toMatchObject({ code, stderr: expect.stringContaining(sentence) });
    expect(project.logs()).toEqual(['web.log']);
  });
});
