import type { Clock } from '@nightshift/sdk';

/** Whether this worker has had the server for so long without a break that a lease which ran out has done so by its holder's fault. */
export interface Contact {
  /** After each renewal, or each that failed. */
  note(isDone: boolean): boolean;
}

/** `lease`: milliseconds. A process that stood still, or a machine that slept, has had nothing. */
export function createContact(clock: Clock, lease: number): Contact {
  let since: number | undefined;
  let last = { monotonic: clock.monotonic(), wall: clock.now().getTime() };
  return {
    note(isDone) {
      const now = { monotonic: clock.monotonic(), wall: clock.now().getTime() };
      const hasSlept = Math.max(now.monotonic - last.monotonic, now.wall - last.wall) > lease;
      last = now;
      if (!isDone) since = undefined;
      else if (hasSlept) since = now.monotonic;
      else since ??= now.monotonic;
      return since !== undefined && now.monotonic - since >= lease;
    },
  };
}
