// The processes of a test, found by a mark in their environment, without asking the product.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** The variable that every process of one round inherits. */
export const MARK = 'CRASH_TEST_MARK';

export interface Marked {
  readonly pid: number;
  /** Name of the file it runs: node, dash, sleep … */
  readonly program: string;
  readonly commandLine: string;
}

/** The living processes that carry the mark; a zombie has no environment any more. */
export function marked(mark: string): Marked[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`${MARK}=${mark}`)) return [];
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      return [{ pid: Number(name), program: basename(readlinkSync(`/proc/${name}/exe`)), commandLine }];
    } catch {
      return []; // It ended, or belongs to somebody else.
    }
  });
}

/** SIGKILL; gone already is as good. A negative pid means the group. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}

/** Waits for a fact, never for a time. After the deadline it throws what was seen last. Who waits leaves most of the processor to what is waited for. */
export async function until<T>(what: string, look: () => T | undefined | false, seen: () => unknown = () => undefined, deadline = 40_000): Promise<T> {
  for (const end = Date.now() + deadline; ; ) {
    const asked = performance.now();
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${deadline} ms in vain until ${what}; seen last: ${JSON.stringify(seen())}`);
    await setTimeout(Math.min(200, Math.max(5, 3 * (performance.now() - asked))));
  }
}

/** No process of the round is left: whatever could still write has written. */
export async function quiet(mark: string): Promise<void> {
  await until('all processes of the round are gone', () => marked(mark).length === 0, () => marked(mark));
}
