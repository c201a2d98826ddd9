// How many jobs that do nothing a program gets done in a second: ours, each with a row that outlives the process, against
// tinypool, which keeps nothing. As many workers, the same module, the same number at once; every end is waited for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Tinypool } from 'tinypool';
import { describePairs, measurePairs } from './pairs.mjs';

const JOBS = 2_000;
/** What a pool of ours allows until somebody says otherwise. */
const WORKERS = 5;

export async function bench({ env, folder }) {
  const file = join(folder, 'nothing.mjs');
  writeFileSync(file, 'export default async function nothing() {}\n');
  const { openNightshift } = await import('../packages/cli/dist/index.js');
  const nightshift = openNightshift({ environment: env, workingDirectory: folder });
  const tinypool = new Tinypool({ filename: pathToFileURL(file).href, minThreads: WORKERS, maxThreads: WORKERS });
  const perSecond = async (run) => {
    const begin = process.hrtime.bigint();
    await Promise.all(Array.from({ length: JOBS }, run));
    return JOBS / (Number(process.hrtime.bigint() - begin) / 1e9);
  };
  const ours = () => perSecond(async () => (await nightshift.startThreadJob({ filePath: file })).finished);
  const theirs = () => perSecond(() => tinypool.run({}));
  try {
    const measured = await measurePairs(ours, theirs, { pairs: 10, warmUp: 3 });
    return { figure: measured.ratio, atLeast: 1, what: 'thread jobs a second, each recorded : tinypool, which records nothing', details: `${describePairs(measured, 'jobs/s')}; ${JOBS} at once, the same module that does nothing, ${WORKERS} threads each, both warm`, measured };
  } finally {
    await nightshift[Symbol.asyncDispose]();
    await tinypool.destroy();
  }
}
