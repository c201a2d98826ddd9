// How fast the output of a job comes back, as text and as raw bytes, and in how much memory.
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from './sandbox.mjs';
import { describePairs, measurePairs } from './pairs.mjs';

const MEGABYTES = Number(process.env.RECEIVE_MB ?? 1024);
const LINES = `const lines = Buffer.from(('x'.repeat(79) + '\\n').repeat(13107)); for (let n = 0; n < ${MEGABYTES}; n++) require('fs').writeSync(1, lines);`;

export async function bench({ verb, env, folder }) {
  await verb('start-job', '--', process.execPath, '-e', LINES);
  await verb('wait-job', '1');
  const [file] = globSync(join(env.NIGHTSHIFT_STATE_DIR, 'session', '*', '*', '1', 'stdout'));
  const timed = (words) => {
    const script = `exec 3>&1; ${words} | cat >/dev/null`;
    const begin = process.hrtime.bigint();
    execFileSync('/bin/sh', ['-c', script], { cwd: folder, env });
    return Number(process.hrtime.bigint() - begin) / 1e6;
  };
  const receive = (...flags) => `'${process.execPath}' '${bin('receive-job')}' 1 --from start ${flags.join(' ')}`;
  const text = [1, 2, 3].map(() => timed(receive()));
  const perSecond = MEGABYTES / (Math.min(...text) / 1_000);
  const raw = await measurePairs(async () => timed(`cat '${file}'`), async () => timed(receive('--raw')), { pairs: 3, warmUp: 1 });
  const memory = peakOf([process.execPath, bin('receive-job'), '1', '--from', 'start'], env);
  return {
    figure: perSecond, atLeast: 150, what: `MB/s of receive-job as text (${MEGABYTES} MB)`,
    details: `--raw runs at ${raw.ratio.toFixed(2)} of cat (wanted: 0.5; ${describePairs(raw, 'ms')}); memory ${memory.toFixed(0)} MB (wanted: under 100)`,
    raw: raw.ratio, memory,
  };
}

/** Resident memory at its highest, in MB. */
function peakOf(argv, env) {
  const { stderr } = spawnSync('/bin/sh', ['-c', `"$@" >/dev/null & pid=$!; peak=0; while [ -r /proc/$pid/status ] && now=$(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/$pid/status) && [ -n "$now" ]; do peak=$now; sleep 0.02; done; echo $peak >&2; wait`, 'sh', ...argv], { env, encoding: 'utf8' });
  return Number(stderr.trim()) / 1024;
}
