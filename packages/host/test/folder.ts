import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isJobError, type JobErrorFacts } from '@nightshift/sdk';
import { onTestFinished } from 'vitest';
import { systemClock } from '../src/system-clock.ts';

/** A folder of this test. Whatever it has started is found by the folder in its environment, and ended with it. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'host-')));
  onTestFinished(() => {
    endProcessesOf(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  return folder;
}

/** Writes a file with exactly this mode, whatever the umask is; makes its folder. */
export function write(path: string, content: string, mode = 0o644): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** Asks until the answer is something; after the deadline it says what the last answer was. */
export async function until<T>(fact: string, ask: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const seen = ask();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`not within 15 s: ${fact}`);
    await systemClock.sleep(5);
  }
}

/** Undefined while there is no such file, or nothing in it. */
export function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** What `/proc/PID/stat` says, by its own positions: state is 3, session 6, start time 22. Undefined when there is no such process. */
export function statField(pid: number, position: number): string | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[position - 3];
}

/** A zombie has ended. */
export function runs(pid: number): boolean {
  const state = statField(pid, 3);
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** The complaint that `act` ends with, or the first of several; anything else is thrown on. */
export async function complaintOf(act: () => unknown): Promise<JobErrorFacts> {
  let cause: unknown;
  try {
    await act();
  } catch (thrown) {
    cause = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  }
  if (isJobError(cause)) return cause;
  throw cause ?? new Error('expected a complaint, and there was none');
}

function endProcessesOf(folder: string): void {
  for (let round = 0; round < 5; round++) {
    const left = readdirSync('/proc').map(Number).filter((pid) => pid > 0 && pid !== process.pid && runs(pid) && contentOf(`/proc/${pid}/environ`)?.includes(`${folder}/`) === true);
    if (left.length === 0) return;
    for (const pid of left) end(pid);
  }
}

export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was quicker.
  }
}

/** Whether another user can run our sources: only root can be another user, and a checkout may lie where only its owner can go. */
export function canRunUs(uid: number): boolean {
  return process.getuid?.() === 0 && spawnSync(process.execPath, ['-e', `require('node:fs').accessSync(${JSON.stringify(import.meta.filename)}, 4)`], { uid, gid: uid, cwd: '/' }).status === 0;
}
