// 200 real commands that are due at one instant: how late each of them begins, by its own clock.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentile, startScheduler, writeDefinitions } from './scheduler.mjs';

const COUNT = 200;

export async function bench(sandbox) {
  const dueAt = new Date(Math.ceil((Date.now() + 5_000) / 1_000) * 1_000);
  const log = join(sandbox.folder, 'begun');
  const folders = writeDefinitions(sandbox.folder, COUNT, () => `job: { scriptBlock: 'date +%s%N >> ${log}' }\ntriggers:\n  - once: { at: ${dueAt.toISOString()} }\n`);
  const scheduler = startScheduler(sandbox, folders);
  await scheduler.ready();
  await scheduler.until((events) => events.filter(({ event }) => event === 'ended').length >= COUNT);
  await scheduler.end();
  const late = readFileSync(log, 'utf8').trim().split('\n').map((line) => Number(line) / 1e6 - dueAt.getTime());
  if (late.length !== COUNT) throw new Error(`${late.length} of ${COUNT} commands have run`);
  return { figure: percentile(late, 99), unit: ' ms', atMost: 5_000, what: `lateness (p99) of ${COUNT} commands`, details: `p50 ${Math.round(percentile(late, 50))} ms, the first after ${Math.round(Math.min(...late))} ms` };
}
