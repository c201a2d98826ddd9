// How long a start takes, against an empty Node process.
import { describePairs, measurePairs } from './pairs.mjs';

export async function bench({ run, verb }) {
  const start = async () => {
    const { milliseconds, stdout } = await verb('start-job', '--', 'true');
    // Its command must not run beside what is measured next.
    await verb('wait-job', /^\d+/m.exec(stdout)[0]);
    return milliseconds;
  };
  const empty = async () => (await run([process.execPath, '-e', '0'])).milliseconds;
  const measured = await measurePairs(start, empty, { pairs: 40 });
  return { figure: measured.ratio, atMost: 1.45, what: 'start-job -- true : node -e 0', details: describePairs(measured, 'ms'), measured };
}
