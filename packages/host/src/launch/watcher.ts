import type { Observation, WatcherSeen } from '@nightshift/core';
import type { Instance } from '@nightshift/sdk';
import { attemptFolder, hasReached, lastThatRan, readWatcher } from '@nightshift/store';

/** Looks by which the current attempt has run, whatever its claim says: a power cut may have emptied it. */
const HAS_RUN: readonly Observation['is'][] = ['running', 'ended', 'gone'];

/** What a watcher has written down, in the newest attempt that ran; undefined: none has run. */
export function watcherSeen({ runFolder = '', attempt }: Instance, seen: Observation): WatcherSeen | undefined {
  const hasRun = HAS_RUN.includes(seen.is) || (seen.is === 'unclaimed' && seen.beforeBoot === true);
  const last = hasRun ? attempt : lastThatRan(runFolder, attempt);
  if (last === undefined) return undefined;
  return { reached: last === attempt && hasReached(attemptFolder(runFolder, attempt)), ...readWatcher(attemptFolder(runFolder, last)) };
}
