// How long it takes to stop a job with a tree of fifty processes, against killing the same tree by hand.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describePairs, measurePairs } from './pairs.mjs';

const TREE = 'for i in 1 2 3 4 5 6 7; do (for j in 1 2 3 4 5 6; do sleep 600 & done; wait) & done; echo ready; wait';

export async function bench({ verb, env, folder }) {
  const stop = async () => {
    const { stdout } = await verb('start-job', '-o', 'id', TREE);
    const id = stdout.trim();
    for (let text = ''; !text.includes('ready'); ({ stdout: text } = await verb('receive-job', id, '--keep')));
    return (await verb('stop-job', id)).milliseconds;
  };
  const byHand = async () => {
    const child = spawn('/bin/sh', ['-c', TREE], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    const begin = process.hrtime.bigint();
    process.kill(-child.pid, 'SIGTERM');
    await once(child, 'exit');
    return Number(process.hrtime.bigint() - begin) / 1e6;
  };
  const measured = await measurePairs(stop, byHand, { pairs: 10, warmUp: 1 });
  return { figure: measured.a, atMost: 250, what: 'ms to stop a job of 50 processes', details: describePairs(measured, 'ms'), measured };
}
