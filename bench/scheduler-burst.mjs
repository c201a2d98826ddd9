// 10,000 definitions that are due at one instant: how late the last of their words are written down for good, and whether any is lost.
import { percentile, startScheduler, writeDefinitions } from './scheduler.mjs';

const COUNT = Number(process.env.BURST ?? 10_000);

export async function bench(sandbox) {
  // Late enough for everything to be loaded before.
  const dueAt = new Date(Math.ceil((Date.now() + 5_000 + COUNT * 3) / 1_000) * 1_000);
  const folders = writeDefinitions(sandbox.folder, COUNT, () => `job: { command: ["true"] }\ntriggers:\n  - once: { at: ${dueAt.toISOString()} }\n`);
  const scheduler = startScheduler(sandbox, folders);
  const loaded = await scheduler.ready();
  if (Date.now() > dueAt) throw new Error(`loading took ${Math.round(loaded)} ms, which was too long for this bench`);
  const started = () => scheduler.events.filter(({ event }) => event === 'started');
  await scheduler.until((events) => events.length > COUNT && started().length >= COUNT);
  await scheduler.end('SIGKILL');
  const late = started().map(({ at }) => Date.parse(at) - dueAt.getTime());
  const { stdout } = await sandbox.verb('nightshift', 'history', '--newest', String(COUNT + 1), '-o', 'jsonl', '--definition-path', folders[0]);
  const rows = stdout.trim().split('\n').length;
  if (rows !== Math.min(COUNT, 10_000)) throw new Error(`${rows} of ${COUNT} due times have a row`);
  return { figure: percentile(late, 99), unit: ' ms', atMost: 800, what: `lateness (p99) of ${COUNT.toLocaleString('en')} durable words`, details: `p50 ${percentile(late, 50)} ms, all rows there, loaded in ${Math.round(loaded)} ms` };
}
