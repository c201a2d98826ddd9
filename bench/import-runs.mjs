// How fast 20,000 finished jobs come in from the lines that get-job prints (IMPORT_ROWS for another number): half of them children.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const ROWS = Number(process.env.IMPORT_ROWS ?? 20_000);

export async function bench({ folder, verb }) {
  const file = join(folder, 'runs.jsonl');
  write(file);
  const { milliseconds } = await verb('nightshift', 'import', '--runs', file);
  const listing = await verb('get-job', '--all', '--include-child-job', '-o', 'jsonl');
  const lines = listing.stdout.trim().split('\n').length;
  if (lines !== ROWS) throw new Error(`get-job listed ${lines} jobs instead of ${ROWS}`);
  const again = await verb('nightshift', 'import', '--runs', file);
  const figure = ROWS / (milliseconds / 1000);
  const seconds = (of) => `${(of / 1000).toFixed(1)} s`;
  return { figure, unit: '/s', atLeast: 4_000, what: `rows of ${ROWS.toLocaleString('en')} imported`, details: `${seconds(milliseconds)}; once more, all known, ${seconds(again.milliseconds)}; written out ${seconds(listing.milliseconds)}`, measured: { rows: ROWS, milliseconds, again: again.milliseconds, listing: listing.milliseconds } };
}

function write(file) {
  const descriptor = openSync(file, 'w');
  for (let id = 1; id <= ROWS; id += 2) writeSync(descriptor, `${JSON.stringify(jobOf(id))}\n${JSON.stringify({ ...jobOf(id + 1), childJobs: [], origin: { kind: 'parent', parentId: id } })}\n`);
  closeSync(descriptor);
}

function jobOf(id) {
  const end = new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString();
  return {
    id, instanceId: `019b7000-0000-7000-8000-${id.toString(16).padStart(12, '0')}`, name: `Job${id}`, type: 'BackgroundJob', state: 'Completed', reason: null, statusMessage: '', hasMoreData: false,
    location: 'localhost', command: 'make all', beginTime: end, endTime: end, exitCode: 0, signal: null, childJobs: [id + 1], definition: null, origin: { kind: 'demand', runNow: false }, attempt: 1,
  };
}
