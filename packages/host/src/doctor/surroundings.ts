import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, JobError } from '@nightshift/sdk';
import type { Wiring } from '../container.ts';
import type { OpenedEngine } from '../engine/open-engine.ts';
import type { HostStores } from '../stores.ts';

/** What a doctor looks at, and where from. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly stores: HostStores;
  readonly clock: Clock;
  /** Of the person who called; jobs get it. */
  readonly umask: number;
  /** Absolute path of shim.sh. */
  readonly shim: string;
  /** Where the files of the system begin: `/`. */
  readonly system: string;
  /** That of the configuration; undefined: it names none. Throws what is wrong with one that it names. */
  engine(): Promise<OpenedEngine | undefined>;
  /** The configuration and what hangs on it, mistakes included; throws where not even a file can be read. */
  configuration(): Promise<{ readonly wiring: Wiring; readonly warnings: readonly JobError[] }>;
}

/** A file of the system; undefined where it is missing or not for us to read. */
export function systemText({ system }: Pick<Surroundings, 'system'>, path: string): string | undefined {
  try {
    return readFileSync(join(system, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Names in a folder of the system; none where there is no such folder. */
export function systemNames({ system }: Surroundings, path: string): readonly string[] {
  try {
    return readdirSync(join(system, path)).toSorted();
  } catch {
    return [];
  }
}
