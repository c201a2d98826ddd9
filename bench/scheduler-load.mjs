// How long a scheduler needs to read its definitions, and how much memory those that it keeps take: 10,000 and 100,000 small
// files in ten folders, each number in a process of its own.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = 10;
const COUNTS = [10_000, Number(process.env.LOAD_DEFINITIONS ?? 100_000)];

export async function bench({ folder, run }) {
  const loads = [];
  for (const count of COUNTS) {
    const definitions = join(folder, 'definitions');
    write(definitions, count);
    const { stdout } = await run([process.execPath, '--expose-gc', '--input-type=module', '-e', LOADER, definitions]);
    loads.push({ count, ...JSON.parse(stdout) });
    rmSync(definitions, { recursive: true });
  }
  const last = loads.at(-1);
  return {
    figure: last.mebibytes,
    unit: ' MiB',
    atMost: 150,
    what: `memory of ${last.count.toLocaleString('en')} definitions that are kept, above an empty Node`,
    details: loads.map(wordsOf).join('; '),
    loads,
  };
}

function wordsOf({ count, seconds, cpuSeconds, mebibytes, bytesEach, peak }) {
  return `${count.toLocaleString('en')} in ${seconds.toFixed(1)} s, ${(cpuSeconds * 1e6 / count).toFixed(0)} µs of processor each, ${bytesEach.toFixed(0)} bytes of heap each, ${mebibytes.toFixed(0)} MiB kept, ${peak.toFixed(0)} MiB at most`;
}

function write(definitions, count) {
  for (let n = 0; n < FOLDERS; n += 1) mkdirSync(join(definitions, `f${n}`), { recursive: true });
  for (let n = 0; n < count; n += 1) {
    const text = `description: Task ${n}\njob:\n  command: [node, work.mjs, "${n}"]\ntriggers:\n  - ${TRIGGERS[n % TRIGGERS.length](n)}\noptions:\n  multipleInstancePolicy: Queue\n  timeout: 10m\n`;
    writeFileSync(join(definitions, `f${n % FOLDERS}`, `Task-${n}.yaml`), text, { mode: 0o644 });
  }
}

const TRIGGERS = [
  (n) => `cron: "${n % 60} ${n % 24} * * *"`,
  (n) => `daily: { at: "03:${String(n % 60).padStart(2, '0')}", randomDelay: 15m }`,
  (n) => `every: ${10 + (n % 50)}m`,
];

const LOADER = `
  import { readdirSync } from 'node:fs';
  import { join } from 'node:path';
  const { createYamlDefinitions, withoutPlaces } = await import(${JSON.stringify(new URL('../packages/definitions/dist/index.js', import.meta.url).href)});
  const { checkTrigger } = await import(${JSON.stringify(new URL('../packages/scheduler/dist/index.js', import.meta.url).href)});
  const folder = process.argv[1];
  const source = createYamlDefinitions({ folders: readdirSync(folder).map((name) => join(folder, name)), namespace: 'bench', timeZone: 'Europe/Berlin', checkTrigger });
  const empty = memory();
  const processor = process.cpuUsage();
  const begin = process.hrtime.bigint();
  const kept = [];
  for await (const { spec, description, ...found } of source.list()) {
    if ('errors' in found) throw new Error(JSON.stringify(found.errors));
    kept.push(withoutPlaces(found));
  }
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  const { user, system } = process.cpuUsage(processor);
  const { maxRSS } = process.resourceUsage();
  const full = memory();
  console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, mebibytes: (full.rss - empty.rss) / 2 ** 20, bytesEach: (full.heapUsed - empty.heapUsed) / kept.length, peak: maxRSS / 1024 }));
  function memory() {
    for (let n = 0; n < 3; n += 1) gc();
    return process.memoryUsage();
  }
`;
