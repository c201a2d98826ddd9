// How many jobs a second a program starts through the library, against the same program spawning the same shim by hand.
import { mkdirSync, openSync, closeSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describePairs, measurePairs } from './pairs.mjs';

const STARTS = 50;
const SHIM = fileURLToPath(new URL('../packages/cli/dist/shim.sh', import.meta.url));

export async function bench({ env, folder }) {
  const { openNightshift } = await import('../packages/cli/dist/index.js');
  const nightshift = openNightshift({ environment: env, workingDirectory: folder });
  const perSecond = async (start) => {
    const begin = process.hrtime.bigint();
    for (let n = 0; n < STARTS; n += 1) await start(n);
    return STARTS / (Number(process.hrtime.bigint() - begin) / 1e9);
  };
  let round = 0;
  const byHand = () => perSecond((n) => spawnShim(join(folder, `${round++}-${n}`), env));
  const ours = () => perSecond(() => nightshift.startJob(['true']));
  const measured = await measurePairs(ours, byHand, { pairs: 8, warmUp: 2 });
  await nightshift.waitJob('*');
  await nightshift[Symbol.asyncDispose]();
  return { figure: measured.ratio, atLeast: 0.9, what: 'starts a second by the library : the same shim by hand', details: describePairs(measured, 'starts/s'), measured };
}

/** Files, process, and a wait until it has begun: what no start can do without. */
async function spawnShim(attempt, env) {
  mkdirSync(attempt);
  const files = ['stdout', 'note', 'stderr'].map((name) => openSync(join(attempt, name), 'a', 0o600));
  const child = spawn('/bin/sh', [SHIM, attempt, '022', '-', '-', 'true'], { detached: true, stdio: ['ignore', ...files], env: { ...env, NIGHTSHIFT_INSTANCE_ID: attempt } });
  await once(child, 'spawn');
  while (statSync(join(attempt, 'claim'), { throwIfNoEntry: false }) === undefined) await new Promise((resolve) => setImmediate(resolve));
  for (const file of files) closeSync(file);
  child.unref();
}
