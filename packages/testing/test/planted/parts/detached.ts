import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobContext, JobOutcome, JobRun, ReattachToken } from '@nightshift/sdk';
import { pause, stoppedBy, type WorkSpec } from './work.ts';

/** A program that outlives its host and leaves its exit code in its folder. */
const PROGRAM = `
const { writeFileSync } = require('node:fs');
const [folder, task] = process.argv.slice(1);
const end = (code) => { try { writeFileSync(folder + '/code', String(code)); } catch {} process.exit(code); };
if (task === 'wait') setTimeout(() => end(0), 120_000); else end(task === 'break' ? 3 : 0);
`;

/** A new folder for one program; its path is the token. */
export async function newFolder(): Promise<ReattachToken> {
  return (await mkdtemp(join(tmpdir(), 'planted-'))) as ReattachToken;
}

/** A run of the program of this folder: started when it has not been, else watched. */
export function detachedRun({ spec, clock, signal }: JobContext<WorkSpec>, folder: ReattachToken): JobRun<{ reattach: true }> {
  async function start(): Promise<JobOutcome> {
    if (signal.aborted) return stoppedBy(signal);
    if (!(await exists(join(folder, 'pid')))) await launch(folder, spec.task);
    while (!signal.aborted) {
      const code = await codeOf(folder);
      if (code === 0) return { state: 'Completed', exitCode: 0 };
      if (code !== undefined) return { state: 'Failed', error: new Error(`the program exited with code ${code}`), exitCode: code };
      await pause(clock, 50, signal);
    }
    return stoppedBy(signal);
  }
  return {
    token: folder,
    start,
    async [Symbol.asyncDispose]() {
      await end(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, task: string): Promise<void> {
  const program = spawn(process.execPath, ['-e', PROGRAM, folder, task], { detached: true, stdio: 'ignore' });
  program.unref();
  await writeFile(join(folder, 'pid'), String(program.pid));
}

async function codeOf(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'code'), 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text);
}

async function end(folder: string): Promise<void> {
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '0'));
  if (pid === 0 || (await codeOf(folder)) !== undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
