/**
 * Suspending a command: every process of its session stands still, but the shim, which must see its end, and the watchdog,
 * whose time limit goes on counting (jobs.md 14.2).
 */
import type { Instance } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { attemptFolder, readWatchdog } from '@nightshift/store';
import { shimOf } from './end-tree.ts';
import { statOf } from './identity.ts';
import { sessionMembers, signal, signalGroup, type Found } from './processes.ts';

/** Rounds, and milliseconds between them, after which a session that goes on making processes is let be. */
const ROUNDS = 200;
const PAUSE_LENGTH = 1;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

export function hold(instance: Instance): void {
  const shim = shimOf(instance);
  if (shim === undefined) return;
  failpoint('suspend.wished');
  // The whole group in one step, so that nobody in it can start anything meanwhile.
  signalGroup(shim, 'SIGSTOP');
  failpoint('suspend.group');
  const watchdog = readWatchdog(attemptFolder(instance.runFolder as string, instance.attempt));
  const keepsBooks = ({ pid }: Found): boolean => pid === shim.pid || pid === watchdog || statOf(pid)?.parent === watchdog;
  for (const found of sessionMembers(shim.pid).filter(keepsBooks)) signal(found, 'SIGCONT');
  // A shell with job control gives its children groups of their own.
  for (let round = 0; round < ROUNDS; round++) {
    const moving = sessionMembers(shim.pid).filter((found) => !keepsBooks(found) && statOf(found.pid)?.state !== 'T');
    if (moving.length === 0) break;
    for (const found of moving) signal(found, 'SIGSTOP');
    // A process stands still when it gets to know of the signal, not when the signal is sent.
    Atomics.wait(PAUSE, 0, 0, PAUSE_LENGTH);
  }
  failpoint('suspend.held');
}

export function letGo(instance: Instance): void {
  const shim = shimOf(instance);
  if (shim === undefined) return;
  signalGroup(shim, 'SIGCONT');
  for (const found of sessionMembers(shim.pid)) signal(found, 'SIGCONT');
  failpoint('resume.signalled');
}
