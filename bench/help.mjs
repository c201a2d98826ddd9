// How long the help of the slowest verb takes, against an empty Node process.
import { readdirSync } from 'node:fs';
import { measurePairs } from './pairs.mjs';

export async function bench({ run, verb }) {
  const verbs = readdirSync(new URL('../packages/cli/bin', import.meta.url)).map((name) => name.replace(/\.cjs$/, '')).filter((name) => name !== 'launch');
  const empty = async () => (await run([process.execPath, '-e', '0'])).milliseconds;
  const measured = [];
  for (const name of verbs) measured.push([name, await measurePairs(async () => (await verb(name, '--help')).milliseconds, empty, { pairs: 15, warmUp: 2 })]);
  const [slowest, { ratio }] = measured.toSorted(([, a], [, b]) => b.ratio - a.ratio)[0];
  return { figure: ratio, atMost: 2, what: `${slowest} --help, the slowest of ${verbs.length} : node -e 0`, details: measured.map(([name, one]) => `${name} ${one.ratio.toFixed(2)}`).join(', ') };
}
