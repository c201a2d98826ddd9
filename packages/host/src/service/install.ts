import { JobError, type Clock } from '@nightshift/sdk';
import type { SchedulerStatus } from '../scheduler/status.ts';
import type { Installed } from './service-answers.ts';
import type { ServiceFacts } from './service-facts.ts';
import { ownText, putText, type FileChange } from './service-file.ts';
import type { ServiceManager } from './service-manager.ts';

export interface InstallParts {
  readonly facts: ServiceFacts;
  readonly manager: ServiceManager;
  readonly umask: number;
  readonly clock: Clock;
  /** Of the scheduler of these definitions, whoever runs it. */
  status(): Promise<SchedulerStatus>;
}

/** Writes the file of the service, and has the system run it where there is one to be asked. Nothing of it stays when that fails. */
export async function install(parts: InstallParts): Promise<Installed> {
  const { facts, manager, umask } = parts;
  const text = manager.textOf(facts);
  const before = ownText(manager.file);
  const fault = await manager.faultOf(text);
  if (fault !== undefined) throw new JobError({ code: 'ServiceManagerFailed', message: `${manager.unit} is refused by the system: ${fault}` });
  const isThere = manager.isThere();
  if (isThere) await refuseOther(parts);
  const change = before === text ? undefined : await putText(manager.file, text, umask);
  if (isThere) await start(parts, change, before !== undefined);
  return {
    name: facts.name,
    unit: manager.unit,
    file: manager.file,
    change: before === undefined ? 'written' : change === undefined ? 'unchanged' : 'replaced',
    running: isThere,
    commands: [...(isThere ? [] : manager.toStart.map((command) => ({ purpose: 'to start it', command }))), ...manager.advice()],
    log: manager.log,
  };
}

/** One that was started by hand would keep the service from its work. */
async function refuseOther({ manager, status }: InstallParts): Promise<void> {
  const { state, pid } = await status();
  if (state === 'stopped' || pid === manager.pid()) return;
  throw new JobError({ code: 'SchedulerAlreadyRunning', message: `process ${pid} schedules these definitions, and is not ${manager.unit}`, hint: `end it first: kill ${pid}` });
}

async function start(parts: InstallParts, change: FileChange | undefined, wasThere: boolean): Promise<void> {
  const { manager } = parts;
  try {
    // Also where the file was missing: a service may run on without its file.
    manager.start(change !== undefined);
    await waitUntilReady(parts);
  } catch (cause) {
    if (change !== undefined) await takeBack(manager, change, wasThere);
    throw cause;
  }
}

/** As it was before. What goes wrong with that is less than what has gone wrong already. */
async function takeBack(manager: ServiceManager, change: FileChange, wasThere: boolean): Promise<void> {
  if (!wasThere) attempt(() => manager.stop());
  await change.undo();
  if (wasThere) attempt(() => manager.start(true));
  else await manager.forget();
}

function attempt(act: () => void): void {
  try {
    act();
  } catch (cause) {
    if (!(cause instanceof JobError)) throw cause;
  }
}

/** How long a scheduler may take to be ready, how soon its process is there, and how often it is looked at, in milliseconds. */
const LONGEST_START = 30_000;
const PROCESS_START = 3_000;
const PAUSE = 100;

async function waitUntilReady({ manager, clock, status }: InstallParts): Promise<void> {
  for (const begun = clock.monotonic(); ; ) {
    const { state } = await status();
    if (state === 'ready') return;
    const waited = clock.monotonic() - begun;
    const fault = waited > LONGEST_START ? 'its scheduler is not ready after 30 s' : waited > PROCESS_START && manager.pid() === undefined ? 'its scheduler ended at once' : undefined;
    if (fault !== undefined) throw new JobError({ code: 'ServiceManagerFailed', message: `${manager.unit} was started, and ${fault}: nothing is changed`, hint: manager.log });
    await clock.sleep(PAUSE);
  }
}
