/**
 * Keeps the limit of loading and of preparing where a plugin keeps its process so busy that no timer of ours fires any more: a
 * thread beside it writes down the end and ends the process. Without it such a job would be NotStarted for ever.
 */
import { Worker } from 'node:worker_threads';

const THREAD = `
  const { flag, limit, path, ends } = require('node:worker_threads').workerData;
  const { renameSync, writeFileSync } = require('node:fs');
  for (let phase = 0; phase < ends.length; phase++) {
    if (Atomics.wait(flag, 0, phase, limit) !== 'timed-out') continue;
    writeFileSync(path + '.busy', ends[phase], { mode: 0o600 });
    renameSync(path + '.busy', path);
    process.kill(process.pid, 'SIGKILL');
  }
`;

export interface BusyWatch {
  /** A phase has come to its end; the next one has its own time. */
  next(): void;
}

/** `ends`: what is written to `path`, one text for each phase. Each phase may take so many milliseconds. */
export function watchBusy(path: string, ends: readonly string[], limit: number): BusyWatch {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(THREAD, { eval: true, execArgv: [], workerData: { flag, limit, path, ends } });
  thread.unref();
  // Without it the limits are kept by timers alone.
  thread.on('error', () => {});
  return {
    next() {
      Atomics.add(flag, 0, 1);
      Atomics.notify(flag, 0);
    },
  };
}
