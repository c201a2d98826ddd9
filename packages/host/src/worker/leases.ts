/**
 * The leases of a worker, written down: one file each in its folder, made in one step. Whoever comes back after a kill goes on
 * with the runs that they name, as long as the engine says that they still are this worker's.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lease } from '@nightshift/sdk';

/** What is kept of a lease: its rows are the engine's to tell. */
export interface KeptLease extends Pick<Lease, 'host' | 'fence' | 'token'> {
  /** Of the run. */
  readonly instanceId: string;
  readonly attempt: number;
  /** The boot of the machine in which it was taken: what ran then is gone after another. */
  readonly boot: string;
}

export interface LeaseBook {
  /** Before anything of the run is begun. */
  keep(lease: Lease): void;
  /** The one of this fence: a later lease of the same run stays. */
  forget(instanceId: string, fence: number): void;
  all(): readonly KeptLease[];
}

export function openLeases(folder: string, boot: string): LeaseBook {
  const leases = join(folder, 'leases');
  mkdirSync(leases, { recursive: true, mode: 0o700 });
  const pathOf = (instanceId: string): string => join(leases, `${instanceId}.json`);
  return {
    keep({ instance: { instanceId, attempt }, host, fence, token }) {
      const kept: KeptLease = { instanceId, attempt, host, fence, token, boot };
      const beside = `${pathOf(instanceId)}.new`;
      // Not synced: a power cut ends the run as well.
      writeFileSync(beside, JSON.stringify(kept), { mode: 0o600 });
      renameSync(beside, pathOf(instanceId));
    },
    forget(instanceId, fence) {
      const path = pathOf(instanceId);
      if (existsSync(path) && readLease(path)[0]?.fence === fence) rmSync(path, { force: true });
    },
    all: () => readdirSync(leases).filter((name) => name.endsWith('.json')).flatMap((name) => readLease(join(leases, name))),
  };
}

/** A power cut may have emptied it; then nothing of the run is left either, and its lease runs out. */
function readLease(path: string): readonly KeptLease[] {
  try {
    return [JSON.parse(readFileSync(path, 'utf8')) as KeptLease];
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    rmSync(path, { force: true });
    return [];
  }
}
