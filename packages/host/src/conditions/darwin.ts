import { answerWithin } from '../launch/spawn-detached.ts';
import { hasNetwork } from './network.ts';
import type { Senses } from './senses.ts';

/**
 * What macOS says of itself: `pmset` about its power, `ioreg` about the last input at keyboard, mouse and screen (a session
 * over the network is none). Not tested on a machine of that kind: its answers are read from recordings.
 */
export function darwinSenses(): Senses {
  return {
    network: hasNetwork,
    onBattery: async (deadline) => batteryIn(await answerWithin(['/usr/bin/pmset', '-g', 'batt'], deadline)),
    idleFor: async (deadline) => idleIn(await answerWithin(['/usr/sbin/ioreg', '-c', 'IOHIDSystem', '-d', '4'], deadline)),
  };
}

/** `Now drawing from 'AC Power'`, the first line of `pmset -g batt`; a machine without a battery draws from AC. */
export function batteryIn(text = ''): boolean | undefined {
  const source = /Now drawing from '([^']+)'/.exec(text)?.[1];
  return source === undefined ? undefined : source === 'Battery Power';
}

/** Nanoseconds, of the first device that says it: they all say the same. */
export function idleIn(text = ''): number | undefined {
  const nanoseconds = /"HIDIdleTime"\s*=\s*(\d+)/.exec(text)?.[1];
  return nanoseconds === undefined ? undefined : Math.floor(Number(nanoseconds) / 1_000_000);
}
