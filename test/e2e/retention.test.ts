import { globSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newPlace, waitFor, type Place } from './product.ts';

/** More than a pipe and the buffers around it take. */
const SIZE = 3_000_000;
const NOISY = `
job: { command: [sh, -c, 'head -c ${SIZE} /dev/zero | tr "\\\\0" x | fold -w 99'] }
triggers: [{ every: 2s }]
maxResultCount: 1
`;
const LENGTH = SIZE + Math.ceil(SIZE / 99) - 1;

/** A definition that is due every two seconds and keeps one result, and a scheduler for it. */
function schedule(place: Place): void {
  mkdirSync(join(place.work, 'definitions'));
  writeFileSync(join(place.work, 'definitions', 'Noisy.yaml'), NOISY);
  const scheduler = place.begin('nightshift', ['scheduler', 'run']);
  onTestFinished(() => void scheduler.kill('SIGTERM'));
}

const runsIn = (place: Place): string[] => globSync('output/*/Noisy/*', { cwd: place.state });
const readersIn = (place: Place): string[] => readdirSync(join(place.state, 'readers'));

/** The first finished run, being received by somebody who has not taken the first byte yet. */
async function received(place: Place): Promise<{ readonly id: number; readonly run: string; readonly reader: ReturnType<Place['begin']> }> {
  const [job] = await waitFor('a run is finished', () => place.jobs('--state', 'Completed'), (jobs) => jobs.length > 0);
  if (job === undefined) throw new Error('no job');
  const reader = place.begin('receive-job', [String(job.id)]);
  await waitFor('it is being received', () => globSync('readers/*', { cwd: place.state }), (marks) => marks.length > 0);
  const [run] = runsIn(place).filter((path) => path.endsWith(job.instanceId.slice(-8)));
  return { id: job.id, run: run as string, reader };
}

async function laterEnds(place: Place, id: number, count: number): Promise<void> {
  const seen = new Set<number>();
  await waitFor(`${count} later runs have ended`, async () => {
    for (const job of await place.jobs('--state', 'Completed')) if (job.id > id) seen.add(job.id);
    return seen.size;
  }, (size) => size >= count);
}

test('a run that is being received is spared while others of its definition come and go, arrives whole, and goes at the next end', async () => {
  const place = newPlace();
  schedule(place);
  const { id, run, reader } = await received(place);
  await laterEnds(place, id, 2);
  expect(runsIn(place)).toContain(run);
  let length = 0;
  let told = '';
  reader.stdout.on('data', (bytes: Buffer) => (length += bytes.length));
  reader.stderr.on('data', (bytes: Buffer) => (told += bytes.toString()));
  expect(await new Promise((resolve) => reader.on('close', resolve)), told).toBe(0);
  expect({ length, told }).toEqual({ length: LENGTH, told: '' });
  expect(readersIn(place)).toEqual([]);
  await waitFor('it is gone', () => runsIn(place), (runs) => !runs.includes(run));
});

test('a reader that was killed keeps nothing', async () => {
  const place = newPlace();
  schedule(place);
  const { run, reader } = await received(place);
  reader.kill('SIGKILL');
  await waitFor('it is gone', () => runsIn(place), (runs) => !runs.includes(run));
  expect(readersIn(place)).toEqual([]);
});
