// How fast a command can write through us, against the same command redirected into a file: lines of 100 bytes.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describePairs, measurePairs } from './pairs.mjs';

const MIB = 256;
const LINE = 'x'.repeat(99);
/** It takes its own time, so that neither our start nor a shell's counts. */
const SCRIPT = `from=$(date +%s%N)
yes ${LINE} | head -c ${MIB * 1_048_576}
to=$(date +%s%N)
echo $((to - from)) >"$1.part"
mv "$1.part" "$1"`;

export async function bench({ folder, run, verb }) {
  const [script, time, redirected] = ['writer.sh', 'time', 'redirected'].map((name) => join(folder, name));
  writeFileSync(script, SCRIPT);
  /** In MB/s, once the command has ended. Nobody of ours looks on meanwhile: it would take its share of the processor. */
  const speed = async () => {
    for (const end = Date.now() + 60_000; !existsSync(time); await setTimeout(20)) if (Date.now() > end) throw new Error('the command did not end within a minute');
    const nanoseconds = Number(readFileSync(time, 'utf8'));
    rmSync(time);
    return (MIB * 1.048576e9) / nanoseconds;
  };
  const ours = async () => {
    const { stdout } = await verb('start-job', '-o', 'json', '--', 'sh', script, time);
    const id = String(JSON.parse(stdout).id);
    const measured = await speed();
    await verb('wait-job', id);
    await verb('remove-job', id);
    return measured;
  };
  const plain = async () => {
    await run(['sh', '-c', 'sh "$1" "$2" >"$3"', 'sh', script, time, redirected]);
    if (statSync(redirected).size !== MIB * 1_048_576) throw new Error('the redirected output is not whole');
    rmSync(redirected);
    return speed();
  };
  const measured = await measurePairs(ours, plain, { pairs: 9, warmUp: 1 });
  return { figure: measured.ratio, atLeast: 0.95, what: `${MIB} MiB of a job : the same redirected into a file`, details: describePairs(measured, 'MB/s'), measured };
}
