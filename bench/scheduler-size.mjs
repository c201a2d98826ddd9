// 100,000 definitions in ten folders: time to load them, memory, and processor time while nothing is due.
import { setTimeout as pause } from 'node:timers/promises';
import { startScheduler, usageOf, writeDefinitions } from './scheduler.mjs';

const COUNT = Number(process.env.DEFINITIONS ?? 100_000);
const IDLE = 30_000;

export async function bench(sandbox) {
  const folders = writeDefinitions(sandbox.folder, COUNT, (number) => `job: { command: [echo, "${number}"] }\ntriggers:\n  - cron: "${number % 60} ${number % 24} * * *"\n`.replace('* * *', '1 1 *'));
  const scheduler = startScheduler(sandbox, folders);
  const first = await scheduler.ready();
  await scheduler.end();
  const again = startScheduler(sandbox, folders);
  const loaded = await again.ready();
  const before = usageOf(again.pid);
  await pause(IDLE);
  const after = usageOf(again.pid);
  await again.end();
  const idle = (after.processor - before.processor) / (IDLE / 100);
  return { figure: after.resident, unit: ' MB', atMost: 350, what: `memory of ${COUNT.toLocaleString('en')} definitions`, details: `loaded in ${(loaded / 1_000).toFixed(1)} s, the first time in ${(first / 1_000).toFixed(1)} s; idle ${idle.toFixed(2)} % of a processor` };
}
