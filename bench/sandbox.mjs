// A user of the product with nothing but a temporary folder, who leaves nothing behind: no job, no file, also on Ctrl-C.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const bin = (verb) => fileURLToPath(new URL(`../packages/cli/bin/${verb}.cjs`, import.meta.url));

export function openSandbox() {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const env = { ...environment, NIGHTSHIFT_STATE_DIR: join(folder, 'state'), NIGHTSHIFT_RUNTIME_DIR: '' };
  const running = new Set();
  let interrupted = false;
  let closing;

  /** Runs a program to its end, and says how long that took; what it prints is kept. Throws unless it succeeds. */
  const run = async (argv) => {
    if (interrupted) throw new Error('interrupted');
    const ending = runToEnd(argv);
    running.add(ending);
    try {
      return await ending;
    } finally {
      running.delete(ending);
    }
  };
  const runToEnd = async (argv, options = {}) => {
    const begin = process.hrtime.bigint();
    const child = spawn(argv[0], argv.slice(1), { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'], ...options });
    const output = [];
    child.stdout.on('data', (bytes) => output.push(bytes));
    const status = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(signal ?? code));
    });
    const milliseconds = Number(process.hrtime.bigint() - begin) / 1e6;
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
    return { milliseconds, stdout: Buffer.concat(output).toString() };
  };
  const verb = async (name, ...words) => run([process.execPath, bin(name), ...words]);

  const tidyUp = async () => {
    // A start that is under way would come after the cleaning.
    await Promise.allSettled(running);
    // Detached: a second Ctrl-C must not end the one who cleans up.
    await runToEnd([process.execPath, bin('remove-job'), '--force', '--name', '*'], { detached: true }).catch((cause) => console.error(`bench: ${cause.message}`));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    for (const [name, act] of signals) process.off(name, act);
  };
  const close = () => (closing ??= tidyUp());
  const signals = [['SIGINT', 130], ['SIGTERM', 143]].map(([name, status]) => [name, async () => {
    interrupted = true;
    await close();
    process.exit(status);
  }]);
  for (const [name, act] of signals) process.on(name, act);

  return { folder, env, run, verb, close, isInterrupted: () => interrupted };
}
