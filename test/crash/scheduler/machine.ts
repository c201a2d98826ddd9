// The machine as a test says it, for the build with failpoints (NIGHTSHIFT_MACHINE).

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newWorld, type World } from './world.ts';
import { newFolder } from '../product.ts';

/** What the machine says of itself; what is not there cannot be seen. */
export interface Facts {
  readonly network?: boolean;
  readonly onBattery?: boolean;
  /** Milliseconds. */
  readonly idleFor?: number;
  /** It never answers. */
  readonly hangs?: true;
}

export const IN_USE: Facts = { network: true, onBattery: false, idleFor: 0 };
export const ON_BATTERY: Facts = { ...IN_USE, onBattery: true };
/** Nobody has used it for ten minutes. */
export const IDLE: Facts = { ...IN_USE, idleFor: 600_000 };

export type MachineWorld = World & { readonly machine: (facts: Facts) => void };

/** A world whose machine says what the test wants it to say. */
export function newMachineWorld(wall: number, facts: Facts): MachineWorld {
  const path = join(newFolder(), 'machine');
  const machine = (now: Facts): void => {
    writeFileSync(`${path}.new`, JSON.stringify(now));
    renameSync(`${path}.new`, path);
  };
  machine(facts);
  return Object.assign(newWorld(wall, { environment: { NIGHTSHIFT_MACHINE: path } }), { machine });
}
