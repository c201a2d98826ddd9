import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failpoint } from '@nightshift/sdk/failpoint';

/**
 * What is put by for bad times: room on the disk, for on a full one even a DELETE fails, and open files, for without a free
 * descriptor nobody can look at a run folder. Source: reliability specification, section 10.
 */
export interface Reserves {
  /** Puts by what is missing, where there is enough. */
  keep(): void;
  /** Gives up what helps against an error of this code; others change nothing. */
  giveUp(code: string): void;
  /** Gives back everything that is only held for this process. */
  close(): void;
}

const RESERVED_BYTES = 4 * 1_048_576;
const SPARE_DESCRIPTORS = 32;
/** Of a process that may open few files an eighth. */
const SPARE_SHARE = 8;

/** `hasRoom` says whether the disk can spare the room. */
export function createReserves(state: string, hasRoom: () => boolean): Reserves {
  const file = join(state, 'reserve');
  const spare: number[] = [];
  const closeAll = (): void => spare.splice(0).forEach(closeSync);
  return {
    keep() {
      if (sizeOf(file) !== RESERVED_BYTES && hasRoom()) unlessSystemRefuses(() => writeFileSync(file, Buffer.alloc(RESERVED_BYTES), { mode: 0o600 }));
      unlessSystemRefuses(() => {
        const wanted = Math.min(SPARE_DESCRIPTORS, openFilesAllowed() / SPARE_SHARE);
        while (spare.length < wanted) spare.push(openSync('/dev/null', 'r'));
      });
    },
    giveUp(code) {
      if (code === 'StoreFull') unlessSystemRefuses(() => rmSync(file, { force: true }));
      if (code === 'EMFILE' || code === 'InputOutputError' || code === 'StoreUnavailable') closeAll();
      failpoint('reserve.released');
    },
    close: closeAll,
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Of this process. Where the system does not say it, there are enough. */
function openFilesAllowed(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

/** A reserve that cannot be made is none: what it is for says so itself. */
function unlessSystemRefuses(act: () => void): void {
  try {
    act();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
  }
}
