import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clock that goes on while Linux sleeps, and wakes it (rtc, sysfs-class-rtc). Only root may set it, and whom root lets. */
const ALARM = 'sys/class/rtc/rtc0/wakealarm';

/** Whether this machine can be woken by this user. `system` is the root of the file system. */
export function canWake(system: string): boolean {
  try {
    accessSync(join(system, ALARM), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Has the machine wake up. */
export interface WakeAlarm {
  /** Sets the alarm for an instant, or takes back the one that was set; to be said again now and then. */
  set(at: Date | undefined): void;
}

/**
 * The machine has one alarm, which others may use: an earlier one of somebody else stays, and then ours is set once it has
 * passed. A machine that cannot be woken is left alone: `nightshift validate` says so.
 */
export function createWakeAlarm(system: string, now: () => Date): WakeAlarm {
  const path = join(system, ALARM);
  let ours: number | undefined;
  return {
    set(at) {
      const wanted = at === undefined ? undefined : Math.floor(at.getTime() / 1_000);
      if ((wanted === undefined && ours === undefined) || (wanted !== undefined && wanted * 1_000 <= now().getTime()) || !canWake(system)) return;
      try {
        const there = alarmIn(readFileSync(path, 'utf8'));
        const isForeign = there !== undefined && there !== ours;
        if (there === wanted) ours = wanted;
        if (there === wanted || (isForeign && (wanted === undefined || there <= wanted))) return;
        // An alarm that is set has to be taken back before another one is taken.
        if (there !== undefined) writeFileSync(path, '0\n');
        if (wanted !== undefined) writeFileSync(path, `${wanted}\n`);
        ours = wanted;
      } catch {
        // The clock of the machine is busy, or gone: it is asked again at the next heartbeat.
      }
    },
  };
}

/** In seconds since 1970; none where the file is empty. */
function alarmIn(text: string): number | undefined {
  return /^\d+$/.test(text.trim()) && Number(text) > 0 ? Number(text) : undefined;
}
