// How long the first answer to each question takes, of 10,000 definitions, a million rows of jobs and a million due times
// (DASHBOARD_DEFINITIONS and DASHBOARD_ROWS for other numbers).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { seed } from './dashboard-seed.mjs';
import { bin } from './sandbox.mjs';

const DEFINITIONS = Number(process.env.DASHBOARD_DEFINITIONS ?? 10_000);
const ROWS = Number(process.env.DASHBOARD_ROWS ?? 1_000_000);

export async function bench({ folder, env }) {
  const { project, state } = seed(folder, DEFINITIONS, ROWS);
  const child = spawn(process.execPath, [bin('nightshift'), 'dashboard', '--port', '0', '-o', 'json'], { cwd: project, env: { ...env, NIGHTSHIFT_STATE_DIR: state }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const began = performance.now();
    const [line] = await once(createInterface(child.stdout), 'line');
    const { url, tokenFile } = JSON.parse(line);
    const ready = performance.now() - began;
    const ask = async (path) => {
      const begin = performance.now();
      const response = await fetch(`${url}api/${path}`, { headers: { Authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` } });
      const body = await response.json();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
      return { body, milliseconds: performance.now() - begin };
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
    return { figure, unit: ' ms', atMost: 300, what: `the slowest first answer (${slowest}), ${DEFINITIONS} definitions, ${ROWS} rows`, details: `ready ${ready.toFixed(0)} ms, first answer ${early.toFixed(0)} ms, all definitions read ${(reading / 1_000).toFixed(1)} s, ${(rss / 1_024).toFixed(0)} MiB; ${measured.map(([path, once, again]) => `${path} ${once.toFixed(0)}/${again.toFixed(0)}`).join(', ')}`, measured };
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    // Their runs have no folders: nobody could remove them one by one.
    rmSync(state, { recursive: true, force: true });
  }
}
