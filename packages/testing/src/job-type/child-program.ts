import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine, JobOutcome, JobState } from '@nightshift/sdk';
import { runProgram } from '../memory/run-program.ts';
import { leftIn, WatcherFolders } from '../memory/watcher-folders.ts';
import { pause } from '../real-time.ts';
import { isSuccess } from './commands.ts';

/** What a child has begun: how it ends, and how it is asked to. */
export interface Begun {
  readonly finished: Promise<JobOutcome>;
  stop(): void;
}

type Ended = Awaited<ReturnType<typeof runProgram>['ended']>;

/** A child's program as a real process; of a watcher, what it writes down counts. It is not taken up again here. */
export function beginProgram(describe: () => Promise<CommandLine>, environment: Readonly<Record<string, string>>, tell: (state: JobState) => void): Begun {
  const folders = new WatcherFolders();
  const stopped = Promise.withResolvers<void>();
  let isStopped = false;
  let kill = (): void => {};
  const run = async (): Promise<JobOutcome> => {
    const command = await describe();
    const place = folders.make({ instanceId: randomUUID(), attempt: 1 });
    const program = runProgram({ workingDirectory: process.cwd(), ...command }, { ...process.env, ...environment, ...place.environment }, () => {});
    kill = () => (command.reattach === undefined ? program.kill('SIGTERM') : void askWatcher(program, place.attempt));
    if (isStopped) kill();
    const end = await program.ended;
    if (command.reattach === undefined) return isStopped ? { state: 'Stopped', reason: 'parent' } : outcomeOf(command, end);
    const outcome = watchedOutcome(place.attempt, isStopped);
    if (outcome !== undefined) return outcome;
    tell('Disconnected');
    await stopped.promise;
    return { state: 'Failed', reason: 'stopped', error: new Error('the work that it watched may go on') };
  };
  return {
    finished: run().catch((thrown: unknown): JobOutcome => ({ state: 'Failed', error: thrown as Error })).finally(() => folders.close()),
    stop() {
      isStopped = true;
      stopped.resolve();
      kill();
    },
  };
}

/** Milliseconds for a watcher to say which process it is: it alone is signalled then. */
const INTRODUCTION = 5_000;
const LOOK = 10;

async function askWatcher({ process: child, kill }: ReturnType<typeof runProgram>, attempt: string): Promise<void> {
  const introduction = join(attempt, 'host');
  writeFileSync(join(attempt, 'stop'), 'parent\n');
  for (let waited = 0; waited < INTRODUCTION && !existsSync(introduction) && child.exitCode === null; waited += LOOK) await pause(LOOK);
  if (existsSync(introduction)) child.kill('SIGTERM');
  else kill('SIGTERM');
}

function outcomeOf(command: CommandLine, { exitCode, signal, unstarted }: Ended): JobOutcome {
  if (isSuccess(command, exitCode)) return { state: 'Completed', exitCode: exitCode as number };
  const error = new Error(unstarted ?? (signal === undefined ? `the command exited with code ${exitCode}` : `the command was ended by signal ${signal}`));
  return { state: 'Failed', error, ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
}

/** Undefined: the watcher has not said how the work ended. */
function watchedOutcome(attempt: string, isStopped: boolean): JobOutcome | undefined {
  const { outcome } = leftIn(attempt);
  if (outcome === undefined) return undefined;
  const { state, reason, statusMessage, exitCode, signal } = outcome;
  if (isStopped || state === 'Stopped') return { state: 'Stopped', reason: 'parent' };
  const code = exitCode === undefined ? {} : { exitCode };
  if (state === 'Completed') return { state, ...code };
  return { state, error: new Error(statusMessage ?? 'it failed'), ...code, ...(signal === undefined ? {} : { signal }), ...(reason === undefined ? {} : { reason }) };
}
