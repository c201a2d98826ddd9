// How long the first answer to each question takes, and the first screen in a browser, of 10,000 definitions, a million rows of jobs
// and a million due times (DASHBOARD_DEFINITIONS and DASHBOARD_ROWS for other numbers); and how long, and how much reading, the end of
// a log of one GiB takes.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, globSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seed } from './dashboard-seed.mjs';
import { bin } from './sandbox.mjs';

const DEFINITIONS = Number(process.env.DASHBOARD_DEFINITIONS ?? 10_000);
const ROWS = Number(process.env.DASHBOARD_ROWS ?? 1_000_000);
const CHROMIUM = process.env.NIGHTSHIFT_CHROMIUM ?? '/usr/bin/chromium';
const GIB = 2 ** 30;

export async function bench({ folder, env }) {
  const { project, state } = seed(folder, DEFINITIONS, ROWS);
  const own = { cwd: project, env: { ...env, NIGHTSHIFT_STATE_DIR: state } };
  const child = spawn(process.execPath, [bin('nightshift'), 'dashboard', '--port', '0', '-o', 'json'], { ...own, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const began = performance.now();
    const [line] = await once(createInterface(child.stdout), 'line');
    const { url, loginUrl, tokenFile } = JSON.parse(line);
    const ready = performance.now() - began;
    const ask = async (path) => {
      const begin = performance.now();
      const response = await fetch(`${url}api/${path}`, { headers: { Authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` } });
      const text = await response.text();
      const body = JSON.parse(text);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
      return { body, bytes: text.length, milliseconds: performance.now() - begin };
    };
    const early = (await ask('now')).milliseconds;
    let loaded;
    do loaded = (await ask('definitions?limit=1')).body.loading === null;
    while (!loaded && (await new Promise((resolve) => setTimeout(resolve, 100, true))));
    const reading = performance.now() - began;
    const [first] = (await ask('definitions?limit=50')).body.definitions.slice(-1);
    const day = new Date(Date.now() - 86_400_000 * 2).toISOString();
    const questions = [
      'now', 'definitions', 'definitions?sort=next', 'definitions?sort=last', 'definitions?only=failed', 'definitions?text=work-0123', `definitions/${first.key}`, `definitions/${first.key}/missed`,
      'jobs', 'jobs?state=Failed', 'jobs?text=Work-00017', 'jobs?text=nothing*', `jobs?definition=${encodeURIComponent(first.key)}`, `jobs?state=Failed&since=${day}`, `jobs/${first.results.at(-1).id}`,
      'calendar', `calendar?definition=${encodeURIComponent(first.key)}`, `calendar/due?from=${day}&to=${new Date().toISOString()}`, `calendar/due?from=${new Date().toISOString()}&to=${new Date(Date.now() + 86_400_000).toISOString()}`, 'search?text=work-00', 'system',
    ];
    const measured = [];
    for (const path of questions) measured.push([path.replace(/\?.*/, (query) => query.slice(0, 24)), (await ask(path)).milliseconds, (await ask(path)).milliseconds]);
    const [slowest, figure] = measured.filter(([path]) => path !== 'system').toSorted(([, a], [, b]) => b - a)[0];
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))[1];
    const answers = { figure, unit: ' ms', atMost: 300, what: `the slowest first answer (${slowest}), ${DEFINITIONS} definitions, ${ROWS} rows`, details: `ready ${ready.toFixed(0)} ms, first answer ${early.toFixed(0)} ms, all definitions read ${(reading / 1_000).toFixed(1)} s, ${(rss / 1_024).toFixed(0)} MiB; ${measured.map(([path, once, again]) => `${path} ${once.toFixed(0)}/${again.toFixed(0)}`).join(', ')}`, measured };
    const screen = existsSync(CHROMIUM) ? [await firstScreen(loginUrl)] : [];
    return [answers, ...screen, await giantLog({ state, own, ask, pid: child.pid })];
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    // Their runs have no folders: nobody could remove them one by one.
    rmSync(state, { recursive: true, force: true });
  }
}

/** From the address that is printed to the words of the screen Now, in a browser that has never seen it. */
async function firstScreen(loginUrl) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  try {
    const page = await browser.newPage();
    const begin = performance.now();
    await page.goto(loginUrl, { waitUntil: 'commit' });
    await page.waitForSelector('main:not(:has(.wait)) h2');
    return { figure: performance.now() - begin, unit: ' ms', atMost: 1_000, what: `the first screen in a browser, ${DEFINITIONS} definitions, ${ROWS} rows`, details: 'from the printed address to the words of Now, nothing kept from before' };
  } finally {
    await browser.close();
  }
}

/** A job whose output is made to be a GiB of lines; nobody waits for it to be printed. */
async function giantLog({ state, own, ask, pid }) {
  const id = execFileSync(process.execPath, [bin('start-job'), '-o', 'id', '--', 'true'], { ...own, encoding: 'utf8' }).trim();
  execFileSync(process.execPath, [bin('wait-job'), id], own);
  const { body } = await ask(`jobs/${id}`);
  const [output] = globSync(`session/*/${body.job.instanceId}/1/stdout`, { cwd: state });
  fill(join(state, output));
  const read = async (query) => {
    const before = bytesRead(pid);
    const { body: piece, bytes, milliseconds } = await ask(`jobs/${id}/log?bytes=32768${query}`);
    return { piece, bytes, milliseconds, read: bytesRead(pid) - before };
  };
  const end = await read('');
  if (end.piece.size < GIB || !end.piece.lines.at(-1).text.endsWith('the end')) throw new Error('this is not the end of the log');
  // As somebody scrolls: to places far apart, and from there on.
  const scrolled = [];
  for (let n = 0, at = 0; n < 50; n += 1) {
    const step = await read(`&from=${n % 5 === 0 ? Math.floor((GIB / 50) * ((n * 37) % 50)) : at}`);
    at = step.piece.to;
    scrolled.push(step);
  }
  const slowest = scrolled.toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
  const kib = (bytes) => `${(bytes / 1_024).toFixed(0)} KiB`;
  return { figure: end.milliseconds, unit: ' ms', atMost: 100, what: 'the end of a log of 1 GiB', details: `${kib(end.read)} read, ${kib(end.bytes)} answered; 50 pieces from anywhere, the slowest ${slowest.milliseconds.toFixed(1)} ms, ${kib(Math.max(...scrolled.map(({ read: bytes }) => bytes)))} read at most` };
}

/** What a process has read so far, from files and from others. */
function bytesRead(pid) {
  return Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))[1]);
}

function fill(path) {
  const line = (n) => `line ${String(n).padStart(9, '0')} ${'of a log that is read by nobody from its beginning'.padEnd(48)}\n`;
  const lines = Buffer.from(Array.from({ length: 16_384 }, (_, n) => line(n)).join(''));
  const file = openSync(path, 'w');
  while (statSync(path).size < GIB) writeSync(file, lines);
  writeSync(file, 'the end\n');
  closeSync(file);
}
