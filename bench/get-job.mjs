// How long a listing of 100 finished jobs takes, against an empty Node process.
import { describePairs, measurePairs } from './pairs.mjs';

const JOBS = 100;

export async function bench({ run, verb }) {
  for (let n = 0; n < JOBS; n += 4) await Promise.all([1, 2, 3, 4].map(() => verb('start-job', '--', 'true')));
  await verb('wait-job', '--name', '*');
  const list = async () => {
    const { milliseconds, stdout } = await verb('get-job');
    const lines = stdout.trim().split('\n').length - 1;
    if (lines !== JOBS) throw new Error(`get-job listed ${lines} jobs instead of ${JOBS}`);
    return milliseconds;
  };
  const empty = async () => (await run([process.execPath, '-e', '0'])).milliseconds;
  const measured = await measurePairs(list, empty, { pairs: 40 });
  return { figure: measured.ratio, atMost: 1.45, what: `get-job with ${JOBS} finished jobs : node -e 0`, details: describePairs(measured, 'ms'), measured };
}
