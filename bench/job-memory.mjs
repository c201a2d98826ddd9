// What a running job costs us: the memory of every process of its session but the command, shared pages divided (PSS).
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const JOBS = 100;

export async function bench({ env, verb }) {
  for (let n = 0; n < JOBS; n += 4) await Promise.all([1, 2, 3, 4].map(() => verb('start-job', '--', 'sleep', '600')));
  const shims = claims(env.NIGHTSHIFT_STATE_DIR);
  const members = processes().filter(({ session }) => shims.has(session));
  const commands = members.filter(({ name }) => name === 'sleep');
  if (shims.size !== JOBS || commands.length !== JOBS) throw new Error(`${commands.length} commands of ${shims.size} jobs run instead of ${JOBS}`);
  const ours = members.filter(({ name }) => name !== 'sleep');
  const mebibytes = ours.reduce((sum, { pid }) => sum + pssOf(pid), 0) / 1024;
  return { figure: mebibytes / JOBS, unit: ' MiB', atMost: 0.2, what: `our memory per running job, ${JOBS} jobs`, details: `${ours.length} processes of ours, PSS ${mebibytes.toFixed(1)} MiB in all`, processes: ours.length };
}

/** The pids of the shims: each leads the session of its job. */
function claims(state) {
  return new Set(globSync('session/*/*/1/claim', { cwd: state }).map((path) => Number(readFileSync(join(state, path), 'latin1').split(' ')[0])));
}

function processes() {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return [];
      const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'));
      return [{ pid, name, session: Number(rest.split(' ')[3]) }];
    } catch {
      return []; // It ended.
    }
  });
}

/** In KiB. */
function pssOf(pid) {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))[1]);
}
